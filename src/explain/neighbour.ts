/** A node, the interface that a packet leaves by and its next hop in; who gets it, or why nobody does, out (arp(7), RFC 4861). */

import type { Reason } from '../model/explanation.js'
import type { Link } from '../model/state.js'
import { familyOf, neighborMessage, neighborState } from '../netlink/messages.js'
import { kindOf } from '../resources/index.js'
import { unbelieved } from './believed.js'
import { type Flow, heldBy, lineOf, noted, placeOf, type Scene, setting } from './scene.js'
import { carries, nameOf, type Reached, reachedFrom } from './segment.js'

/** NUD_… of linux/neighbour.h: there is an address; it was asked for, and nobody has answered yet, or ever. */
const known = 0x02 | 0x04 | 0x08 | 0x10 | neighborState.permanent
const failed = 0x20
const unheard = 0x01 | failed

interface Entry {
  readonly state: number
  readonly mac?: string | undefined
}

interface Wanted {
  readonly hop: string
  readonly flow: Flow
}

export function nextOf(scene: Scene, out: Link, { hop, flow }: Wanted): Reached | Reason {
  const entry = entryOf(scene, out, hop)
  const reached = reachedFrom(scene.state, out)
  const fixed = entry?.mac !== undefined && (entry.state & known) !== 0
  const owner = reached.find(({ link }) => owns(scene, link, hop))
  if (!fixed) {
    const silent = entry !== undefined && (entry.state & unheard) !== 0
    if (owner) return silent ? unanswered(scene, out, { hop, flow, owner, over: (entry.state & failed) !== 0 }) : owner
    return nobody(scene, out, hop)
  }
  const there = reached.find(({ link }) => link.mac === entry.mac && addressed(scene, link))
  // What was learnt may be older than what is known by now; what somebody wrote down stays.
  if (there) return there
  return (entry.state & neighborState.permanent) === 0 && owner
    ? owner
    : wrong(scene, out, { hop, mac: entry.mac!, owner })
}

/** What the node believes of its neighbour. */
function entryOf({ space }: Scene, out: Link, hop: string): Entry | undefined {
  for (const { bytes, start, end } of space.dump(out.node, kindOf('neighbor').request!())) {
    const { index, family = 0, state = 0, attributes } = neighborMessage.read(bytes, start, end)
    if (index === out.index && familyOf.has(family) && attributes.dst === hop) return { state, mac: attributes.lladdr }
  }
  return undefined
}

/** In IPv4, a node answers for all its addresses at each of its interfaces; in IPv6, for those of the one. */
function owns(scene: Scene, link: Link, hop: string): boolean {
  return heldBy(scene.state, link.node, 'address').some(
    address => address.address === hop && (address.family === 4 || address.dev === link.name) && !address.detection,
  )
}

/** Not a bridge’s port, nor a bridge that only switches. */
function addressed(scene: Scene, link: Link): boolean {
  return link.master === undefined && heldBy(scene.state, link.node, 'address').some(({ dev }) => dev === link.name)
}

/** Who would have it, if something on the way were not as it is; or that there is no one. */
function nobody(scene: Scene, out: Link, hop: string): Reason {
  const would = reachedFrom(scene.state, out, true).find(({ link }) => owns(scene, link, hop))
  const broken = would?.through.find(link => !carries(link))
  if (would && broken) {
    const at = placeOf(scene, broken)
    const words = `${nameOf(broken)} ${broken.up ? 'has no carrier' : 'is down'}, on the way to ${hop} at ${would.link.node}`
    return {
      node: out.node,
      why: broken.up ? 'no-carrier' : 'link-down',
      text: noted(words, lineOf(scene, at)),
      ...(at && { at }),
    }
  }
  const clash = reachedFrom(scene.state, out).find(({ link }) => undecided(scene, link, hop))
  if (clash) {
    const text = `${nameOf(clash.link)} may not use ${hop}: its duplicate detection failed, or goes on`
    return { node: out.node, why: 'duplicate-address', text }
  }
  if (out.kind === 'tun' || out.kind === 'tap')
    return { node: out.node, why: 'outside', text: `a program behind ${out.name} has the packet` }
  return { node: out.node, why: 'no-neighbour', text: `nobody at ${out.name} has ${hop}` }
}

function undecided(scene: Scene, link: Link, hop: string): boolean {
  return heldBy(scene.state, link.node, 'address').some(
    address => address.address === hop && address.dev === link.name && address.detection !== undefined,
  )
}

interface Silence extends Wanted {
  readonly owner: Reached
  /** The kernel asks no more. */
  readonly over: boolean
}

/** It has the address and does not answer: what asks comes with the source of the packet, and may not be believed. */
function unanswered(scene: Scene, out: Link, { hop, flow, owner, over }: Silence): Reason {
  const { node } = owner.link
  const unheard = flow.family === 4 ? unbelieved(scene, owner.link, flow) : undefined
  if (unheard) return unheard
  const ignoring = ignored(scene, owner.link)
  const at = ignoring === undefined ? undefined : scene.applied?.state.get(node)?.sysctl.get(ignoring)?.at
  const words = `${node} has ${hop} and does not say so when ${out.node} asks for it at ${out.name}`
  const text = noted(words, ignoring && `${ignoring} is ${setting(scene, node, ignoring)}`, lineOf(scene, at))
  return { node: out.node, why: 'silent-neighbour', text, ...(at && { at }), ...(!over && { likely: true }) }
}

function ignored(scene: Scene, { node, name }: Link): string | undefined {
  const names = ['all', name].map(dev => `net.ipv4.conf.${dev.replaceAll('.', '/')}.arp_ignore`)
  return names.find(one => setting(scene, node, one) !== 0)
}

function wrong(
  scene: Scene,
  out: Link,
  { hop, mac, owner }: { hop: string; mac: string; owner: Reached | undefined },
): Reason {
  const entry = heldBy(scene.state, out.node, 'neighbor').find(({ dev, to }) => dev === out.name && to === hop)
  const at = entry && placeOf(scene, entry)
  const whose = owner ? `${nameOf(owner.link)} has ${owner.link.mac}` : `nobody there has it`
  const text = noted(`${hop} is taken to be at ${mac}, but ${whose}`, lineOf(scene, at))
  return { node: out.node, why: 'wrong-neighbour', text, ...(at && { at }) }
}

/** A packet in a node in; where the node sends it, or why it ends there, out. Each question in the order in which the kernel asks it. */
import type { Hop, Reason } from '../model/explanation.js'
import type { Link } from '../model/state.js'
import { setOff, unbelieved } from './believed.js'
import { bestOf, choose } from './choice.js'
import { type Found, lookUp } from './lookup.js'
import { nextOf } from './neighbour.js'
import { isUsual, whyNoWay } from './refused.js'
import { type Flow, heldBy, lineOf, linkOf, noted, placeOf, type Scene, setting } from './scene.js'
import { endOf, nameOf } from './segment.js'

export type Step = { readonly hop: Hop } & (
  | { readonly to: 'next'; readonly next: Link; readonly out: Link }
  | { readonly to: 'here' }
  | { readonly to: 'end'; readonly reason: Reason }
)

/** @param by the interface that it comes by; none where it begins */
export function stepIn(scene: Scene, node: string, flow: Flow, by?: Link): Step {
  const hop: Hop = { node, through: [], ...(by && { in: by.name }) }
  const found = lookUp(scene, node, flow, by && { iif: by.name })
  const end = (reason: Reason): Step => ({ hop, to: 'end', reason })
  const stopped = by && refusedAt(scene, by, { flow, found })
  if (stopped) return end(stopped)
  if (typeof found === 'string') return end(whyNoWay(scene, { node, iif: by?.name ?? 'lo' }, flow))
  if (found.local) return { hop, to: 'here' }
  return leave(scene, { ...hop, ...chosen(scene, { node, iif: by?.name ?? 'lo' }, { flow, found }) }, { flow, found })
}

interface Seen {
  readonly flow: Flow
  readonly found: Found | string
}

/** What a node asks of a packet that comes by an interface, before it looks where it goes. */
function refusedAt(scene: Scene, by: Link, { flow, found }: Seen): Reason | undefined {
  const local = typeof found !== 'string' && found.local
  return (
    (local ? undefined : notForwarding(scene, by, flow)) ??
    (flow.family === 4 ? unbelieved(scene, by, flow) : undefined)
  )
}

/** IPv6 asks for all interfaces at once, IPv4 for the one (Documentation/networking/ip-sysctl.rst). */
function notForwarding(scene: Scene, by: Link, { family }: Flow): Reason | undefined {
  const name = family === 4 ? `net.ipv4.conf.${by.name}.forwarding` : 'net.ipv6.conf.all.forwarding'
  if (setting(scene, by.node, name) !== 0) return undefined
  const said = family === 4 ? 'net.ipv4.ip_forward' : name
  return setOff(scene, by.node, { why: 'forwarding-off', said, words: `IPv${family} is not forwarded: ${name} is 0` })
}

/** The route that was chosen, and the rule that chose its table. */
function chosen(
  scene: Scene,
  coming: { readonly node: string; readonly iif: string },
  { flow, found }: { readonly flow: Flow; readonly found: Found & { local: false } },
): Partial<Hop> {
  const { rule } = choose(scene.state, coming, flow)
  const route = bestOf(heldBy(scene.state, coming.node, 'route'), found.table, flow)
  const at = route && placeOf(scene, route)
  return {
    ...{ out: found.dev, table: found.table },
    ...(found.via && { via: found.via }),
    ...(route && { route: route.to }),
    ...(rule && rule.table === found.table && !isUsual(rule) && { rule: rule.priority }),
    ...(at && { at }),
  }
}

function leave(scene: Scene, hop: Hop, { flow, found }: { flow: Flow; found: Found & { local: false } }): Step {
  const out = linkOf(scene, hop.node, found.dev)!
  const end = (reason: Reason): Step => ({ hop, to: 'end', reason })
  const unfit = notCarrying(scene, out) ?? tooLarge(scene, [out], flow)
  if (unfit) return end(unfit)
  const next = nextOf(scene, out, { hop: found.via ?? flow.destination, flow })
  if ('why' in next) return end(next)
  const large = tooLarge(scene, next.through, flow)
  if (large) return end({ ...large, node: out.node })
  return { hop: { ...hop, through: next.through.slice(0, -1).map(endOf) }, to: 'next', next: next.link, out }
}

function notCarrying(scene: Scene, out: Link): Reason | undefined {
  const down = (link: Link, words: string, why: 'link-down' | 'no-carrier'): Reason => {
    const at = placeOf(scene, link)
    return { node: out.node, why, text: noted(words, lineOf(scene, at)), ...(at && { at }) }
  }
  if (!out.up) return down(out, `${out.name} is down`, 'link-down')
  if (out.running !== false) return undefined
  const peer = out.peer && linkOf(scene, out.peer.node, out.peer.name)
  if (peer && !peer.up)
    return down(peer, `${out.name} has no carrier: its other end ${nameOf(peer)} is down`, 'no-carrier')
  return down(out, `${out.name} has no carrier`, 'no-carrier')
}

/** Who sends says what is too large; a bridge, or the far end of a cable, drops it without a word. */
function tooLarge(scene: Scene, links: readonly Link[], { bytes }: Flow): Reason | undefined {
  const narrow = bytes === undefined ? undefined : links.find(({ mtu }) => mtu > 0 && mtu < bytes)
  if (!narrow) return undefined
  const at = placeOf(scene, narrow)
  const text = noted(`${nameOf(narrow)} takes ${narrow.mtu} bytes at most, not ${bytes}`, lineOf(scene, at))
  return { node: narrow.node, why: 'mtu', text, ...(at && { at }) }
}

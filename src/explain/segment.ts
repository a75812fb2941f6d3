/** Links as they stand in, the interfaces that a frame reaches out of one of them out: cables, bridges, vxlan, macvlan. */
import type { End } from '../model/network.js'
import type { Link, State } from '../model/state.js'
import { heldBy } from './scene.js'

export interface Reached {
  readonly link: Link
  /** Interfaces that the frame goes through on its way there, those of switches: the last is the link itself. */
  readonly through: readonly Link[]
}

/** @param dark links that are down are taken for up: what would be there */
export function reachedFrom(state: State, from: Link, dark = false): readonly Reached[] {
  const found: Reached[] = []
  const seen = new Set<string>([keyOf(from)])
  const waiting: Reached[] = sentBy(state, from).map(link => ({ link, through: [link] }))
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { link, through } = next
    if (seen.has(keyOf(link)) || !(dark || carries(link))) continue
    seen.add(keyOf(link))
    const bridge = link.master === undefined ? undefined : state.get(link.node)?.link.get(link.master)
    const above = bridge ? [bridge] : [link]
    for (const end of [...above, ...above.flatMap(one => standingOn(state, one))])
      found.push({ link: end, through: end === link ? through : [...through, end] })
    if (!bridge || !(dark || bridge.up)) continue
    for (const port of portsOf(state, bridge))
      if (port !== link && (dark || carries(port)))
        for (const sent of sentBy(state, port)) waiting.push({ link: sent, through: [...through, port, sent] })
  }
  return found
}

export const carries = ({ up, running }: Link) => up && running !== false
export const endOf = ({ node, name }: Link): End => ({ node, interface: name })
export const nameOf = ({ node, name }: Link): string => `${node}:${name}`
const keyOf = nameOf

/** Where a frame comes out that leaves by this link. */
function sentBy(state: State, link: Link): readonly Link[] {
  const of = (node: string, name: string) => state.get(node)?.link.get(name)
  const parent = link.parent === undefined ? undefined : of(link.node, link.parent)
  if (link.kind === 'bridge') return portsOf(state, link).flatMap(port => sentBy(state, port))
  if (link.kind === 'vxlan') return sameVxlan(state, link)
  if (link.kind === 'macvlan' && parent)
    return [...sentBy(state, parent), ...standingOn(state, parent).filter(other => other !== link)]
  const peer = link.peer && of(link.peer.node, link.peer.name)
  return peer ? [peer] : []
}

function portsOf(state: State, bridge: Link): readonly Link[] {
  return heldBy(state, bridge.node, 'link').filter(link => link.master === bridge.name)
}

function standingOn(state: State, link: Link): readonly Link[] {
  return heldBy(state, link.node, 'link').filter(other => other.kind === 'macvlan' && other.parent === link.name)
}

function sameVxlan(state: State, link: Link): readonly Link[] {
  return [...state.keys()].flatMap(node =>
    heldBy(state, node, 'link').filter(
      other => other !== link && other.kind === 'vxlan' && other.data.id === link.data.id,
    ),
  )
}

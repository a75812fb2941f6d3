/** Segments: links, bridges and what stands on them in; what shares one broadcast domain out, in order of the file. */
import { linkKinds } from '../../kinds/index.js'
import { type DraftSegment, describe } from './describe.js'
import { type Draft, type DraftInterface, nameOf } from './draft.js'

export type { DraftSegment }

export function findSegments(draft: Draft): readonly DraftSegment[] {
  const sortMembers = sorter(draft)
  const above = standingOn(draft)
  const seen = new Set<DraftInterface>()
  const segments: DraftSegment[] = []
  const add = (start: DraftInterface) => {
    if (seen.has(start) || start.kind === 'loopback') return
    const members = reach(start, above, seen)
    if (members.length > 2) sortMembers(members)
    const segment = describe(members)
    if (segment) segments.push(segment)
  }
  for (const { ends } of draft.links) for (const end of ends) add(end)
  for (const port of draft.ports) add(port)
  return segments
}

/** Sorts interfaces: ends of links first, in the order of the file. */
function sorter(draft: Draft): (members: DraftInterface[]) => void {
  const order = new Map<DraftInterface, number>()
  return members => {
    if (order.size === 0) {
      for (const link of draft.links) for (const end of link.ends) order.set(end, order.size)
      for (const port of draft.ports) if (!order.has(port)) order.set(port, order.size)
    }
    members.sort((a, b) => order.get(a)! - order.get(b)!)
  }
}

type Above = ReadonlyMap<DraftInterface, readonly DraftInterface[]>

/** By bridge its ports, by parent what is on its wire. */
function standingOn(draft: Draft): Above {
  const result = new Map<DraftInterface, DraftInterface[]>()
  const add = (below: DraftInterface, port: DraftInterface) => {
    const known = result.get(below)
    if (known) known.push(port)
    else result.set(below, [port])
  }
  for (const port of draft.ports) {
    if (port.bridge) add(port.bridge, port)
    if (port.parent && sharesWire(port)) add(port.parent, port)
  }
  return result
}

/** What cannot be without a parent is on its wire; a tunnel, which can, is not. */
const sharesWire = ({ kind }: DraftInterface): boolean => {
  const { parentKey, required } = linkKinds.get(kind) ?? {}
  return parentKey !== undefined && required?.includes(parentKey) === true
}

/** Who hears whom directly: the other end of a cable, a bridge and its ports, what stands on another interface. */
function reach(start: DraftInterface, above: Above, seen: Set<DraftInterface>): DraftInterface[] {
  if (isCableEnd(start, above) && start.peer !== undefined && isCableEnd(start.peer, above)) {
    seen.add(start).add(start.peer)
    return [start, start.peer]
  }
  const members: DraftInterface[] = []
  const meet = (port: DraftInterface) => {
    if (seen.has(port)) return
    seen.add(port)
    members.push(port)
  }
  meet(start)
  for (const member of members) {
    if (member.peer) meet(member.peer)
    if (member.bridge) meet(member.bridge)
    if (member.parent && sharesWire(member)) meet(member.parent)
    above.get(member)?.forEach(meet)
  }
  return members
}

/** Whether the interface hears its peer, and nobody else. */
const isCableEnd = (port: DraftInterface, above: Above): boolean =>
  port.bridge === undefined && port.parent === undefined && !above.has(port)

const firstNames = ({ first }: DraftSegment) => first.slice(0, 2).map(nameOf)

/** Names that survive other changes, also of automatic interface names: its first switch, or its two nodes. */
export function keysOf(segments: readonly DraftSegment[]): ReadonlyMap<DraftSegment, string> {
  const times = new Map<string, number>()
  return new Map(
    segments.map(segment => {
      const name =
        segment.lead?.name ??
        segment.first
          .slice(0, 2)
          .map(end => end.node.name)
          .sort()
          .join('|')
      const nth = (times.get(name) ?? 0) + 1
      times.set(name, nth)
      return [segment, nth === 1 ? name : `${name}#${nth}`]
    }),
  )
}

/** How messages call it. */
export const labelOf = (segment: DraftSegment): string =>
  segment.lead ? `LAN ${segment.lead.name}` : `the link ${firstNames(segment).join(' – ')}`

/** Segments: links, bridges and what stands on them in; what shares one broadcast domain out, in order of the file. */
import { linkKinds } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import { type Draft, type DraftInterface, type DraftLink, type DraftNode, nameOf } from './draft.js'
import { type Item, list, pick } from './item.js'

export interface DraftSegment {
  /** The first of its switches, if it has one, and of its ends: what it is called by. */
  readonly lead: DraftNode | undefined
  readonly first: readonly DraftInterface[]
  /** Those that have a place in it: no ports of bridges, and bridges only if they have an address. */
  readonly ends: readonly DraftInterface[]
  readonly subnets: readonly Item<string>[]
  readonly gateways: readonly Item<string>[]
  readonly lan: boolean
  readonly routing: boolean
  readonly at: Path
}

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

function describe(members: readonly DraftInterface[]): DraftSegment | undefined {
  return cableAlone(members) ?? describeAny(members)
}

/** What most segments are: the two ends of one link, between nodes that are no switches. */
function cableAlone(members: readonly DraftInterface[]): DraftSegment | undefined {
  const [first, second] = [members[0]!, members[1]]
  const { link } = first
  if (members.length !== 2 || link === undefined || second!.link !== link) return undefined
  if (isOfLan(first) || isOfLan(second!) || !hasPlace(first) || !hasPlace(second!)) return undefined
  const { subnet: subnets, gateway, routing, at } = link
  const gateways = gateway === undefined ? none : [gateway]
  return { lead: undefined, first: members, ends: members, subnets, gateways, routing, lan: false, at }
}

const none: readonly never[] = []
const isOfLan = ({ node, bridge }: DraftInterface): boolean => node.kind === 'switch' || bridge !== undefined

function describeAny(members: readonly DraftInterface[]): DraftSegment | undefined {
  const links = new Set<DraftLink>()
  const switches = new Set<DraftNode>()
  for (const { link, node } of members) {
    if (link) links.add(link)
    if (node.kind === 'switch') switches.add(node)
  }
  const ends = members.filter(hasPlace)
  if (links.size === 0 && ends.length === 0) return undefined
  const [lead] = switches
  return {
    lead,
    first: ends.length > 0 ? ends : members,
    ends,
    ...sayings(links, switches),
    lan: ends.length > 2 || members.some(member => member.bridge !== undefined),
    at: (members.find(({ link }) => link)?.link ?? members[0]!).at,
  }
}

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

/** What its links and switches say. */
function sayings(links: ReadonlySet<DraftLink>, switches: ReadonlySet<DraftNode>) {
  const subnets: Item<string>[] = []
  const gateways: Item<string>[] = []
  let routing = true
  for (const link of links) {
    for (const subnet of link.subnet) subnets.push(subnet)
    if (link.gateway) gateways.push(link.gateway)
    routing &&= link.routing
  }
  for (const { spec } of switches) {
    const gateway = pick(spec, 'gateway')
    for (const subnet of list(pick(spec, 'subnet'))) subnets.push(subnet)
    if (gateway) gateways.push(gateway)
  }
  return { subnets, gateways, routing }
}

function hasPlace(port: DraftInterface): boolean {
  return port.addresses.length > 0 || (port.kind === 'veth' && port.bridge === undefined)
}

/** Interfaces that hear each other in, the segment that they make out. */
import type { Path } from '../../model/document.js'
import type { DraftInterface, DraftLink, DraftNode } from './draft.js'
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

export function describe(members: readonly DraftInterface[]): DraftSegment | undefined {
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

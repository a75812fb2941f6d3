/** `gateway`: a LAN's gateway in, the default routes of its hosts out. */
import { error } from '../../diagnostic.js'
import { parseAddress } from '../../model/ip.js'
import type { Family, NextHop, RouteEntry } from '../../model/network.js'
import type { DraftInterface, DraftNode } from './draft.js'
import { parseName } from './ends.js'
import type { Item } from './item.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'
import type { RouteContext } from './nexthops.js'
import { waysOver } from './reach.js'
import { everywhere, usualMetric } from './routes.js'
import { type DraftSegment, labelOf } from './segments.js'

/** Default routes by host; one on several LANs with a gateway gets a next hop for each. */
export function gatewayRoutes(
  segments: readonly DraftSegment[],
  context: RouteContext,
): ReadonlyMap<DraftNode, readonly RouteEntry[]> {
  const hops = new Map<DraftNode, Map<Family, { hops: NextHop[]; at: Item<string>['at'] }>>()
  for (const segment of segments)
    for (const item of segment.gateways) {
      const ends = findGateway(item, segment, context)
      if (ends && !serve(segment, { item, ends, hops })) context.report(useless(item, segment, ends))
    }
  return new Map([...hops].map(([node, families]) => [node, entriesOf(families)]))
}

/** The gateway's ends on the segment; undefined when there are none, which is reported. */
function findGateway(
  item: Item<string>,
  segment: DraftSegment,
  { draft, report }: RouteContext,
): readonly DraftInterface[] | undefined {
  const address = parseAddress(item.value)
  if (address) {
    const owner = segment.ends.filter(end => end.addresses.some(({ prefix }) => prefix.bits === address.bits))
    if (owner.length > 0) return owner
    if (draft.gaps.some && segment.ends.some(end => end.node.broken)) return undefined
    report(
      error(
        'unreachable-gateway',
        `no end of ${labelOf(segment)} has the address ${item.value}`,
        item.at,
        endsOf(segment),
      ),
    )
    return undefined
  }
  const name = parseName(item.value, { path: item.at })
  if ('wrong' in name) return void report(name.wrong)
  const node = draft.nodes.get(name.value.node)
  if (node === undefined) {
    if (draft.strangers.has(name.value.node) || draft.gaps.hides(name.value.node)) return undefined
    const near = didYouMean(name.value.node, draft.nodes.keys())
    return void report(error('unknown-node', `there is no node \`${printable(name.value.node)}\``, item.at, near))
  }
  const end = name.value.interface
  const ends = segment.ends.filter(known => known.node === node && (end === undefined || known.name === end))
  if (ends.length > 0) return ends
  if (!node.broken)
    report(error('unreachable-gateway', `${item.value} is no end of ${labelOf(segment)}`, item.at, endsOf(segment)))
  return undefined
}

function endsOf(segment: DraftSegment): { hint: string } {
  const names = segment.ends.slice(0, 6).map(end => `${end.node.name}:${end.name}`)
  return { hint: `its ends are ${names.join(', ')}${segment.ends.length > 6 ? ', …' : ''}` }
}

interface Serving {
  readonly item: Item<string>
  readonly ends: readonly DraftInterface[]
  readonly hops: Map<DraftNode, Map<Family, { hops: NextHop[]; at: Item<string>['at'] }>>
}

/** Whether a host got a route, or none is there that could. */
function serve(segment: DraftSegment, { item, ends, hops }: Serving): boolean {
  const served = new Set<DraftNode>()
  let hosts = 0
  for (const own of segment.ends) {
    const { node } = own
    if (node.kind !== 'host' || node === ends[0]!.node || served.has(node) || !own.up) continue
    hosts++
    for (const way of waysOver(ends.map(their => ({ own, their })))) {
      served.add(node)
      const families = hops.get(node) ?? new Map<Family, { hops: NextHop[]; at: Item<string>['at'] }>()
      const entry = families.get(way.family) ?? { hops: [], at: item.at }
      entry.hops.push({ via: way.via, dev: own.name, weight: 1, onlink: false })
      hops.set(node, families.set(way.family, entry))
    }
  }
  return served.size > 0 || hosts === 0 || segment.ends.some(end => end.node.broken)
}

function useless(item: Item<string>, segment: DraftSegment, ends: readonly DraftInterface[]) {
  const bare = ends.every(end => end.addresses.length === 0)
  const why = bare ? 'it has no address there' : 'no host there has an address in a subnet of it'
  const hint = `give ${labelOf(segment)} a \`subnet\`, or its ends addresses`
  const message = `${item.value} cannot be the gateway of ${labelOf(segment)}: ${why}`
  return error('unreachable-gateway', message, item.at, { hint })
}

function entriesOf(families: ReadonlyMap<Family, { hops: readonly NextHop[]; at: Item<string>['at'] }>): RouteEntry[] {
  return [...families]
    .sort(([a], [b]) => a - b)
    .map(([family, { hops, at }]) => ({
      ...{ family, to: everywhere(family), action: 'unicast', nextHops: hops },
      ...{ table: 254, metric: usualMetric(family), at },
    }))
}

/** One family's destinations and what nodes have already in; for each node's paths, its merged routes, out. */
import { formatPrefix, networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family, Network, RouteEntry } from '../../model/network.js'
import { type Destination, findDestinations } from './destinations.js'
import { leaveToRouter } from './gateway.js'
import type { Graph, Place } from './graph.js'
import { mergeRoutes, none, taken } from './merge.js'
import type { Paths } from './paths.js'
import type { Terrain } from './terrain.js'
import { buildTrie, type Trie } from './trie.js'

const mainTable = 254

/** What one family's routes are computed from. */
export interface Plan {
  readonly family: Family
  readonly terrain: Terrain
  readonly graph: Graph
  /** Next-hop address of each row of the graph's `inPort`. */
  readonly addresses: readonly string[]
  readonly trie: Trie
  readonly destinations: readonly Destination[]
  /** By destination: its number in the trie. */
  readonly numbers: readonly number[]
  /** By node: numbers in the trie of its connected prefixes, and of those it has written routes to. */
  readonly connected: readonly ReadonlySet<number>[]
  readonly written: readonly ReadonlySet<number>[]
  /** By number in the trie, made when first asked for. */
  readonly texts: Map<Prefix, string>
}

export type Ways = Pick<Plan, 'family' | 'terrain' | 'graph' | 'addresses'>

export function planTables(network: Network, ways: Ways, places: readonly Place[]): Plan {
  const { family, terrain } = ways
  const destinations = findDestinations(terrain, places)
  const connected = network.nodes.map((_, node) => connectedPrefixes(terrain, node, family))
  const written = network.nodes.map(({ routes }) =>
    routes
      .filter(route => route.family === family && route.table === mainTable)
      .flatMap(route => parsePrefix(route.to) ?? [])
      .map(networkOf),
  )
  const prefixes = [...destinations.map(({ prefix }) => prefix), ...connected.flat(), ...written.flat()]
  const trie = buildTrie(family, prefixes)
  const numberOf = (prefix: Prefix) => trie.numbers.get(formatPrefix(prefix))!
  const numbered = (lists: readonly (readonly Prefix[])[]) => lists.map(list => new Set(list.map(numberOf)))
  return {
    ...ways,
    trie,
    destinations,
    numbers: destinations.map(({ prefix }) => numberOf(prefix)),
    connected: numbered(connected),
    written: numbered(written),
    texts: new Map(),
  }
}

/** The routes of the node whose paths these are. */
export function routesOf(plan: Plan, node: number, paths: Paths): readonly RouteEntry[] {
  const { family, graph, texts } = plan
  if (graph.outStart[node] === graph.outStart[node + 1]) return []
  const labels = labelsOf(plan, node, paths)
  const merged = mergeRoutes(plan.trie, labels, leaveToRouter(plan, { node, paths, labels }))
  const nextHops = new Map<number, RouteEntry['nextHops']>()
  return merged.map(({ prefix, label }) => {
    const to = texts.get(prefix) ?? formatPrefix(prefix)
    texts.set(prefix, to)
    const hops = nextHops.get(label) ?? nextHopsOf(plan, paths, label)
    nextHops.set(label, hops)
    return {
      family,
      to,
      action: 'unicast',
      nextHops: hops,
      table: mainTable,
      metric: family === 4 ? 0 : 1024,
    } as const
  })
}

/** By number in the trie: the set of first hops towards it. */
function labelsOf(plan: Plan, node: number, paths: Paths): Int32Array {
  const labels = new Int32Array(plan.trie.prefixes.length).fill(none)
  for (const number of plan.connected[node]!) labels[number] = taken
  for (const number of plan.written[node]!) labels[number] = taken
  for (const [i, { owners, alone }] of plan.destinations.entries()) {
    const number = plan.numbers[i]!
    if (labels[number] !== none || (alone && isNear(plan, { node, number, labels }))) continue
    labels[number] = nearest(owners, node, paths)
  }
  return labels
}

/** Whether the node's own interfaces reach the prefix, so that the longest match above it is connected. */
function isNear({ trie, connected }: Plan, given: { node: number; number: number; labels: Int32Array }): boolean {
  let above = trie.parent[given.number]!
  while (above !== -1 && given.labels[above] === none) above = trie.parent[above]!
  return connected[given.node]!.has(above)
}

/** The first hops towards the nearest of several nodes; none if that is the node itself, or nothing leads there. */
function nearest(owners: readonly number[], node: number, { distance, hops, sets }: Paths): number {
  let least = Number.POSITIVE_INFINITY
  let label = none
  for (const owner of owners) {
    if (owner === node) return none
    if (distance[owner]! > least || distance[owner] === Number.POSITIVE_INFINITY) continue
    label = distance[owner]! < least || label === none ? hops[owner]! : sets.union(label, hops[owner]!)
    least = distance[owner]!
  }
  return label
}

/** In the order of the node's interfaces, then of the file. */
function nextHopsOf({ terrain, graph, addresses }: Plan, paths: Paths, set: number): RouteEntry['nextHops'] {
  return paths.sets
    .members(set)
    .map(member => paths.firstHops[member]!)
    .sort((a, b) => graph.outPort[a.out]! - graph.outPort[b.out]! || graph.inPort[a.in]! - graph.inPort[b.in]!)
    .map(hop => ({
      via: addresses[hop.in]!,
      dev: terrain.ports[graph.outPort[hop.out]!]!.interface.name,
      weight: 1,
      onlink: false,
    }))
}

function connectedPrefixes({ ports, firstPort }: Terrain, node: number, family: Family): readonly Prefix[] {
  return ports
    .slice(firstPort[node], firstPort[node + 1])
    .filter(port => port.interface.up)
    .flatMap(port => port.interface.addresses)
    .filter(address => address.family === family)
    .flatMap(({ address, prefixLength }) => parsePrefix(`${address}/${prefixLength}`) ?? [])
    .map(networkOf)
}

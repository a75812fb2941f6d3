/** One family's destinations and what nodes have already in; for each node's paths, its merged routes, out. */
import { formatPrefix, networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family, Network, RouteEntry } from '../../model/network.js'
import { type Destination, findDestinations } from './destinations.js'
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
  /** By number in the trie; -1 for what is no destination. */
  readonly destinationOf: Int32Array
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
  const destinationOf = new Int32Array(trie.prefixes.length).fill(-1)
  for (const [i, { prefix }] of destinations.entries()) destinationOf[numberOf(prefix)] = i
  const numbered = (lists: readonly (readonly Prefix[])[]) => lists.map(list => new Set(list.map(numberOf)))
  return {
    ...ways,
    trie,
    destinations,
    destinationOf,
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
  const { trie, destinations, destinationOf } = plan
  const labels = new Int32Array(trie.prefixes.length).fill(none)
  const [connected, written] = [plan.connected[node]!, plan.written[node]!]
  for (const number of connected) labels[number] = taken
  for (const number of written) labels[number] = taken
  /** By number: whether the node's interfaces reach it themselves. */
  const near = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    const parent = trie.parent[i]!
    if (labels[i] === none && destinationOf[i] !== -1) {
      const destination = destinations[destinationOf[i]!]!
      if (!destination.alone || near[parent] === 0) labels[i] = nearest(destination.owners, node, paths)
    }
    if (connected.has(i)) near[i] = 1
    else if (labels[i] === none && i > 0) near[i] = near[parent]!
  }
  return labels
}

/**
 * Whether a host has a single way out, to a router: then a default route stands for most. What is behind another host
 * of its only subnet the router reaches too, so that no LAN needs N² routes; a default route never leads to a host.
 */
function leaveToRouter(plan: Plan, given: { node: number; paths: Paths; labels: Int32Array }): boolean {
  const { graph, terrain, trie } = plan
  const { node, paths, labels } = given
  const [first, last] = [graph.outStart[node]!, graph.outStart[node + 1]!]
  const onlyWay = graph.outPort.subarray(first, last).every(port => port === graph.outPort[first])
  if (terrain.forwards[node] || !onlyWay) return false
  const routers = routersIn(plan, paths, graph.outSubnet.subarray(first, last))
  if (routers === none) return false
  const leads = (label: number) => label >= 0 && paths.sets.intersection(label, routers) === label
  if (last - first > 1 && labels.some(label => label >= 0 && !leads(label))) return false
  const effective = labels.slice()
  for (let i = 1; i < labels.length; i++) {
    const above = effective[trie.parent[i]!]!
    if (labels[i]! >= 0 && above !== taken && !leads(labels[i]!)) labels[i] = none
    effective[i] = labels[i] === none ? above : labels[i]!
  }
  if (labels[0] === none && !labels.some(leads)) labels[0] = routers
  return true
}

/** The first hops to all routers that stand in the subnets. */
function routersIn({ graph, terrain }: Plan, { hops, sets }: Paths, subnets: Int32Array): number {
  let result = none
  for (const subnet of subnets)
    for (const node of graph.inNode.subarray(graph.inStart[subnet], graph.inStart[subnet + 1]))
      if (terrain.forwards[node] && hops[node] !== -1)
        result = result === none ? hops[node]! : sets.union(result, hops[node]!)
  return result
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

/** One family's destinations and what nodes have already in; for each node's paths, its merged routes, out. */
import { formatPrefix, networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family, Network, NextHop, RouteEntry } from '../../model/network.js'
import { findDestinations } from './destinations.js'
import { leaveToRouter, onlyGateway } from './gateway.js'
import type { Graph } from './graph.js'
import { createMerger, type Merged, none, prefixOf, taken } from './merge.js'
import type { FirstHop, Paths } from './paths.js'
import type { Place } from './places.js'
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
  readonly targets: Targets
  /** By node: numbers in the trie of its connected prefixes, and of those it has written routes to. */
  readonly connected: readonly (readonly number[])[]
  readonly written: readonly (readonly number[])[]
  readonly merge: ReturnType<typeof createMerger>
  /** The label of each number in the trie, of the node that is at hand. */
  readonly labels: Int32Array
  /** Of whole prefixes by their number, made when first asked for. */
  readonly texts: string[]
}

/** The destinations, packed: nodes times destinations are millions. */
interface Targets {
  /** By destination: its number in the trie. */
  readonly numbers: Int32Array
  /** Owners of destination `n` are those from `firstOwner[n]` to `firstOwner[n + 1]`. */
  readonly firstOwner: Int32Array
  readonly owners: Int32Array
  readonly alone: Uint8Array
}

export type Ways = Pick<Plan, 'family' | 'terrain' | 'graph' | 'addresses'>

export function planTables(network: Network, ways: Ways, places: readonly Place[]): Plan {
  const { family, terrain } = ways
  const destinations = findDestinations(terrain, places)
  const prefixes = destinations.map(({ prefix }) => prefix)
  const connected = emptyLists(network.nodes.length)
  const written = emptyLists(network.nodes.length)
  for (const { port, network: prefix } of places) {
    const { node, interface: one } = terrain.ports[port]!
    if (one.up) connected[node]!.push(prefixes.push(prefix) - 1)
  }
  for (const [node, { routes }] of network.nodes.entries())
    for (const prefix of prefixesIn(routes, family)) written[node]!.push(prefixes.push(prefix) - 1)
  const trie = buildTrie(family, prefixes)
  const numbered = (lists: readonly (readonly number[])[]) => lists.map(list => list.map(i => trie.numbers[i]!))
  return {
    ...ways,
    trie,
    targets: packed(destinations, trie),
    connected: numbered(connected),
    written: numbered(written),
    merge: createMerger(trie),
    labels: new Int32Array(trie.prefixes.length),
    texts: [],
  }
}

const emptyLists = (count: number): number[][] => Array.from({ length: count }, () => [])

/** Those that a node has written itself. */
function prefixesIn(routes: readonly RouteEntry[], family: Family): readonly Prefix[] {
  return routes
    .filter(route => route.family === family && route.table === mainTable)
    .flatMap(route => parsePrefix(route.to) ?? [])
    .map(networkOf)
}

/** Destinations are the first prefixes of the trie. */
function packed(destinations: ReturnType<typeof findDestinations>, trie: Trie): Targets {
  const firstOwner = new Int32Array(destinations.length + 1)
  for (const [i, { owners }] of destinations.entries()) firstOwner[i + 1] = firstOwner[i]! + owners.length
  return {
    numbers: trie.numbers.subarray(0, destinations.length),
    firstOwner,
    owners: Int32Array.from(destinations.flatMap(({ owners }) => owners)),
    alone: Uint8Array.from(destinations, ({ alone }) => Number(alone)),
  }
}

/** A node's merged routes: labels by prefix of the trie, and what they stand for. */
export interface Table {
  readonly merged: readonly Merged[]
  /** In the order of the node's interfaces, then of the file. */
  hopsOf(label: number): readonly FirstHop[]
}

const nowhere: Table = { merged: [], hopsOf: () => [] }

/** The table of a node; its paths are asked for only when they are needed. */
export function tableOf(plan: Plan, node: number, pathsFrom: (node: number) => Paths): Table {
  const { graph, labels } = plan
  if (graph.outStart[node] === graph.outStart[node + 1]) return nowhere
  const gateway = onlyGateway(plan, node)
  if (gateway !== undefined) return { merged: [{ at: 0, part: 'whole', label: 0 }], hopsOf: () => [gateway] }
  const paths = pathsFrom(node)
  setLabels(plan, node, paths)
  const fill = leaveToRouter(plan, node, paths)
  const merged = plan.merge({ labels, count: paths.sets.count(), fill })
  return { merged, hopsOf: label => firstHopsOf(graph, paths, label) }
}

export function routesOf(plan: Plan, { merged, hopsOf }: Table): readonly RouteEntry[] {
  const { family } = plan
  const nextHops: RouteEntry['nextHops'][] = []
  return merged.map(route => {
    const { label } = route
    nextHops[label] ??= hopsOf(label).map(hop => nextHopOf(plan, hop))
    const [to, metric] = [textOf(plan, route), family === 4 ? 0 : 1024]
    return { family, to, action: 'unicast', nextHops: nextHops[label], table: mainTable, metric }
  })
}

function textOf({ trie, texts }: Plan, route: Merged): string {
  if (route.part !== 'whole') return formatPrefix(prefixOf(trie, route))
  const text = texts[route.at] ?? formatPrefix(trie.prefixes[route.at]!)
  texts[route.at] = text
  return text
}

/** By number in the trie: the set of first hops towards it. */
function setLabels(plan: Plan, node: number, paths: Paths): void {
  const { labels, targets, connected, written } = plan
  const { numbers, alone } = targets
  labels.fill(none)
  for (const number of connected[node]!) labels[number] = taken
  for (const number of written[node]!) labels[number] = taken
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    if (labels[number] !== none || (alone[i] === 1 && isNear(plan, node, number))) continue
    labels[number] = nearest(targets, i, node, paths)
  }
}

/** Whether the node's own interfaces reach the prefix, so that the longest match above it is connected. */
function isNear({ trie, labels, connected }: Plan, node: number, number: number): boolean {
  let above = trie.parent[number]!
  while (above !== -1 && labels[above] === none) above = trie.parent[above]!
  return connected[node]!.includes(above)
}

/** The first hops towards the nearest of its owners; none if that is the node itself, or nothing leads there. */
function nearest({ firstOwner, owners }: Targets, target: number, node: number, paths: Paths): number {
  const { distance, hops, sets } = paths
  let least = Number.POSITIVE_INFINITY
  let label = none
  for (let at = firstOwner[target]!; at < firstOwner[target + 1]!; at++) {
    const owner = owners[at]!
    const length = distance[owner]!
    if (owner === node) return none
    if (length > least || length === Number.POSITIVE_INFINITY) continue
    label = length < least || label === none ? hops[owner]! : sets.union(label, hops[owner]!)
    least = length
  }
  return label
}

function firstHopsOf({ outPort, inPort }: Graph, paths: Paths, set: number): readonly FirstHop[] {
  return paths.sets
    .members(set)
    .map(member => paths.firstHops[member]!)
    .sort((a, b) => outPort[a.out]! - outPort[b.out]! || inPort[a.in]! - inPort[b.in]!)
}

function nextHopOf({ terrain, graph, addresses }: Plan, hop: FirstHop): NextHop {
  const dev = terrain.ports[graph.outPort[hop.out]!]!.interface.name
  return { via: addresses[hop.in]!, dev, weight: 1, onlink: false }
}

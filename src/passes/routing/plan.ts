/** A network and one family's ways in; what all its nodes' tables are made from, out. */
import { networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family, Network, RouteEntry } from '../../model/network.js'
import { findDestinations } from './destinations.js'
import type { Graph } from './graph.js'
import { createMerger } from './merge.js'
import type { Place } from './places.js'
import type { Terrain } from './terrain.js'
import { buildTrie, type Trie } from './trie.js'

/** The routing table of computed routes. */
export const mainTable = 254

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
export interface Targets {
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

/** A network in, by node the static routes that make every address of the lab reachable along shortest paths, out. */
import type { Family, Network, RouteEntry } from '../model/network.js'
import { buildGraph, sameGraph } from './routing/graph.js'
import { createPathFinder, type Paths } from './routing/paths.js'
import { findPlaces } from './routing/places.js'
import { type Plan, planTables } from './routing/plan.js'
import { routesOf, tableOf } from './routing/tables.js'
import { survey, type Terrain } from './routing/terrain.js'
import { findTwins, translated } from './routing/twins.js'

/**
 * Computed routes by the node's name, for `routing: shortest-path`: equal costs share a route (ECMP), hosts and switches
 * are never passed through, routes that a node has written itself are left to it, and prefixes that share next hops are
 * merged. Nodes that need none have no entry.
 */
export function computeRoutes(network: Network): ReadonlyMap<string, readonly RouteEntry[]> {
  const terrain = survey(network)
  const four = planFamily(network, terrain, 4)
  const six = planFamily(network, terrain, 6)
  const findFour = finderFor(four)
  const findSix = sameGraph(four.graph, six.graph) ? findFour : finderFor(six)
  const twins = findTwins(four, six)
  const routes = new Map<string, readonly RouteEntry[]>()
  for (const [node, { name }] of network.nodes.entries()) {
    const table = tableOf(four, node, findFour)
    const other = twins === undefined ? tableOf(six, node, findSix) : translated(table, twins)
    const entries = [...routesOf(four, table), ...routesOf(six, other)]
    if (entries.length > 0) routes.set(name, entries)
  }
  return routes
}

/** Remembers the last search: both families may ask for the same. */
function finderFor({ graph, terrain }: Plan): (node: number) => Paths {
  const find = createPathFinder(graph, terrain.forwards)
  let last: { readonly node: number; readonly paths: Paths } | undefined
  return node => {
    if (last?.node !== node) last = { node, paths: find(node) }
    return last.paths
  }
}

function planFamily(network: Network, terrain: Terrain, family: Family): Plan {
  const places = findPlaces(terrain, family)
  return planTables(network, { family, terrain, ...buildGraph(terrain, places) }, places)
}

/** A network in, by node the static routes that make every address of the lab reachable along shortest paths, out. */
import type { Family, Network, RouteEntry } from '../model/network.js'
import { buildGraph, findPlaces, sameGraph } from './routing/graph.js'
import { createPathFinder } from './routing/paths.js'
import { type Plan, planTables, routesOf } from './routing/tables.js'
import { survey, type Terrain } from './routing/terrain.js'

/**
 * Computed routes by the node's name, for `routing: shortest-path`: equal costs share a route (ECMP), hosts and switches
 * are never passed through, routes that a node has written itself are left to it, and prefixes that share next hops are
 * merged. Nodes that need none have no entry.
 */
export function computeRoutes(network: Network): ReadonlyMap<string, readonly RouteEntry[]> {
  const terrain = survey(network)
  const four = planFamily(network, terrain, 4)
  const six = planFamily(network, terrain, 6)
  const findFour = createPathFinder(four.graph, terrain.forwards)
  const findSix = sameGraph(four.graph, six.graph) ? undefined : createPathFinder(six.graph, terrain.forwards)
  const routes = new Map<string, readonly RouteEntry[]>()
  for (const [node, { name }] of network.nodes.entries()) {
    const paths = findFour(node)
    const entries = [...routesOf(four, node, paths), ...routesOf(six, node, findSix?.(node) ?? paths)]
    if (entries.length > 0) routes.set(name, entries)
  }
  return routes
}

function planFamily(network: Network, terrain: Terrain, family: Family): Plan {
  const places = findPlaces(terrain, family)
  return planTables(network, { family, terrain, ...buildGraph(terrain, places) }, places)
}

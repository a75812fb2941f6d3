/** One family's addresses in, the prefixes that routes lead to and the nodes that own them out. */
import { formatPrefix, hostPrefix, networkOf, type Prefix } from '../../model/ip.js'
import type { Place } from './graph.js'
import type { Terrain } from './terrain.js'

export interface Destination {
  readonly prefix: Prefix
  /** Numbers of nodes; a packet goes to the nearest. */
  readonly owners: readonly number[]
  /** An address alone, of a subnet that no node forwards into: nodes of that subnet need no route to it. */
  readonly alone: boolean
}

/**
 * A subnet is owned by the nodes that forward into it, an address of `lo` by its node. Hosts forward nothing, so where
 * only hosts have addresses in a subnet, each owns just its own.
 */
export function findDestinations(terrain: Terrain, places: readonly Place[]): readonly Destination[] {
  const found = new Map<string, { prefix: Prefix; owners: Set<number>; hosts: Place[] }>()
  for (const place of places) {
    const { node, interface: one } = terrain.ports[place.port]!
    const prefix = networkOf(place.prefix)
    const text = formatPrefix(prefix)
    const entry = found.get(text) ?? { prefix, owners: new Set(), hosts: [] }
    found.set(text, entry)
    if (one.kind === 'loopback' || (terrain.forwards[node] && one.up)) entry.owners.add(node)
    else entry.hosts.push(place)
  }
  const shared = [...found.values()].filter(({ owners }) => owners.size > 0)
  const hosts = [...found.values()].filter(({ owners }) => owners.size === 0).flatMap(entry => entry.hosts)
  return [
    ...shared.map(({ prefix, owners }) => ({ prefix, owners: [...owners], alone: false })),
    ...hostDestinations(terrain, hosts),
  ]
}

function hostDestinations(terrain: Terrain, hosts: readonly Place[]): readonly Destination[] {
  const byAddress = new Map<string, { prefix: Prefix; owners: number[]; alone: boolean }>()
  for (const { port, text, prefix } of hosts) {
    const entry = byAddress.get(text) ?? { prefix: hostPrefix(prefix), owners: [], alone: true }
    byAddress.set(text, entry)
    entry.owners.push(terrain.ports[port]!.node)
  }
  return [...byAddress.values()]
}

/** One family's addresses in, the prefixes that routes lead to and the nodes that own them out. */
import { hostPrefix, type Prefix } from '../../model/ip.js'
import type { Place } from './places.js'
import type { Terrain } from './terrain.js'

export interface Destination {
  readonly prefix: Prefix
  /** Numbers of nodes; a packet goes to the nearest. */
  readonly owners: readonly number[]
  /** An address alone, of a subnet that no node forwards into: nodes of that subnet need no route to it. */
  readonly alone: boolean
}

interface Found {
  readonly prefix: Prefix
  readonly owners: number[]
  readonly hosts: Place[]
}

/**
 * A subnet is owned by the nodes that forward into it, an address of `lo` by its node. Hosts forward nothing, so where
 * only hosts have addresses in a subnet, each owns just its own.
 */
export function findDestinations(terrain: Terrain, places: readonly Place[]): readonly Destination[] {
  const found = new Map<string, Found>()
  for (const place of places) {
    if (!place.shared) continue
    const { node, interface: one } = terrain.ports[place.port]!
    const entry = found.get(place.key) ?? { prefix: place.network, owners: [], hosts: [] }
    if (entry.owners.length + entry.hosts.length === 0) found.set(place.key, entry)
    if (one.kind !== 'loopback' && !(terrain.forwards[node] && one.up)) entry.hosts.push(place)
    // Places come node by node, so that a node that is there already is the last.
    else if (entry.owners.at(-1) !== node) entry.owners.push(node)
  }
  const all = [...found.values()]
  const shared = all.filter(({ owners }) => owners.length > 0)
  const hosts = all.filter(({ owners }) => owners.length === 0).flatMap(entry => entry.hosts)
  return [
    ...shared.map(({ prefix, owners }) => ({ prefix, owners, alone: false })),
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

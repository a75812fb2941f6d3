/** A network and what is made in it → how many entries its ends will put into the neighbour tables, by family. */
import type { End, Family, InterfaceAddress, Network } from '../../model/network.js'
import type { Address } from '../../model/state.js'

/**
 * The least that a lab in use has: each end of a segment knows one other, its gateway, say, and that one knows it too. For a
 * cable these are all. On a LAN everybody may talk to everybody, but hardly does, and n(n − 1) would warn of every large one.
 * Link-local addresses and multicast groups have entries besides, which the kernel gives up first.
 */
export function neighboursOf(network: Network, created: readonly Address[]): ReadonlyMap<Family, number> {
  const result = new Map<Family, number>()
  const added = addedTo(created)
  if (added.size === 0) return result
  const held = addressesOf(network)
  for (const { ends } of network.segments) {
    if (!ends.some(({ node }) => added.has(node))) continue
    for (const family of [4, 6] as const) {
      const having = ends.filter(end => held(end).some(address => address.family === family))
      const before = having.filter(end => added.get(end.node)?.get(end.interface)?.has(family) !== true)
      const more = between(having.length) - between(before.length)
      if (more > 0) result.set(family, (result.get(family) ?? 0) + more)
    }
  }
  return result
}

/** So many entries come of so many ends that know one of them, and are known by it. */
const between = (ends: number) => 2 * Math.max(0, ends - 1)

/** By node and interface, the families that it gets addresses of. */
function addedTo(created: readonly Address[]): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<Family>>> {
  const nodes = new Map<string, Map<string, Set<Family>>>()
  for (const { node, dev, family } of created) {
    const devices = entry(nodes, node, () => new Map<string, Set<Family>>())
    entry(devices, dev, () => new Set<Family>()).add(family)
  }
  return nodes
}

/** What an end's interface has; a node's are looked up once, as one may have thousands. */
function addressesOf({ nodes }: Network): (end: End) => readonly InterfaceAddress[] {
  const byName = new Map(nodes.map(node => [node.name, node]))
  const known = new Map<string, ReadonlyMap<string, readonly InterfaceAddress[]>>()
  return end => {
    const interfacesOf = () => new Map(byName.get(end.node)?.interfaces.map(i => [i.name, i.addresses]))
    return entry(known, end.node, interfacesOf).get(end.interface) ?? []
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

/** A network in, its interfaces numbered and gathered into broadcast domains out: what both families have in common. */
import type { End, Interface, Network } from '../../model/network.js'

/** An interface with the number of its node; its own number is its index. */
export interface Port {
  readonly node: number
  readonly interface: Interface
}

export interface Terrain {
  readonly ports: readonly Port[]
  /** By node: its first port's number; one more at the end. */
  readonly firstPort: Int32Array
  /** Ports that hear each other and take part in computed routes. */
  readonly domains: readonly (readonly number[])[]
  /** Ports of links with `routing: false`: their addresses are no destinations. */
  readonly leftOut: ReadonlySet<number>
  /** By node: whether it forwards for others. */
  readonly forwards: readonly boolean[]
}

type PortOf = (end: End) => number | undefined

export function survey(network: Network): Terrain {
  const ports: Port[] = []
  const firstPort = new Int32Array(network.nodes.length + 1)
  const numbers = new Map<string, Map<string, number>>()
  for (const [node, { name, interfaces }] of network.nodes.entries()) {
    numbers.set(name, new Map(interfaces.map((one, i) => [one.name, ports.length + i])))
    for (const one of interfaces) ports.push({ node, interface: one })
    firstPort[node + 1] = ports.length
  }
  const portOf: PortOf = end => numbers.get(end.node)?.get(end.interface)
  const forwards = network.nodes.map(node => node.kind === 'router')
  return { ports, firstPort, domains: findDomains(network, portOf), leftOut: portsLeftOut(network, portOf), forwards }
}

function portsLeftOut(network: Network, portOf: PortOf): ReadonlySet<number> {
  const ends = network.segments.filter(segment => !segment.routing).flatMap(segment => segment.ends)
  return new Set(ends.map(portOf).filter(port => port !== undefined))
}

/**
 * A segment's ends, and what stands on them in their nodes: the bridge that an end is a port of, a macvlan. Segments
 * that share such a bridge are one domain.
 */
function findDomains(network: Network, portOf: PortOf): number[][] {
  const above = portsAbove(network, portOf)
  const domainOf = new Map<number, Set<number>>()
  const domains = new Set<Set<number>>()
  for (const segment of network.segments) {
    if (!segment.routing) continue
    const ends = segment.ends.map(portOf).filter(port => port !== undefined)
    const domain = new Set(ends.flatMap(port => [port, ...(above.get(port) ?? [])]))
    for (const met of new Set([...domain].map(port => domainOf.get(port)))) {
      if (met === undefined) continue
      domains.delete(met)
      for (const port of met) domain.add(port)
    }
    for (const port of domain) domainOf.set(port, domain)
    domains.add(domain)
  }
  return [...domains].map(domain => [...domain].sort((a, b) => a - b))
}

/** By port: the bridge it belongs to, and every macvlan on either. */
function portsAbove(network: Network, portOf: PortOf): ReadonlyMap<number, readonly number[]> {
  const above = new Map<number, number[]>()
  const add = (below: number | undefined, port: number | undefined) => {
    if (below === undefined || port === undefined) return
    const list = above.get(below)
    if (list === undefined) above.set(below, [port])
    else list.push(port)
  }
  for (const node of network.nodes)
    for (const { name, kind, bridge, parent } of node.interfaces) {
      const port = portOf({ node: node.name, interface: name })
      if (bridge !== undefined) add(port, portOf({ node: node.name, interface: bridge }))
      if (kind === 'macvlan' && parent !== undefined) add(portOf({ node: node.name, interface: parent }), port)
    }
  for (const [port, list] of above)
    for (const upper of [...list]) for (const top of above.get(upper) ?? []) add(port, top)
  return above
}

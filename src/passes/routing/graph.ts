/** One family's ways: which node leaves by which interface into which subnet, and which nodes' interfaces stand there. */
import { contains, hostPrefix, type Prefix } from '../../model/ip.js'
import type { Place } from './places.js'
import type { Terrain } from './terrain.js'

/**
 * Nodes and subnets in turn: a node leaves into a subnet of one of its interfaces, at that interface's cost, and from
 * there enters, at no cost, every node that has an address in it. Rows are packed: those of node `n` are
 * `outStart[n]` to `outStart[n + 1]`.
 */
export interface Graph {
  readonly nodes: number
  readonly subnets: number
  readonly outStart: Int32Array
  readonly outSubnet: Int32Array
  readonly outPort: Int32Array
  readonly outCost: Float64Array
  readonly inStart: Int32Array
  readonly inNode: Int32Array
  readonly inPort: Int32Array
}

interface Subnet {
  /** Ports with this very prefix: what leaves here. */
  readonly ports: readonly number[]
  /** One address a port that lies within: what can be a next hop. */
  readonly places: readonly Place[]
}

/** The graph, and the next-hop address of each row of `inPort`. */
export function buildGraph(terrain: Terrain, places: readonly Place[]): { graph: Graph; addresses: readonly string[] } {
  const subnets = findSubnets(terrain, places)
  const nodes = terrain.forwards.length
  const outs = subnets.flatMap((subnet, number) => subnet.ports.map(port => ({ number, port })))
  outs.sort((a, b) => a.port - b.port || a.number - b.number)
  const ins = subnets.flatMap(subnet => subnet.places)
  const graph = {
    nodes,
    subnets: subnets.length,
    outStart: starts(
      outs.map(out => terrain.ports[out.port]!.node),
      nodes,
    ),
    outSubnet: Int32Array.from(outs, out => out.number),
    outPort: Int32Array.from(outs, out => out.port),
    outCost: Float64Array.from(outs, out => terrain.ports[out.port]!.interface.cost),
    inStart: starts(
      subnets.flatMap((subnet, number) => subnet.places.map(() => number)),
      subnets.length,
    ),
    inNode: Int32Array.from(ins, place => terrain.ports[place.port]!.node),
    inPort: Int32Array.from(ins, place => place.port),
  }
  return { graph, addresses: ins.map(place => place.text) }
}

/** Whether two families' graphs are one, so that paths need finding only once. */
export function sameGraph(a: Graph, b: Graph): boolean {
  const same = (x: Int32Array | Float64Array, y: Int32Array | Float64Array) =>
    x.length === y.length && x.every((value, i) => value === y[i])
  return (
    same(a.outStart, b.outStart) &&
    same(a.outSubnet, b.outSubnet) &&
    same(a.outPort, b.outPort) &&
    same(a.inStart, b.inStart) &&
    same(a.inPort, b.inPort)
  )
}

function findSubnets(terrain: Terrain, places: readonly Place[]): readonly Subnet[] {
  const byPort = new Map<number, Place[]>()
  for (const place of places) {
    if (!place.shared || !terrain.ports[place.port]!.interface.up) continue
    const list = byPort.get(place.port)
    if (list === undefined) byPort.set(place.port, [place])
    else list.push(place)
  }
  return terrain.domains.flatMap(domain => subnetsOf(domain.flatMap(port => byPort.get(port) ?? [])))
}

/** The subnets of one domain; those in which nobody has a neighbour are left out. */
function subnetsOf(places: readonly Place[]): readonly Subnet[] {
  const byPrefix = new Map<string, { readonly prefix: Prefix; readonly ports: Set<number> }>()
  for (const { port, network, key } of places) {
    const known = byPrefix.get(key)
    if (known === undefined) byPrefix.set(key, { prefix: network, ports: new Set([port]) })
    else known.ports.add(port)
  }
  const subnets: Subnet[] = []
  for (const [key, { prefix, ports }] of byPrefix) {
    const within = places.filter(place => place.key === key || contains(prefix, hostPrefix(place.prefix)))
    const inside = firstOfEachPort(within)
    if (inside.length > 1) subnets.push({ ports: [...ports], places: inside })
  }
  return subnets
}

function firstOfEachPort(places: readonly Place[]): readonly Place[] {
  const seen = new Set<number>()
  return places.filter(({ port }) => !seen.has(port) && seen.add(port))
}

/** Where the rows of each of `count` owners start, from the rows' owners in order. */
function starts(owners: readonly number[], count: number): Int32Array {
  const result = new Int32Array(count + 1)
  for (const owner of owners) result[owner + 1]!++
  for (let i = 0; i < count; i++) result[i + 1]! += result[i]!
  return result
}

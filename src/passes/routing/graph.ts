/** One family's ways: which node leaves by which interface into which subnet, and which nodes' interfaces stand there. */
import { classify, contains, formatPrefix, hostPrefix, networkOf, type Prefix, parseAddress } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
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

/** An address that takes part in computed routes. */
export interface Place {
  readonly port: number
  readonly text: string
  /** Host bits included. */
  readonly prefix: Prefix
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

/** The addresses of one family that others may want to reach or to pass by. */
export function findPlaces(terrain: Terrain, family: Family): readonly Place[] {
  const places: Place[] = []
  for (const [port, { interface: one }] of terrain.ports.entries()) {
    if (terrain.leftOut.has(port)) continue
    for (const { family: its, address, prefixLength } of one.addresses) {
      const parsed = its === family ? parseAddress(address) : undefined
      if (parsed === undefined || isOwnMatter(parsed)) continue
      places.push({ port, text: address, prefix: { ...parsed, length: prefixLength } })
    }
  }
  return places
}

/** Every node has such addresses, so no route can lead to them; 169.254.0.0/16 is often used on links, and stays. */
function isOwnMatter(address: Parameters<typeof classify>[0]): boolean {
  const type = classify(address)
  return type === 'loopback' || (type === 'link-local' && address.family === 6)
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
    if (!terrain.ports[place.port]!.interface.up) continue
    const list = byPort.get(place.port)
    if (list === undefined) byPort.set(place.port, [place])
    else list.push(place)
  }
  return terrain.domains.flatMap(domain => subnetsOf(domain.flatMap(port => byPort.get(port) ?? [])))
}

/** The subnets of one domain; those in which nobody has a neighbour are left out. */
function subnetsOf(places: readonly Place[]): readonly Subnet[] {
  const byPrefix = new Map<string, { readonly prefix: Prefix; readonly ports: Set<number> }>()
  for (const { port, prefix } of places) {
    const network = networkOf(prefix)
    const text = formatPrefix(network)
    const entry = byPrefix.get(text) ?? { prefix: network, ports: new Set() }
    byPrefix.set(text, entry)
    entry.ports.add(port)
  }
  return [...byPrefix.values()].flatMap(({ prefix, ports }) => {
    const inside = firstOfEachPort(places.filter(place => contains(prefix, hostPrefix(place.prefix))))
    return inside.length < 2 ? [] : [{ ports: [...ports], places: inside }]
  })
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

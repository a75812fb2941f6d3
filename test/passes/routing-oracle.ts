/** A network in, where each address should go from each node out: by trying every neighbour, with no thought of speed. */
import { contains, hostPrefix, networkOf, type Prefix, parseAddress, parsePrefix } from '../../src/model/ip.js'
import type { Family, Interface, Network, Node, RouteEntry } from '../../src/model/network.js'

/** Next hops as `VIA DEV`, sorted; or what the node does itself. */
export type Decision = readonly string[] | 'connected' | 'written' | 'none'

interface Way {
  readonly from: Node
  readonly to: Node
  readonly cost: number
  readonly hop: string
}

/** A prefix that routes lead to. */
export interface Goal {
  readonly prefix: Prefix
  readonly owners: ReadonlySet<Node>
  /** A host’s own address in a subnet without a router. */
  readonly alone: boolean
}

export const prefixesOf = (one: Interface, family: Family): readonly Prefix[] =>
  one.addresses
    .filter(address => address.family === family)
    .map(({ address, prefixLength }) => parsePrefix(`${address}/${prefixLength}`)!)

/** Of each ordered pair of interfaces of a segment, the first next hop that fits. */
export function ways(network: Network, family: Family): readonly Way[] {
  const nodes = new Map(network.nodes.map(node => [node.name, node]))
  return network.segments
    .filter(segment => segment.routing)
    .flatMap(({ ends }) => {
      const stand = ends.map(end => {
        const node = nodes.get(end.node)!
        return { node, one: node.interfaces.find(({ name }) => name === end.interface)! }
      })
      return stand.flatMap(from =>
        stand.filter(to => to.node !== from.node).flatMap(to => wayBetween(from, to, family)),
      )
    })
}

type Standing = { readonly node: Node; readonly one: Interface }

function wayBetween(from: Standing, to: Standing, family: Family): readonly Way[] {
  const own = prefixesOf(from.one, family)
  const via = to.one.addresses.find(
    ({ family: its, address }) => its === family && own.some(prefix => contains(prefix, parseAddress(address)!)),
  )
  if (via === undefined) return []
  return [{ from: from.node, to: to.node, cost: from.one.cost, hop: `${via.address} ${from.one.name}` }]
}

/** Every subnet and loopback that takes part; of subnets without a router, the addresses. */
export function goals(network: Network, family: Family): readonly Goal[] {
  const off = new Set(
    network.segments.filter(s => !s.routing).flatMap(s => s.ends.map(e => `${e.node}:${e.interface}`)),
  )
  const found = new Map<string, { prefix: Prefix; owners: Set<Node>; hosts: { node: Node; prefix: Prefix }[] }>()
  for (const node of network.nodes)
    for (const one of node.interfaces.filter(({ name }) => !off.has(`${node.name}:${name}`)))
      for (const prefix of prefixesOf(one, family)) {
        const { bits, length } = networkOf(prefix)
        const entry = found.get(`${bits}/${length}`) ?? { prefix: networkOf(prefix), owners: new Set(), hosts: [] }
        found.set(`${bits}/${length}`, entry)
        if (node.kind === 'router' || one.kind === 'loopback') entry.owners.add(node)
        else entry.hosts.push({ node, prefix: hostPrefix(prefix) })
      }
  const shared = [...found.values()].filter(({ owners }) => owners.size > 0)
  const hosts = [...found.values()].filter(({ owners }) => owners.size === 0).flatMap(entry => entry.hosts)
  const ownersOf = (bits: bigint) => new Set(hosts.filter(host => host.prefix.bits === bits).map(host => host.node))
  return [
    ...shared.map(({ prefix, owners }) => ({ prefix, owners, alone: false })),
    ...hosts.map(({ prefix }) => ({ prefix, owners: ownersOf(prefix.bits), alone: true })),
  ]
}

/** By node: how far the nearest owner is (Bellman-Ford). */
export function distances(goal: Goal, all: readonly Way[]): ReadonlyMap<Node, number> {
  const result = new Map([...goal.owners].map(owner => [owner, 0]))
  for (let changed = true; changed; ) {
    changed = false
    for (const { from, to, cost } of all) {
      if (!result.has(to) || (to.kind !== 'router' && !goal.owners.has(to))) continue
      const length = cost + result.get(to)!
      if (length >= (result.get(from) ?? Number.POSITIVE_INFINITY)) continue
      result.set(from, length)
      changed = true
    }
  }
  return result
}

/** What the node should do with each of the addresses. */
export function createOracle(network: Network, family: Family): (node: Node, address: Prefix) => Decision {
  const all = ways(network, family)
  const known = goals(network, family).map(goal => ({ ...goal, distance: distances(goal, all) }))
  const hops = (node: Node, { owners, distance }: (typeof known)[number]): readonly string[] => {
    if (owners.has(node)) return []
    const good = all.filter(
      way =>
        way.from === node &&
        (way.to.kind === 'router' || owners.has(way.to)) &&
        distance.has(way.to) &&
        way.cost + distance.get(way.to)! === distance.get(node),
    )
    return [...new Set(good.map(way => way.hop))].sort()
  }
  return (node, address) => {
    const connected = node.interfaces.flatMap(one => prefixesOf(one, family)).map(networkOf)
    const written = node.routes.filter(r => r.family === family && r.table === 254).map(r => parsePrefix(r.to)!)
    const reached = (alone: boolean) =>
      known
        .filter(goal => goal.alone === alone)
        .map(goal => ({ prefix: goal.prefix, decision: hops(node, goal) as Decision }))
        .filter(({ decision }) => decision.length > 0)
    const shared = longestMatch(address, [
      ...connected.map(prefix => ({ prefix, decision: 'connected' as const })),
      ...written.map(prefix => ({ prefix, decision: 'written' as const })),
      ...reached(false),
    ])
    // A host's own address in a subnet that the node is connected to needs no route.
    if (shared?.decision === 'connected' || shared?.prefix.length === address.length) return shared.decision
    return longestMatch(address, [...(shared === undefined ? [] : [shared]), ...reached(true)])?.decision ?? 'none'
  }
}

interface Choice {
  readonly prefix: Prefix
  readonly decision: Decision
}

/** Of several of one length the first. */
function longestMatch(address: Prefix, choices: readonly Choice[]): Choice | undefined {
  const matching = choices.filter(({ prefix }) => contains(prefix, address))
  const longest = Math.max(...matching.map(({ prefix }) => prefix.length))
  return matching.find(({ prefix }) => prefix.length === longest)
}

/** What the node does with the address, by longest-prefix match over what it has. */
export function forward(node: Node, routes: readonly RouteEntry[], address: Prefix): Decision {
  const { family } = address
  const connected = node.interfaces.flatMap(one => prefixesOf(one, family)).map(networkOf)
  const own = node.routes.filter(r => r.family === family && r.table === 254).map(r => parsePrefix(r.to)!)
  const choices: readonly Choice[] = [
    ...connected.map(prefix => ({ prefix, decision: 'connected' as const })),
    ...own.map(prefix => ({ prefix, decision: 'written' as const })),
    ...routes
      .filter(route => route.family === family)
      .map(route => ({
        prefix: parsePrefix(route.to)!,
        decision: route.nextHops.map(({ via, dev }) => `${via} ${dev}`).sort(),
      })),
  ]
  return longestMatch(address, choices)?.decision ?? 'none'
}

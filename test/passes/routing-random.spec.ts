/** Computed routes of random networks, held against a plain reckoning of every shortest way. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatAddress, lastOf, networkOf, type Prefix, parsePrefix, width } from '../../src/model/ip.js'
import type { Family, Network, Node, RouteEntry } from '../../src/model/network.js'
import { computeRoutes } from '../../src/passes/routing.js'
import { network } from './networks.js'
import { createOracle, type Decision, distances, forward, goals, prefixesOf, ways } from './routing-oracle.js'

const lengths = [32, 31, 30, 29, 28] as const
const small = fc.record({
  kinds: fc.array(fc.constantFrom('router', 'router', 'router', 'host'), { minLength: 2, maxLength: 7 }),
  blocks: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 10 }),
  loopbacks: fc.array(fc.tuple(fc.nat(6), fc.nat(31), fc.constantFrom(...lengths)), { maxLength: 8 }),
  written: fc.array(fc.tuple(fc.nat(6), fc.nat(511), fc.constantFrom(0, 22, 23, 24, 26, 28, 29, 31)), { maxLength: 3 }),
  details: fc.array(
    fc.record({
      nodes: fc.uniqueArray(fc.nat(6), { minLength: 2, maxLength: 4 }),
      costs: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
      families: fc.constantFrom('both' as const, 'both' as const, 'both' as const, 'v4' as const, 'v6' as const),
    }),
    { minLength: 10, maxLength: 10 },
  ),
  off: fc.option(fc.nat(9), { freq: 3 }),
  stride: fc.constant<number>(6),
})

type Draft = typeof small extends fc.Arbitrary<infer T> ? T : never

/** The same bits in both families: 10.0.0.0/23 and fd00::/119. */
const prefixText = (family: Family, bits: number, length: number) =>
  family === 4 ? `10.0.${bits >> 8}.${bits & 255}/${length}` : `fd00::${bits.toString(16)}/${length + 96}`

const everything = (family: Family) => (family === 4 ? '0.0.0.0/0' : '::/0')

/** Segments take blocks of four or eight addresses below 10.0.0.0/24, loopbacks lie in 10.0.1.0/24. */
function describeNetwork({ kinds, blocks, details, loopbacks, written, off, stride }: Draft): string {
  const names = kinds.map((kind, i) => `${kind === 'router' ? 'r' : 'h'}${i}`)
  const both = (make: (family: Family) => string, families = 'both') =>
    [...(families === 'v6' ? [] : [make(4)]), ...(families === 'v4' ? [] : [make(6)])].join(',')
  const nodes = kinds.map((kind, i) => {
    const own = loopbacks.filter(([node]) => node % kinds.length === i)
    const addresses = own.map(([, bits, length]) => both(family => prefixText(family, 256 + bits, length)))
    return `${kind} ${names[i]}${own.length > 0 ? ` lo=${[...new Set(addresses)].join(',')}` : ''}`
  })
  const segments = blocks.map((block, i) => {
    const { nodes: members, costs, families } = details[i]!
    const here = [...new Set(members.map(member => member % kinds.length))]
    const pair = here.length <= 2
    const base = block * stride - ((block * stride) % (pair ? 2 : 8))
    const ends = here.map((node, end) => {
      const addresses = both(family => prefixText(family, base + end + (pair ? 0 : 1), pair ? 31 : 29), families)
      return `${names[node]}:eth${i}=${addresses}*${costs[end]}`
    })
    return `${ends.join(' ')}${off === i ? ' off' : ''}`
  })
  const own = written.flatMap(([node, bits, length]) =>
    ([4, 6] as const).map(family => {
      const masked = length === 0 ? 0 : bits - (bits % 2 ** (32 - length))
      const to = length === 0 ? everything(family) : prefixText(family, masked, length)
      return `${names[node % kinds.length]} writes ${to}`
    }),
  )
  return [...nodes, ...segments, ...own].join('\n')
}

/** Without prefixes inside of others, which may lead to where nobody forwards. */
const apart = (draft: Draft): Draft => ({
  ...draft,
  written: [],
  stride: 8,
  loopbacks: draft.loopbacks.map(([node, bits]) => [node, bits, 32]),
})

/** Every prefix that the network has: of interfaces, and of routes that nodes have written. */
const prefixesIn = (lab: Network, family: Family): readonly Prefix[] =>
  lab.nodes.flatMap(node => [
    ...node.interfaces.flatMap(one => prefixesOf(one, family)),
    ...destinationsOf(node.routes, family),
  ])

const destinationsOf = (routes: readonly RouteEntry[], family: Family): readonly Prefix[] =>
  routes.filter(route => route.family === family).map(route => parsePrefix(route.to)!)

/**
 * The first and last address of every prefix, and their neighbours. Where no prefix begins or ends, nothing changes
 * from one address to the next: what holds for these holds for all.
 */
function probes(prefixes: readonly Prefix[], family: Family): readonly Prefix[] {
  const most = 2n ** BigInt(width(family)) - 1n
  const bits = new Set(prefixes.flatMap(prefix => around(networkOf(prefix).bits, prefix.bits, lastOf(prefix).bits)))
  return [...bits].filter(one => one >= 0n && one <= most).map(one => ({ family, bits: one, length: width(family) }))
}

const around = (...bits: readonly bigint[]) => bits.flatMap(one => [one - 1n, one, one + 1n])

/** The routers that stand where a host has its only way out: its default route may lead there, whatever is nearer. */
function gateways(lab: Network, node: Node, family: Family): ReadonlySet<string> {
  const found = ways(lab, family).filter(way => way.from === node)
  const single = node.kind !== 'router' && new Set(found.map(way => way.hop.split(' ')[1])).size === 1
  return new Set(single ? found.filter(way => way.to.kind === 'router').map(way => way.hop) : [])
}

function check(lab: Network): void {
  const computed = computeRoutes(lab)
  for (const family of [4, 6] as const) {
    const oracle = createOracle(lab, family)
    const known = prefixesIn(lab, family)
    for (const node of lab.nodes) {
      const routes = computed.get(node.name) ?? []
      const addresses = probes([...known, ...destinationsOf(routes, family)], family)
      const routers = gateways(lab, node, family)
      const toRouter = (decision: Decision) => typeof decision === 'object' && decision.every(hop => routers.has(hop))
      for (const address of addresses) {
        const expected = oracle(node, address)
        const actual = forward(node, routes, address)
        const byDefault = routers.size > 0 && (expected === 'none' || typeof expected === 'object')
        if (byDefault && !toRouter(expected) && toRouter(actual)) continue
        assert.deepEqual(actual, expected, `${node.name} to ${formatAddress(address)}`)
      }
    }
  }
}

/** Follows every next hop from every node to every address that it has a way to. */
function walkAll(lab: Network): void {
  const computed = computeRoutes(lab)
  const nodes = new Map(lab.nodes.map(node => [node.name, node]))
  const holders = new Map<string, Node>()
  for (const segment of lab.segments)
    for (const end of segment.ends)
      for (const { address } of nodes.get(end.node)!.interfaces.find(i => i.name === end.interface)!.addresses)
        holders.set(`${lab.segments.indexOf(segment)} ${address}`, nodes.get(end.node)!)
  for (const family of [4, 6] as const)
    for (const goal of goals(lab, family))
      for (const start of distances(goal, ways(lab, family)).keys())
        follow(start, { ...goal.prefix, length: width(family) }, [])

  function follow(node: Node, address: Prefix, seen: readonly Node[]): void {
    assert.ok(!seen.includes(node), `a loop: ${[...seen, node].map(one => one.name)} to ${formatAddress(address)}`)
    const decision: Decision = forward(node, computed.get(node.name) ?? [], address)
    if (typeof decision === 'string') return assert.equal(decision, 'connected')
    assert.ok(seen.length === 0 || node.kind === 'router', `${node.name} does not forward`)
    for (const hop of decision) {
      const [via, dev] = hop.split(' ')
      const segment = lab.segments.findIndex(s => s.ends.some(e => e.node === node.name && e.interface === dev))
      const next = holders.get(`${segment} ${via}`)
      assert.ok(next !== undefined, `${via} stands on no segment of ${node.name}:${dev}`)
      follow(next, address, [...seen, node])
    }
  }
}

describe('routing of random networks', () => {
  const runs = { numRuns: 100, seed: 1 }

  it('uses exactly the shortest ways, for every address, whatever was merged', () => {
    fc.assert(
      fc.property(small, draft => check(network(describeNetwork(draft)))),
      runs,
    )
  })

  it('has no loops, and asks no host to forward', () => {
    fc.assert(
      fc.property(small, draft => walkAll(network(describeNetwork(apart(draft))))),
      runs,
    )
  })

  it('gives the same for the same', () => {
    fc.assert(
      fc.property(small, draft => {
        const text = describeNetwork(draft)
        assert.deepEqual([...computeRoutes(network(text))], [...computeRoutes(network(text))])
      }),
      { numRuns: 20 },
    )
  })
})

/** Prefixes from pools, and hosts from subnets. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { contains, formatAddress, overlaps, parseAddress, parsePrefix } from '../../src/model/ip.js'
import { assignPools, type Demand, fillSubnet, type Pools } from '../../src/passes/addressing.js'

const free = (subnet: string, taken: readonly string[], count: number): readonly string[] | undefined =>
  fillSubnet(
    parsePrefix(subnet)!,
    taken.map(text => parseAddress(text)!.bits),
    count,
  )?.map(formatAddress)

const both = [4, 6] as const
const cable = (a: string, b: string): Demand => ({
  ...{ key: `${a}|${b}`, size: 2, lan: false, nodes: [a, b], at: [], families: both },
})
const lan = (key: string, ...nodes: string[]): Demand => ({
  ...{ key, size: nodes.length, lan: true, nodes, at: [], families: both },
})
const loopback = (node: string): Demand => ({
  ...{ key: `lo:${node}`, size: 1, lan: false, nodes: [node], at: [], families: both },
})
const pools = (links: readonly string[], loopbacks: readonly string[] = [], more: Partial<Pools> = {}): Pools => ({
  ...{ lab: 'test', links, loopbacks, ipv6: true, taken: [], at: ['addressing'] },
  ...more,
})
const lines = ({ prefixes }: ReturnType<typeof assignPools>) =>
  [...prefixes].map(([key, list]) => `${key} ${list.join(' ')}`).sort()

describe('addressing', () => {
  it('gives cables, LANs and loopbacks what the language says', () => {
    const links = [cable('a', 'b'), lan('lan1', 'a', 'x', 'y'), lan('lan2', 'b', 'z'), cable('b', 'c')]
    const given = assignPools(
      links,
      ['a', 'b'].map(loopback),
      pools(['10.128.0.0/9', 'fd00::/48'], ['10.255.0.0/16', 'fd01::/64']),
    )
    assert.deepEqual(given.diagnostics, [])
    assert.deepEqual(lines(given), [
      'a|b 10.128.0.12/31 fd00:0:0:2::/127',
      'b|c 10.128.0.14/31 fd00:0:0:2::2/127',
      'lan1 10.128.0.0/29 fd00::/64',
      'lan2 10.128.0.8/30 fd00:0:0:1::/64',
      'lo:a 10.255.0.1/32 fd01::1/128',
      'lo:b 10.255.0.2/32 fd01::2/128',
    ])
  })

  it('makes IPv6 of its own from the lab’s name, unless told not to', () => {
    const ask = (more: Partial<Pools>) =>
      lines(assignPools([cable('a', 'b')], [loopback('a')], pools(['10.128.0.0/9'], ['10.255.0.0/16'], more)))
    const [link, lo] = ask({})
    assert.match(link!, /^a\|b 10\.128\.0\.0\/31 fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::\/127$/)
    const site = /fd.*(?=::)/.exec(link!)![0]
    assert.equal(lo, `lo:a 10.255.0.1/32 ${site}:ffff::1/128`)
    assert.deepEqual(ask({}), ask({}))
    assert.notDeepEqual(ask({}), ask({ lab: 'other' }))
    assert.deepEqual(ask({ ipv6: false }), ['a|b 10.128.0.0/31', 'lo:a 10.255.0.1/32'])
    const own = assignPools([cable('a', 'b')], [], pools(['10.0.0.0/8', 'fd00::/48'], [], { ipv6: false }))
    assert.deepEqual(lines(own), ['a|b 10.0.0.0/31 fd00::/127'])
    assert.deepEqual(lines(assignPools([cable('a', 'b')], [], pools(['fd00::/48']))), ['a|b fd00::/127'])
  })

  it('gives a demand only the families that it wants', () => {
    const four = { ...cable('a', 'b'), families: [4] } as const
    const six = { ...cable('b', 'c'), families: [6] } as const
    const given = assignPools([four, six], [], pools(['10.0.0.0/8', 'fd00::/48']))
    assert.deepEqual(lines(given), ['a|b 10.0.0.0/31', 'b|c fd00::/127'])
  })

  it('keeps out of pools inside of pools, and of what the file uses', () => {
    const links = [cable('a', 'b'), cable('b', 'c')]
    const inside = assignPools(links, ['a', 'b'].map(loopback), pools(['10.0.0.0/8'], ['10.0.0.0/30'], { ipv6: false }))
    assert.deepEqual(lines(inside), ['a|b 10.0.0.4/31', 'b|c 10.0.0.6/31', 'lo:a 10.0.0.1/32', 'lo:b 10.0.0.2/32'])
    const outside = assignPools(links, [loopback('a')], pools(['10.0.0.0/30'], ['10.0.0.0/29'], { ipv6: false }))
    assert.deepEqual(lines(outside), ['a|b 10.0.0.0/31', 'b|c 10.0.0.2/31', 'lo:a 10.0.0.4/32'])
    const same = assignPools(links, [loopback('a')], pools(['10.0.0.0/29'], ['10.0.0.0/29'], { ipv6: false }))
    assert.deepEqual(lines(same), ['a|b 10.0.0.2/31', 'b|c 10.0.0.4/31', 'lo:a 10.0.0.1/32'])
    const taken = pools(['10.0.0.0/28'], [], { ipv6: false, taken: ['10.0.0.1/32', '10.0.0.4/30', '10.9.0.0/16'] })
    assert.deepEqual(lines(assignPools(links, [], taken)), ['a|b 10.0.0.2/31', 'b|c 10.0.0.8/31'])
  })

  it('numbers neighbours together', () => {
    const ring = ['a', 'b', 'c', 'd', 'e', 'f']
    const shuffled = [cable('a', 'b'), cable('c', 'd'), cable('e', 'f'), cable('b', 'c'), cable('d', 'e')]
    const given = assignPools(shuffled, ring.map(loopback), pools(['10.0.0.0/24'], [], { ipv6: false }))
    const sorted = [...given.prefixes].sort(([, [a]], [, [b]]) => a!.localeCompare(b!, 'en', { numeric: true }))
    assert.deepEqual(
      sorted.map(([key]) => key),
      ['a|b', 'b|c', 'c|d', 'd|e', 'e|f'],
    )
  })

  it('learns neighbours from segments that want nothing, too', () => {
    const office = { ...lan('office', 'gw2', 'h2'), families: [] }
    const los = ['gw1', 'gw2', 'h1', 'h2'].map(loopback)
    const given = assignPools(
      [office, cable('gw1', 'gw2')],
      los,
      pools(['10.1.0.0/24'], ['10.0.0.0/24'], { ipv6: false }),
    )
    assert.deepEqual(lines(given), [
      'gw1|gw2 10.1.0.0/31',
      'lo:gw1 10.0.0.1/32',
      'lo:gw2 10.0.0.2/32',
      'lo:h1 10.0.0.4/32',
      'lo:h2 10.0.0.3/32',
    ])
  })

  it('lets a running lab keep what it has, and places the others around', () => {
    const before = assignPools(
      [cable('a', 'b'), cable('b', 'c')],
      [loopback('b')],
      pools(['10.0.0.0/24'], ['10.1.0.0/24']),
    )
    const assigned = Object.fromEntries(before.prefixes)
    const links = [cable('n', 'a'), cable('a', 'm'), cable('b', 'c')]
    const after = assignPools(links, [loopback('a'), loopback('b')], pools(['10.0.0.0/24'], ['10.1.0.0/24']), assigned)
    assert.deepEqual(after.prefixes.get('b|c'), before.prefixes.get('b|c'))
    assert.deepEqual(after.prefixes.get('lo:b'), before.prefixes.get('lo:b'))
    assert.deepEqual(after.prefixes.get('n|a')![0], '10.0.0.0/31')
    assert.deepEqual(after.prefixes.get('a|m')![0], '10.0.0.4/31')
    assert.deepEqual(after.prefixes.get('lo:a')![0], '10.1.0.2/32')
  })

  it('does not keep what is no longer valid', () => {
    const ask = (text: string, more: Partial<Pools> = {}) =>
      assignPools([cable('a', 'b')], [], pools(['10.0.0.0/24'], [], { ipv6: false, ...more }), {
        'a|b': [text],
      }).prefixes.get('a|b')
    assert.deepEqual(ask('10.0.0.64/31'), ['10.0.0.64/31'])
    assert.deepEqual(ask('10.0.1.0/31'), ['10.0.0.0/31'], 'outside of the pool')
    assert.deepEqual(ask('10.0.0.64/30'), ['10.0.0.0/31'], 'of another size')
    assert.deepEqual(ask('10.0.0.64/31', { taken: ['10.0.0.65/32'] }), ['10.0.0.0/31'], 'used elsewhere')
    assert.deepEqual(ask('nonsense'), ['10.0.0.0/31'])
    const two = { 'a|b': ['10.0.0.8/31'], 'b|c': ['10.0.0.8/31'] }
    const given = assignPools([cable('a', 'b'), cable('b', 'c')], [], pools(['10.0.0.0/24'], [], { ipv6: false }), two)
    assert.deepEqual(new Set([...given.prefixes.values()].flat()), new Set(['10.0.0.8/31', '10.0.0.0/31']))
    const odd = Object.create({ 'a|b': ['10.0.0.64/31'] })
    assert.deepEqual(
      assignPools([cable('a', 'b')], [], pools(['10.0.0.0/24'], [], { ipv6: false }), odd).prefixes.get('a|b'),
      ['10.0.0.0/31'],
    )
  })

  it('says when a pool is full, and which would do', () => {
    const links = Array.from({ length: 9 }, (_, i) => cable(`n${i}`, `n${i + 1}`))
    const { prefixes, diagnostics } = assignPools(links, [], pools(['10.0.0.0/28'], [], { ipv6: false }))
    assert.equal(prefixes.size, 8)
    assert.deepEqual(diagnostics, [
      {
        ...{ code: 'pool-full', severity: 'error', at: { path: ['addressing', 'links'] } },
        message: '10.0.0.0/28 has room for 8 of 9 segments',
        hint: 'a larger pool, such as 10.0.0.0/27',
      },
    ])
    assert.deepEqual(assignPools(links, [], pools(['10.0.0.0/27'], [], { ipv6: false })).diagnostics, [])
    const names = ['a', 'b', 'c']
    const full = assignPools([], names.map(loopback), pools([], ['10.0.0.0/30'], { ipv6: false })).diagnostics
    assert.equal(full[0]!.hint, 'a larger pool, such as 10.0.0.0/29')
  })

  it('never gives two the same, nor anything outside or taken', () => {
    const names = fc.constantFrom(...'abcdefgh')
    const demand = fc.uniqueArray(names, { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(demand, { maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 26, max: 32 })), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(19), fc.nat(127)), { maxLength: 10 }),
        (lists, used, kept) => {
          const links = lists.map((nodes, i) =>
            nodes.length === 2 ? { ...cable(nodes[0]!, nodes[1]!), key: `${i}` } : lan(`${i}`, ...nodes),
          )
          const taken = used.map(([bits, length]) => `10.0.0.${bits}/${length}`)
          const assigned = Object.fromEntries(kept.map(([key, bits]) => [`${key}`, [`10.0.0.${bits * 2}/31`]]))
          const { prefixes, diagnostics } = assignPools(
            links,
            [],
            pools(['10.0.0.0/24'], [], { ipv6: false, taken }),
            assigned,
          )
          const given = [...prefixes.values()].flat().map(text => parsePrefix(text)!)
          const pool = parsePrefix('10.0.0.0/24')!
          for (const [i, one] of given.entries()) {
            assert.ok(contains(pool, one))
            assert.ok(taken.every(text => !overlaps(parsePrefix(text)!, one)))
            assert.ok(given.slice(i + 1).every(other => !overlaps(one, other)))
          }
          assert.equal(diagnostics.length === 0, given.length === links.length)
          for (const { key, size, lan: isLan } of links)
            if (prefixes.has(key)) assert.ok(free(prefixes.get(key)![0]!, [], size), isLan ? 'LAN' : 'cable')
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives ten thousand segments theirs, and lets them keep them', () => {
    const links = Array.from({ length: 10_000 }, (_, i) => cable(`n${i}`, `n${i + 1}`))
    const { prefixes, diagnostics } = assignPools(links, [], pools(['10.128.0.0/9']))
    assert.deepEqual(diagnostics, [])
    const again = assignPools(links, [], pools(['10.128.0.0/9']), Object.fromEntries(prefixes))
    assert.deepEqual(new Map(again.prefixes), new Map(prefixes))
    assert.equal(prefixes.get('n9999|n10000')![0], '10.128.78.30/31')
  })
})

describe('fillSubnet', () => {
  it('gives the next free hosts in order', () => {
    assert.deepEqual(free('10.0.0.0/29', ['10.0.0.2', '10.9.9.9'], 3), ['10.0.0.1', '10.0.0.3', '10.0.0.4'])
    assert.deepEqual(free('10.0.0.0/31', [], 2), ['10.0.0.0', '10.0.0.1'])
    assert.deepEqual(free('fd00::/64', ['fd00:0::1'], 2), ['fd00::2', 'fd00::3'])
    assert.deepEqual(free('fd00::/127', [], 2), ['fd00::', 'fd00::1'])
    assert.deepEqual(free('10.0.0.7/32', [], 1), ['10.0.0.7'])
    assert.deepEqual(free('10.0.0.0/24', [], 0), [])
  })

  it('says when there are not as many', () => {
    assert.equal(free('10.0.0.0/30', [], 3), undefined)
    assert.equal(free('10.0.0.0/30', ['10.0.0.1'], 2), undefined)
    assert.equal(free('10.0.0.0/30', [], 2)?.length, 2)
  })

  it('fills a LAN of a thousand', () => {
    const all = free('10.0.0.0/22', [], 1022)!
    assert.equal(new Set(all).size, 1022)
    assert.ok(all.every(text => contains(parsePrefix('10.0.0.0/22')!, parseAddress(text)!)))
    assert.equal(all.at(-1), '10.0.3.254')
  })
})

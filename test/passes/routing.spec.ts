/** Computed routes: small networks as text, and random ones against a plain reckoning of every shortest way. */
import assert from 'node:assert/strict'
import { computeRoutes } from '../../src/passes/routing.js'
import { network, printRoutes } from './networks.js'

const routes = (text: string) => printRoutes(computeRoutes(network(text)))

describe('routing', () => {
  it('gives a host one default route a family, and routers what they are not connected to', () => {
    const text = `
      host h1
      host h2
      router r1 lo=10.255.0.1/32
      router r2 lo=10.255.0.2/32
      h1:eth0=10.0.1.2/24,fd00:1::2/64 r1:eth0=10.0.1.1/24,fd00:1::1/64
      r1:eth1=10.0.0.0/31,fd00::/127 r2:eth0=10.0.0.1/31,fd00::1/127
      r2:eth1=10.0.2.1/24,fd00:2::1/64 h2:eth0=10.0.2.2/24,fd00:2::2/64`
    assert.deepEqual(routes(text), [
      'h1: 0.0.0.0/0 via 10.0.1.1 eth0',
      'h1: ::/0 via fd00:1::1 eth0',
      'h2: 0.0.0.0/0 via 10.0.2.1 eth0',
      'h2: ::/0 via fd00:2::1 eth0',
      'r1: 10.0.2.0/24 via 10.0.0.1 eth1',
      'r1: 10.255.0.2/32 via 10.0.0.1 eth1',
      'r1: fd00:2::/64 via fd00::1 eth1',
      'r2: 10.0.1.0/24 via 10.0.0.0 eth0',
      'r2: 10.255.0.1/32 via 10.0.0.0 eth0',
      'r2: fd00:1::/64 via fd00:: eth0',
    ])
    const [four, six] = computeRoutes(network(text)).get('h1')!
    const common = { action: 'unicast', table: 254 }
    const hop = { dev: 'eth0', weight: 1, onlink: false }
    assert.deepEqual(four, {
      family: 4,
      to: '0.0.0.0/0',
      nextHops: [{ via: '10.0.1.1', ...hop }],
      metric: 0,
      ...common,
    })
    assert.deepEqual(six, { family: 6, to: '::/0', nextHops: [{ via: 'fd00:1::1', ...hop }], metric: 1024, ...common })
  })

  it('shares between equal costs, and weighs each way by the end it leaves', () => {
    const square = (cost: string) => `
      router a
      router b
      router c
      router d lo=10.255.0.4/32
      a:eth0=10.0.0.0/31 b:eth0=10.0.0.1/31
      a:eth1=10.0.0.2/31${cost} c:eth0=10.0.0.3/31
      b:eth1=10.0.0.4/31 d:eth0=10.0.0.5/31
      c:eth1=10.0.0.6/31 d:eth1=10.0.0.7/31`
    const to = (lines: readonly string[], start: string) => lines.filter(line => line.startsWith(start))
    assert.deepEqual(to(routes(square('')), 'a: 10.255'), ['a: 10.255.0.4/32 via 10.0.0.1 eth0, 10.0.0.3 eth1'])
    assert.deepEqual(to(routes(square('*2')), 'a: 10.255'), ['a: 10.255.0.4/32 via 10.0.0.1 eth0'])
    assert.deepEqual(to(routes(square('*2')), 'd'), [
      'd: 10.0.0.0/31 via 10.0.0.4 eth0',
      'd: 10.0.0.2/31 via 10.0.0.6 eth1',
    ])
  })

  it('never passes through a host', () => {
    const chain = (kind: string) => `
      router r1 lo=10.255.0.1/32
      ${kind} m
      router r2 lo=10.255.0.2/32
      r1:eth0=10.0.0.0/31 m:eth0=10.0.0.1/31
      m:eth1=10.0.0.2/31 r2:eth0=10.0.0.3/31`
    assert.deepEqual(
      routes(chain('router')).filter(line => line.startsWith('r1')),
      ['r1: 10.0.0.2/31 via 10.0.0.1 eth0', 'r1: 10.255.0.2/32 via 10.0.0.1 eth0'],
    )
    assert.deepEqual(routes(chain('host')), [
      'm: 10.255.0.1/32 via 10.0.0.0 eth0',
      'm: 10.255.0.2/32 via 10.0.0.3 eth1',
    ])
  })

  it('reaches the addresses of hosts that have a subnet to themselves', () => {
    const text = `
      router r
      host h1
      host h2
      r:eth0=10.0.0.1/24 h1:eth0=10.0.0.2/24
      h1:eth1=10.9.0.1/24 h2:eth0=10.9.0.2/24`
    assert.deepEqual(routes(text), ['r: 10.9.0.1/32 via 10.0.0.2 eth0'])
  })

  it('sends a prefix with several owners to the nearest', () => {
    const text = `
      router a lo=10.99.0.1/32
      router b
      router c
      router d lo=10.99.0.1/32
      a:eth0=10.0.0.0/31 b:eth0=10.0.0.1/31
      b:eth1=10.0.0.2/31*3 c:eth0=10.0.0.3/31*3
      c:eth1=10.0.0.4/31 d:eth0=10.0.0.5/31`
    assert.deepEqual(
      routes(text).filter(line => line.includes('10.99')),
      ['b: 10.99.0.1/32 via 10.0.0.0 eth0', 'c: 10.99.0.1/32 via 10.0.0.5 eth1'],
    )
  })

  it('gives a host among several routers the nearest for each, and a default for most', () => {
    const text = `
      host h
      router a lo=10.255.0.1/32
      router b lo=10.255.0.2/32
      router c lo=10.255.0.3/32
      h:eth0=10.0.0.9/24 a:eth0=10.0.0.1/24 b:eth0=10.0.0.2/24
      b:eth1=10.0.1.0/31 c:eth0=10.0.1.1/31`
    assert.deepEqual(
      routes(text).filter(line => line.startsWith('h')),
      ['h: 0.0.0.0/0 via 10.0.0.2 eth0', 'h: 10.255.0.1/32 via 10.0.0.1 eth0'],
    )
  })

  it('gives a host a default route to the router of its LAN, even where nothing lies behind', () => {
    const text = `
      host h1 lo=10.255.0.1/32
      host h2 lo=10.255.0.2/32
      router r
      r:eth0=10.0.0.1/24 h1:eth0=10.0.0.2/24 h2:eth0=10.0.0.3/24`
    assert.deepEqual(routes(text), [
      'h1: 0.0.0.0/0 via 10.0.0.1 eth0',
      'h2: 0.0.0.0/0 via 10.0.0.1 eth0',
      'r: 10.255.0.1/32 via 10.0.0.2 eth0',
      'r: 10.255.0.2/32 via 10.0.0.3 eth0',
    ])
    assert.deepEqual(routes(text.replace('router r', 'host r')).slice(0, 2), [
      'h1: 10.255.0.2/32 via 10.0.0.3 eth0',
      'h2: 10.255.0.1/32 via 10.0.0.2 eth0',
    ])
  })

  it('gives that default route though what lies behind is inside a prefix of the host’s own', () => {
    const text = `
      host h1 lo=10.255.0.8/30
      host h2 lo=10.255.0.1/32
      router r lo=10.255.0.9/32
      r:eth0=10.0.0.1/24 h1:eth0=10.0.0.2/24 h2:eth0=10.0.0.3/24`
    assert.deepEqual(routes(text).slice(0, 2), [
      'h1: 0.0.0.0/0 via 10.0.0.1 eth0',
      'h1: 10.255.0.9/32 via 10.0.0.1 eth0',
    ])
  })

  it('leaves out links with routing: false, with their addresses, and interfaces that are down', () => {
    const text = (end: string) => `
      router a
      router b
      router c
      a:eth0=10.0.0.0/31 b:eth0=10.0.0.1/31
      b:eth1=10.0.1.0/31${end}`
    assert.deepEqual(routes(text(' c:eth0=10.0.1.1/31 off')), [])
    assert.deepEqual(routes(text(' c:eth0=10.0.1.1/31')), [
      'a: 10.0.1.0/31 via 10.0.0.1 eth0',
      'c: 10.0.0.0/31 via 10.0.1.0 eth0',
    ])
    assert.deepEqual(routes(text('! c:eth0=10.0.1.1/31')), [])
  })

  it('leaves the routes that a node has written itself, and what they cover', () => {
    const text = (line: string) => `
      router a
      router b lo=10.9.0.0/24,10.9.1.0/24
      a:eth0=10.0.0.0/31 b:eth0=10.0.0.1/31
      ${line}`
    assert.deepEqual(routes(text('')), ['a: 10.9.0.0/23 via 10.0.0.1 eth0'])
    assert.deepEqual(routes(text('a writes 10.9.0.0/24')), ['a: 10.9.1.0/24 via 10.0.0.1 eth0'])
    assert.deepEqual(routes(text('a writes 10.9.0.0/24 table 100')), ['a: 10.9.0.0/23 via 10.0.0.1 eth0'])
    assert.deepEqual(routes(text('a writes 10.9.0.0/23')), [
      'a: 10.9.0.0/24 via 10.0.0.1 eth0',
      'a: 10.9.1.0/24 via 10.0.0.1 eth0',
    ])
    assert.deepEqual(routes(text('a writes 10.9.0.0/20')), ['a: 10.9.0.0/23 via 10.0.0.1 eth0'])
  })

  it('merges around its own prefixes', () => {
    const text = `
      router a
      router b lo=10.0.0.2/31,10.0.0.4/30
      a:eth0=10.0.0.0/31 b:eth0=10.0.0.1/31`
    assert.deepEqual(routes(text), ['a: 10.0.0.0/29 via 10.0.0.1 eth0'])
  })

  it('knows a router’s own bridge, a macvlan, and a switch’s own address', () => {
    const text = `
      router r br0=10.0.0.1/24 lo=10.255.0.1/32
      router q lo=10.255.0.2/32
      host h
      host m
      switch s
      r:eth0<br0 h:eth0=10.0.0.2/24
      r:eth1<br0 q:eth0=10.0.0.3/24 m:eth0
      m:mv0=10.0.0.4/24^eth0 s:br0=10.0.0.5/24 off`
    const bridged = network(text)
    const plain = { ...bridged, segments: [...bridged.segments.slice(0, 2)] }
    assert.deepEqual(printRoutes(computeRoutes(plain)), [
      'r: 10.255.0.2/32 via 10.0.0.3 br0',
      'q: 10.255.0.1/32 via 10.0.0.1 eth0',
      'h: 0.0.0.0/0 via 10.0.0.1 eth0',
      'h: 10.255.0.2/32 via 10.0.0.3 eth0',
      'm: 0.0.0.0/0 via 10.0.0.1 mv0',
      'm: 10.255.0.2/32 via 10.0.0.3 mv0',
    ])
    const ends = [...plain.segments[1]!.ends, { node: 's', interface: 'br0' }]
    const withSwitch = { ...plain, segments: [plain.segments[0]!, { ...plain.segments[1]!, ends }] }
    assert.deepEqual(printRoutes(computeRoutes(withSwitch)).slice(-2), [
      's: 0.0.0.0/0 via 10.0.0.1 br0',
      's: 10.255.0.2/32 via 10.0.0.3 br0',
    ])
  })

  it('computes each family by its own links', () => {
    const text = `
      router a lo=10.255.0.1/32,fd00::1/128
      router b
      router c lo=10.255.0.3/32,fd00::3/128
      a:eth0=10.0.0.0/31 c:eth0=10.0.0.1/31
      a:eth1=fd00:1::/127 b:eth0=fd00:1::1/127
      b:eth1=fd00:2::/127 c:eth1=fd00:2::1/127`
    assert.deepEqual(
      routes(text).filter(line => line.startsWith('a')),
      ['a: 10.255.0.3/32 via 10.0.0.1 eth0', 'a: fd00::3/128 via fd00:1::1 eth1', 'a: fd00:2::/127 via fd00:1::1 eth1'],
    )
  })

  it('counts two subnets between the same two interfaces as one way, and two cables as two', () => {
    const text = `
      router a
      router b lo=10.255.0.2/32
      a:eth0=10.0.0.1/24,10.0.1.1/24 b:eth0=10.0.0.2/24,10.0.1.2/24
      a:eth1=10.0.2.1/24 b:eth1=10.0.2.2/24`
    assert.deepEqual(routes(text)[0], 'a: 10.255.0.2/32 via 10.0.0.2 eth0, 10.0.2.2 eth1')
  })
})

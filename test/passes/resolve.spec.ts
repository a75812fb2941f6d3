/** Topologies in, a compact text of the network out: names, LANs, inheritance, numbering, gateways, routes, rules. */
import assert from 'node:assert/strict'
import type { Interface, Network, Node, RouteEntry, RuleEntry } from '../../src/model/network.js'
import { parse } from '../../src/passes/parse.js'
import { resolve } from '../../src/passes/resolve.js'
import { validate } from '../../src/passes/validate.js'

function resolved(text: string, lab = 't') {
  const parsed = parse({ text, path: `/x/${lab}.yaml`, label: 'lab.yaml', variables: {}, environment: {} })
  assert.deepEqual(parsed.diagnostics, [])
  const topology = validate(parsed.document)
  assert.ok(topology.value, JSON.stringify(topology.diagnostics))
  return { document: parsed.document, ...resolve(parsed.document, topology.value) }
}

/** The network of a text that has neither errors nor warnings. */
function network(text: string, lab?: string): Network {
  const result = resolved(text, lab)
  assert.deepEqual(result.diagnostics, [])
  assert.ok(result.ok)
  return result.value
}

const codes = (text: string) => resolved(text).diagnostics.map(({ code }) => code)

function node(net: Network, name: string): Node {
  const found = net.nodes.find(one => one.name === name)
  assert.ok(found, `no node ${name}`)
  return found
}

function port(net: Network, end: string): Interface {
  const [name, dev] = end.split(':')
  const found = node(net, name!).interfaces.find(one => one.name === dev)
  assert.ok(found, `no interface ${end}`)
  return found
}

const addresses = (net: Network, end: string): string =>
  port(net, end)
    .addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`)
    .join(' ')

const names = (net: Network, name: string): string =>
  node(net, name)
    .interfaces.map(one => one.name + (one.peer ? `>${one.peer.node}:${one.peer.interface}` : ''))
    .join(' ')

function routeText({ to, action, nextHops, table, metric, src, mtu }: RouteEntry): string {
  const hops = nextHops.map(hop => `${hop.via ?? '-'}@${hop.dev}${hop.weight > 1 ? `*${hop.weight}` : ''}`)
  const more = [table === 254 ? '' : `table ${table}`, metric % 1024 === 0 ? '' : `metric ${metric}`]
  const last = [src ? `src ${src}` : '', mtu ? `mtu ${mtu}` : '']
  return [to, action === 'unicast' ? '' : action, ...hops, ...more, ...last].filter(word => word !== '').join(' ')
}

const routes = (net: Network, name: string): readonly string[] => node(net, name).routes.map(routeText)

const rule = ({ at: _, ...entry }: RuleEntry) => entry

describe('resolve: the example of the language', () => {
  const branch = `
name: branch
groups:
  staff: { sysctls: { net.ipv4.tcp_keepalive_time: 60 } }
nodes:
  h1: { group: staff }
  h2: { group: staff }
  gw:
    kind: router
    interfaces:
      lo: { addresses: [10.255.0.1/32, "fd00:ff::1/128"] }
    routes:
      - { to: default, via: 192.0.2.2 }
      - { to: 10.9.0.0/16, via: [192.0.2.2, 192.0.2.6] }
      - { to: default, via: 192.0.2.6, table: 100 }
    rules:
      - { from: 10.0.0.128/25, table: 100, priority: 1000 }
  isp:
    kind: router
    interfaces: { lo: { addresses: [10.9.0.1/16] } }
    routes: [{ to: 10.0.0.0/24, via: gw:wan1 }]
links:
  - name: lan
    endpoints: [gw:lan, h1, h2]
    subnet: [10.0.0.0/24, "fd00:0:0:1::/64"]
    gateway: gw
  - [gw:wan1 192.0.2.1/30, isp:a 192.0.2.2/30]
  - endpoints:
      - { node: gw, interface: wan2, addresses: [192.0.2.5/30], mac: "02:00:00:00:05:01" }
      - isp:b 192.0.2.6/30
    mtu: 1400
`
  const net = network(branch)

  it('has no warning, and the LAN’s switch after the nodes of the file', () =>
    assert.deepEqual(
      net.nodes.map(({ name, kind }) => `${name} ${kind}`),
      ['h1 host', 'h2 host', 'gw router', 'isp router', 'lan switch'],
    ))
  it('names what has no name', () => {
    assert.equal(names(net, 'gw'), 'lo lan>lan:eth0 wan1>isp:a wan2>isp:b')
    assert.equal(names(net, 'lan'), 'lo eth0>gw:lan eth1>h1:eth0 eth2>h2:eth0 br0')
  })
  it('numbers the LAN in order, both families', () => {
    assert.equal(addresses(net, 'gw:lan'), '10.0.0.1/24 fd00:0:0:1::1/64')
    assert.equal(addresses(net, 'h2:eth0'), '10.0.0.3/24 fd00:0:0:1::3/64')
    assert.equal(addresses(net, 'gw:lo'), '10.255.0.1/32 fd00:ff::1/128')
  })
  it('gives the hosts their gateway', () =>
    assert.deepEqual(routes(net, 'h1'), ['0.0.0.0/0 10.0.0.1@eth0', '::/0 fd00:0:0:1::1@eth0']))
  it('resolves routes', () => {
    assert.deepEqual(routes(net, 'gw'), [
      '0.0.0.0/0 192.0.2.2@wan1',
      '10.9.0.0/16 192.0.2.2@wan1 192.0.2.6@wan2',
      '0.0.0.0/0 192.0.2.6@wan2 table 100',
    ])
    assert.deepEqual(routes(net, 'isp'), ['10.0.0.0/24 192.0.2.1@a'])
  })
  it('keeps rules, sysctls of groups with their place, MACs and MTUs', () => {
    assert.deepEqual(node(net, 'gw').rules.map(rule), [
      { family: 4, priority: 1000, not: false, from: '10.0.0.128/25', action: 'table', table: 100 },
    ])
    assert.deepEqual(node(net, 'h1').sysctls.get('net.ipv4.tcp_keepalive_time'), {
      value: '60',
      at: ['groups', 'staff', 'sysctls', 'net.ipv4.tcp_keepalive_time'],
    })
    assert.equal(port(net, 'gw:wan2').mac, '02:00:00:00:05:01')
    assert.equal(port(net, 'isp:b').mtu, 1400)
    assert.equal(port(net, 'isp:a').mtu, 1500)
  })
  it('has three segments: the LAN’s ends without its switch, and two cables', () =>
    assert.deepEqual(
      net.segments.map(({ ends }) => ends.map(end => `${end.node}:${end.interface}`).join(' ')),
      ['gw:lan h1:eth0 h2:eth0', 'gw:wan1 isp:a', 'gw:wan2 isp:b'],
    ))
})

describe('resolve: names', () => {
  it('automatic names skip those that are used anywhere in the file', () => {
    const net = network(`
nodes: { a: { interfaces: { eth1: { kind: tap } } }, b: , c: }
links: [[a, b], [a, c], [a:eth0, c]]`)
    assert.equal(names(net, 'a'), 'lo eth2>b:eth0 eth3>c:eth0 eth0>c:eth1 eth1')
  })
  it('numbers of LANs skip nodes and other LANs', () => {
    const net = network(`
nodes: { lan1: , b: , c: }
links:
  - [lan1, b, c]
  - { name: lan3, endpoints: [lan1, b] }
  - [lan1, b, c]`)
    assert.deepEqual(
      net.nodes.map(one => one.name),
      ['lan1', 'b', 'c', 'lan2', 'lan3', 'lan4'],
    )
  })
  it('a node may be called 1, and 01 is another', () => {
    const net = network('nodes: { 01: , 1: , NO: }\nlinks: [[1, 01], [NO, 1]]\n')
    assert.deepEqual(
      net.nodes.map(one => one.name),
      ['01', '1', 'NO'],
    )
  })
})

describe('resolve: inheritance', () => {
  const text = `
defaults:
  node: { kind: router, sysctls: { net.ipv4.ip_default_ttl: 9 }, labels: { who: "\${node}", raw: "$\${node}" } }
  link: { mtu: 1400 }
  interface: { mtu: 9000, dad: true }
groups:
  a: { routes: [{ to: 10.1.0.0/16, type: blackhole }], labels: { x: 1, y: 1 } }
  b: { routes+: { to: 10.2.0.0/16, type: blackhole }, labels: { y: 2 } }
nodes:
  n: { group: [a, b], routes+: [{ to: 10.3.0.0/16, type: throw }], sysctls: { net.ipv4.ip_default_ttl: null } }
  m: { kind: host, group: a, routes: null, interfaces: { tap0: { kind: tap } } }
links:
  - [n, m]
  - endpoints: [{ node: n, mtu: 1300, dad: null }, m]
    mtu: 1300
`
  const net = network(text)
  it('appends, replaces and removes', () => {
    assert.deepEqual(routes(net, 'n'), ['10.1.0.0/16 blackhole', '10.2.0.0/16 blackhole', '10.3.0.0/16 throw'])
    assert.deepEqual(routes(net, 'm'), [])
    assert.equal(node(net, 'n').sysctls.size, 0)
    assert.equal(node(net, 'm').kind, 'host')
  })
  it('merges key by key, and the later group wins', () =>
    assert.deepEqual({ ...node(net, 'n').labels }, { who: 'n', raw: '${node}', x: '1', y: '2' }))
  it('remembers the place of every route', () =>
    assert.deepEqual(
      node(net, 'n').routes.map(({ at }) => at),
      [
        ['groups', 'a', 'routes', 0],
        ['groups', 'b', 'routes+'],
        ['nodes', 'n', 'routes+', 0],
      ],
    ))
  it('a link says more than defaults of interfaces, and an end more than its link', () => {
    assert.deepEqual(
      ['n:eth0', 'm:eth0', 'n:eth1', 'm:eth1', 'm:tap0', 'm:lo'].map(end => port(net, end).mtu),
      [1400, 1400, 1300, 1300, 9000, 65536],
    )
    assert.deepEqual([port(net, 'n:eth0').dad, port(net, 'n:eth1').dad, port(net, 'm:lo').dad], [true, false, false])
  })
})

describe('resolve: LANs and switches', () => {
  it('links that meet in switches are one segment, numbered once', () => {
    const net = network(
      `
nodes: { sw1: { kind: switch, subnet: 10.0.0.0/24, gateway: r }, sw2: { kind: switch }, h1: , h2: , r: { kind: router } }
links: [[sw1, sw2], [h1, sw1], [h2 10.0.0.1/24, sw2], [sw2, r]]`,
    )
    assert.equal(net.segments.length, 1)
    assert.deepEqual(
      ['h1', 'h2', 'r'].map(name => addresses(net, `${name}:eth0`)),
      ['10.0.0.2/24', '10.0.0.1/24', '10.0.0.3/24'],
    )
    assert.deepEqual(routes(net, 'h1'), ['0.0.0.0/0 10.0.0.3@eth0'])
    assert.equal(port(net, 'sw1:eth1').bridge, 'br0')
  })
  it('a switch has no IPv6 unless its bridge has an address of it, and the smallest MTU of its ports', () => {
    const net = network(`
nodes: { s: { kind: switch, interfaces: { br0: { addresses: ["fd00::9/64"], priority: 4096 } }, stp: true }, t: { kind: switch }, a: , b: }
links: [{ endpoints: [s, a fd00::1/64], mtu: 1400 }, [t, a], [t, b]]`)
    assert.deepEqual([port(net, 's:br0').ipv6, port(net, 's:eth0').ipv6, port(net, 't:br0').ipv6], [true, false, false])
    assert.equal(port(net, 's:br0').mtu, 1400)
    assert.deepEqual([port(net, 's:br0').settings.stp, port(net, 's:br0').settings.priority], [1, 4096])
    assert.deepEqual(
      net.segments[0]!.ends.map(end => end.node),
      ['a', 's'],
    )
  })
  it('a host on two LANs with a gateway has both for next hops; its own route replaces them', () => {
    const text = (own: string) => `
nodes: { r1: { kind: router }, r2: { kind: router }, h: { ${own} } }
links:
  - { name: a, endpoints: [r1, h], subnet: 10.0.1.0/24, gateway: r1 }
  - { name: b, endpoints: [r2, h], subnet: 10.0.2.0/24, gateway: r2:eth0 }`
    assert.deepEqual(routes(network(text('')), 'h'), ['0.0.0.0/0 10.0.1.1@eth0 10.0.2.1@eth1'])
    const own = network(text('routes: { to: default, via: r2, metric: 7 }'))
    assert.deepEqual(routes(own, 'h'), ['0.0.0.0/0 10.0.2.1@eth1 metric 7'])
  })
  it('stp on one switch of a loop is enough', () => {
    const loop = (stp: string) => `
nodes: { a: { kind: switch${stp} }, b: { kind: switch }, h: }
links: [[a, b], [a, b], [h, a]]`
    assert.deepEqual(codes(loop('')), ['switch-loop'])
    assert.deepEqual(codes(loop(', stp: true')), [])
  })
  it('a bridge takes 1023 ports', () => {
    const ends = (count: number) => Array.from({ length: count }, () => 'h').join(', ')
    const lan = (count: number) => `nodes: { h: }\nlinks: [{ endpoints: [${ends(count)}], ipv6: false }]\n`
    assert.deepEqual(codes(lan(1023)), [])
    assert.deepEqual(codes(lan(1024)), ['too-many-ports'])
  })
})

describe('resolve: kinds under interfaces', () => {
  const net = network(`
nodes:
  v:
    interfaces:
      br0: { kind: bridge, ports: [eth1, vx5] }
      vx5: { kind: vxlan, id: 5, local: 10.0.0.1, remote: 10.0.0.2, dev: eth0 }
      mv0: { kind: macvlan, parent: eth0, addresses: 10.0.0.3/24 }
      t0: { kind: tun }
  w:
  h:
links: [{ endpoints: [v 10.0.0.1/24, w 10.0.0.2/24], mtu: 1600 }, { endpoints: [v, h], mtu: 1550 }]`)
  it('MTUs follow what they stand on', () =>
    assert.deepEqual(
      ['vx5', 'br0', 'mv0', 't0'].map(name => port(net, `v:${name}`).mtu),
      [1550, 1550, 1600, 1500],
    ))
  it('a vxlan has its addresses in their shortest form, and room for IPv6 around its frames', () => {
    const tunnel = network(
      'nodes: { v: { interfaces: { vx: { kind: vxlan, id: 1, local: "FD00:0::1", remote: "fd00::00:2" } } }, w: }\nlinks: [[v, w]]',
    )
    const { settings, mtu } = port(tunnel, 'v:vx')
    assert.deepEqual([settings.local6, settings.remote6, mtu], ['fd00::1', 'fd00::2', 1430])
  })
  it('ports, parents and MAC addresses', () => {
    assert.deepEqual(
      [port(net, 'v:vx5').bridge, port(net, 'v:vx5').parent, port(net, 'v:mv0').parent],
      ['br0', 'eth0', 'eth0'],
    )
    assert.equal(port(net, 'v:t0').mac, undefined)
    assert.equal(port(net, 'v:lo').mac, undefined)
  })
  it('a macvlan shares its parent’s segment, a port of a bridge has no place of its own', () =>
    assert.deepEqual(
      net.segments.map(({ ends }) => ends.map(end => `${end.node}:${end.interface}`).join(' ')),
      ['v:eth0 w:eth0 v:mv0', 'h:eth0'],
    ))
})

describe('resolve: MAC addresses', () => {
  const chain = `nodes: { a: , b: , c: }\nlinks: [[a, b], [b, c]]\n`
  const macs = (net: Network) => net.nodes.flatMap(one => one.interfaces.flatMap(({ mac }) => mac ?? []))
  it('are the same at every run, others in another lab, and change with their own names alone', () => {
    assert.deepEqual(macs(network(chain)), macs(network(chain)))
    assert.equal(new Set([...macs(network(chain)), ...macs(network(chain, 'u'))]).size, 8)
    const longer = network(chain.replace('c: }', 'c: , d: }').replace('[b, c]', '[b, c], [c, d]'))
    assert.equal(port(longer, 'b:eth1').mac, port(network(chain), 'b:eth1').mac)
  })
  it('are distinct, unicast and locally administered', () => {
    const ends = Array.from({ length: 3000 }, (_, i) => `[a, b${i % 7}]`)
    const net = network(`nodes: { a: , b0: , b1: , b2: , b3: , b4: , b5: , b6: }\nlinks: [${ends.join(', ')}]\n`)
    const all = macs(net)
    assert.equal(new Set(all).size, 6000)
    for (const mac of all) assert.match(mac, /^02(:[0-9a-f]{2}){5}$/)
  })
  it('make way for one that the file says', () => {
    const taken = port(network(chain), 'a:eth0').mac
    const net = network(`nodes: { a: , b: , c: }\nlinks: [[a, b], [b, { node: c, mac: "${taken}" }]]\n`)
    assert.notEqual(port(net, 'a:eth0').mac, taken)
  })
})

describe('resolve: numbering', () => {
  it('skips explicit addresses and ends without IPv6; /31 and /127 have no reserved ones', () => {
    const net = network(`
nodes: { a: , b: , c: }
links:
  - { endpoints: [a, b 10.0.0.1/29, { node: c, ipv6: false }], subnet: [10.0.0.0/29, "fd00::/64"] }
  - { endpoints: [a, b], subnet: [10.1.0.0/31, "fd01::/127"] }`)
    assert.equal(addresses(net, 'a:eth0'), '10.0.0.2/29 fd00::1/64')
    assert.equal(addresses(net, 'b:eth0'), '10.0.0.1/29 fd00::2/64')
    assert.equal(addresses(net, 'c:eth0'), '10.0.0.3/29')
    assert.equal(addresses(net, 'a:eth1'), '10.1.0.0/31 fd01::/127')
  })
  it('writes addresses as RFC 5952 does', () => {
    const net = network('nodes: { a: , b: }\nlinks: [["a FD00:0:0:0::00A1/64", "b fd00::2/64"]]\n')
    assert.equal(addresses(net, 'a:eth0'), 'fd00::a1/64')
  })
  it('pools give segments and loopbacks without addresses some, and say which', () => {
    const net = network(`
ipv6: false
addressing: { links: 10.128.0.0/9, loopbacks: 10.255.0.0/16 }
nodes: { a: , b: { interfaces: { lo: { addresses: 10.9.9.9/32 } } }, s: { kind: switch } }
links: [[a, b], [a 10.1.0.1/24, b 10.1.0.2/24], [a, s]]`)
    assert.deepEqual(Object.keys(net.assigned).sort(), ['a|b', 'lo:a', 's'])
    assert.match(addresses(net, 'a:eth0'), /^10\.\d+\.\d+\.\d+\/31$/)
    assert.match(addresses(net, 'a:lo'), /^10\.255\.\d+\.\d+\/32$/)
    assert.equal(addresses(net, 'a:eth1'), '10.1.0.1/24')
    assert.equal(addresses(net, 'b:lo'), '10.9.9.9/32')
    assert.equal(addresses(net, 's:lo'), '')
  })
})

describe('resolve: routes and rules', () => {
  const net = network(
    `
nodes:
  h:
    routes:
      - { to: default, via: r }
      - { to: 10.8.0.1, via: r:eth1 }
      - { to: 10.9.0.0/16, via: [{ via: r:eth0, weight: 3 }, { via: 10.0.1.1, dev: eth1 }], src: 10.0.0.2, mtu: 1400 }
      - { to: default, via: "fe80::1", dev: eth0, table: 7 }
      - { to: 10.7.0.0/16, via: 10.99.0.1, dev: eth1, onlink: true }
      - { to: 10.6.0.0/16, dev: eth0, metric: 5 }
      - { to: default, type: unreachable, metric: 4000 }
      - { to: 10.5.0.0/24, type: local }
    rules:
      - { iif: eth0, fwmark: 0x1/0xff, ipproto: udp, dport: 53, table: 7 }
      - { from: 10.0.0.2, type: prohibit }
      - { to: "fd00::/64", not: true, sport: 1-1023, uidrange: 1000, tos: "0x10", table: main, priority: 20000 }
  r: { kind: router }
links:
  - { endpoints: [r, h], subnet: [10.0.0.0/24, "fd00::/64"] }
  - { endpoints: [r, h], subnet: 10.0.1.0/24 }`,
  )
  it('routes', () =>
    assert.deepEqual(routes(net, 'h'), [
      '0.0.0.0/0 10.0.0.1@eth0',
      '::/0 fd00::1@eth0',
      '10.8.0.1/32 10.0.1.1@eth1',
      '10.9.0.0/16 10.0.0.1@eth0*3 10.0.1.1@eth1 src 10.0.0.2 mtu 1400',
      '::/0 fe80::1@eth0 table 7',
      '10.7.0.0/16 10.99.0.1@eth1',
      '10.6.0.0/16 -@eth0 metric 5',
      '0.0.0.0/0 unreachable metric 4000',
      '::/0 unreachable metric 4000',
      '10.5.0.0/24 local -@lo table 255',
    ]))
  it('rules: unsaid priorities keep the order of the file and skip those that are said', () =>
    assert.deepEqual(node(net, 'h').rules.map(rule), [
      ...[4, 6].map(family => ({
        ...{ family, priority: 20001, not: false, fwmark: 1, fwmask: 255, ipproto: 17, dport: [53, 53] },
        ...{ iif: 'eth0', action: 'table', table: 7 },
      })),
      { family: 4, priority: 20002, not: false, from: '10.0.0.2/32', action: 'prohibit' },
      {
        ...{ family: 6, priority: 20000, not: true, tos: 16, sport: [1, 1023], uidrange: [1000, 1000] },
        ...{ to: 'fd00::/64', action: 'table', table: 254 },
      },
    ]))
  it('computes routes where that is wanted, and leaves those that a node writes', () => {
    const text = (own: string) => `
routing: shortest-path
nodes: { a: { ${own} }, r: { kind: router }, b: }
links: [{ endpoints: [a, r], subnet: 10.0.1.0/24 }, { endpoints: [r, b], subnet: 10.0.2.0/24 }]`
    assert.deepEqual(routes(network(text('')), 'a'), ['0.0.0.0/0 10.0.1.2@eth0'])
    assert.ok(
      routes(network(text('routes: { to: 10.0.2.0/24, type: prohibit }')), 'a').includes('10.0.2.0/24 prohibit'),
    )
  })
})

describe('resolve: sysctls and MTUs', () => {
  it('slashes as sysctl(8) takes them, true and false as numbers', () => {
    const net = network(`
nodes: { a: { sysctls: { net/ipv4/conf/eth0.5/rp_filter: true, net.ipv6.conf.all.forwarding: false } }, b: }
links: [[a:eth0.5, b]]`)
    assert.deepEqual(
      [...node(net, 'a').sysctls].map(([name, { value }]) => `${name}=${value}`),
      ['net.ipv4.conf.eth0/5.rp_filter=1', 'net.ipv6.conf.all.forwarding=0'],
    )
  })
  it('below 1280 bytes there is no IPv6, unless it is wanted', () => {
    const net = network('nodes: { a: , b: }\nlinks: [{ endpoints: [a, b], mtu: 600, subnet: 10.0.0.0/30 }]\n')
    assert.equal(port(net, 'a:eth0').ipv6, false)
    assert.deepEqual(codes('nodes: { a: , b: }\nlinks: [{ endpoints: [a, b], mtu: 600, ipv6: true }]\n'), [
      'mtu-too-small',
    ])
  })
  it('ten thousand macvlans on each other are an error, not an overflow', () => {
    const stack = Array.from({ length: 10_000 }, (_, i) => `m${i}: { kind: macvlan, parent: m${i + 1} }`)
    const found = codes(
      `nodes: { a: { interfaces: { ${stack.join(', ')}, m10000: { kind: tap } } }, b: }\nlinks: [[a, b]]\n`,
    )
    assert.deepEqual(new Set(found), new Set(['bad-value']))
  })
})

/** Networks drawn at random → topologies: few names, so that two of them have much in common. */
import fc from 'fast-check'

const names = ['a', 'b', 'c', 'd', 'e']

const node = fc.record({
  kind: fc.constantFrom('host', 'router', 'router', 'switch'),
  group: fc.boolean(),
  extra: fc.constantFrom('', 'tap', 'macvlan', 'vxlan', 'bridge'),
  loopback: fc.constantFrom('', '10.97.0.1/32', '[10.97.0.2/32, "fd00:97::2/128"]'),
  setting: fc.constantFrom(
    '',
    'net.ipv4.conf.all.rp_filter: 2',
    'net.ipv4.conf.default.rp_filter: 1',
    'net.ipv4.conf.default.log_martians: 1',
    'net.ipv6.conf.default.hop_limit: 32',
    'net.ipv4.tcp_keepalive_time: 60',
  ),
  blackhole: fc.boolean(),
  route: fc.constantFrom('', '198.18.0.0/15', '"2001:db8:9::/48"'),
  rule: fc.constantFrom(
    '',
    '{ from: 192.0.2.0/24, table: main, priority: 100 }',
    '{ to: 192.0.2.0/24, table: main, priority: 100 }',
  ),
  neighbor: fc.boolean(),
})
const link = fc.record({
  ends: fc.shuffledSubarray(names, { minLength: 2, maxLength: 3 }),
  mtu: fc.constantFrom(1500, 1500, 1400),
  named: fc.boolean(),
  ipv6: fc.constantFrom(true, true, false),
  cost: fc.constantFrom(1, 5),
  subnet: fc.constantFrom('', '', '10.1.#.0/24', '[10.2.#.0/24, "fd00:2:#::/64"]'),
})

export const network = fc.record({
  nodes: fc.dictionary(fc.constantFrom(...names), node, { minKeys: 2 }),
  links: fc.array(link, { maxLength: 6 }),
  routing: fc.constantFrom('none', 'shortest-path', 'shortest-path'),
  groupSetting: fc.constantFrom('1', '0'),
})
export type Drawn = typeof network extends fc.Arbitrary<infer T> ? T : never
type Links = Drawn['links']

interface Around {
  readonly links: Links
  readonly isSwitch: (name: string) => boolean
}

/** Only what such a network can have: ends that exist, and things on interfaces that are there. */
export function textOf({ nodes, links, routing, groupSetting }: Drawn): string {
  const known = links.map(l => ({ ...l, ends: l.ends.filter(end => nodes[end]) })).filter(l => l.ends.length > 1)
  const isSwitch = (name: string) => nodes[name]!.kind === 'switch'
  const lines = [
    'addressing: { links: [10.128.0.0/16, "fd00:128::/48"], loopbacks: 10.255.0.0/24 }',
    `routing: ${routing}`,
    `groups: { some: { sysctls: { net.ipv4.conf.all.send_redirects: ${groupSetting} } } }`,
    'nodes:',
    ...Object.entries(nodes).map(
      ([name, drawn]) => `  ${name}: { ${keysOf(name, drawn, { links: known, isSwitch }).join(', ')} }`,
    ),
    ...(known.length > 0 ? ['links:'] : []),
    ...known.map(({ ends, mtu, named, ipv6, cost, subnet }, i) => {
      const points = ends.map(end => (named && !isSwitch(end) ? `${end}:x${i}` : end))
      const own = subnet && !ends.some(isSwitch) ? `, subnet: ${subnet.replaceAll('#', `${i}`)}` : ''
      return `  - { endpoints: [${points.join(', ')}], mtu: ${mtu}, ipv6: ${ipv6}, cost: ${cost}${own} }`
    }),
  ]
  return `${lines.join('\n')}\n`
}

function keysOf(name: string, drawn: Drawn['nodes'][string], { links, isSwitch }: Around): readonly string[] {
  const { kind, group, extra, loopback, setting, blackhole, route, rule, neighbor } = drawn
  const common = [`kind: ${kind}`, ...(group ? ['group: some'] : []), ...(setting ? [`sysctls: { ${setting} }`] : [])]
  if (kind === 'switch') return [...common, 'stp: true']
  const at = links.findIndex(l => l.named && l.ends.includes(name))
  const via = links[at]?.ends.find(end => end !== name)
  const interfaces = [...(loopback ? [`lo: { addresses: ${loopback} }`] : []), ...interfacesOf(extra, at)]
  const routes = [
    ...(blackhole ? ['{ to: 192.0.2.0/24, type: blackhole }'] : []),
    ...(via && !isSwitch(via) && leadsTo(route, links[at]!) ? [`{ to: ${route}, via: ${via}:x${at} }`] : []),
  ]
  const neighbors = neighbor && at >= 0 ? [`{ to: 10.1.0.99, mac: "02:00:00:00:00:99", dev: x${at} }`] : []
  return [
    ...common,
    `interfaces: { ${interfaces.join(', ')} }`,
    `routes: [${routes.join(', ')}]`,
    `rules: [${rule}]`,
    `neighbors: [${neighbors.join(', ')}]`,
  ]
}

/** Whether the link has addresses of the route's family. */
function leadsTo(route: string, { ipv6, subnet }: Links[number]): boolean {
  return route !== '' && (!route.includes(':') || (ipv6 && !subnet.startsWith('10.1.')))
}

function interfacesOf(extra: string, named: number): readonly string[] {
  if (extra === 'tap') return ['tap0: { kind: tap, addresses: 10.99.0.1/24 }']
  if (extra === 'vxlan') return ['vx: { kind: vxlan, id: 7, remote: 10.255.0.77, addresses: 10.98.0.1/24 }']
  if (extra === 'bridge') return ['tap0: { kind: tap }', 'br: { kind: bridge, ports: tap0, addresses: 10.96.0.1/24 }']
  if (extra === 'macvlan' && named >= 0) return [`mv: { kind: macvlan, parent: x${named}, addresses: 10.95.0.1/24 }`]
  return []
}

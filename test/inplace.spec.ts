/** A running lab and another file → the lab that this file would give afresh, with nothing done that need not be. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { diff, down, plan, source, up } from '../src/index.js'
import { nameOf } from '../src/resources/index.js'
import { kernel, withLab, worked } from './support/labs.js'
import { inside, ipJson, labName, run, witness } from './support/machine.js'
import { until } from './support/until.js'

const base = `
nodes:
  a: { sysctls: { net.ipv4.tcp_keepalive_time: 60 } }
  b: { kind: router, routes: [{ to: 10.9.0.0/24, via: 10.0.1.2 }], rules: [{ from: 10.0.0.0/24, table: main, priority: 100 }] }
  c: { neighbors: [{ to: 10.0.1.9, mac: "02:00:00:00:00:09", dev: eth0 }] }
links:
  - [a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64]
  - [b 10.0.1.1/24 fd00:1::1/64, c 10.0.1.2/24 fd00:1::2/64]
  - { name: lan, endpoints: [a, c], subnet: 10.0.2.0/24 }
`

/** What changes, the text that is replaced, and how many operations that may take. */
const changes: readonly (readonly [string, string | RegExp, string, number])[] = [
  ['an address more', '10.0.0.1/24', '10.0.0.1/24 10.0.0.3/24', 1],
  ['another address in the same subnet', '[a 10.0.0.1/24', '[a 10.0.0.7/24', 4],
  ['another subnet', '10.0.0.1/24 fd00::1/64, b 10.0.0.2/24', '10.4.0.1/24 fd00::1/64, b 10.4.0.2/24', 8],
  ['an IPv6 address more, another less', 'fd00::1/64', 'fd00::5/64', 2],
  [
    'an IPv6 subnet of another length',
    'fd00::1/64, b 10.0.0.2/24 fd00::2/64',
    'fd00::1/80, b 10.0.0.2/24 fd00::2/80',
    4,
  ],
  [
    'duplicate-address detection',
    'a 10.0.0.1/24 fd00::1/64',
    '{ node: a, addresses: [10.0.0.1/24, "fd00::1/64"], dad: true }',
    3,
  ],
  [
    'an MTU',
    '- [b 10.0.1.1/24 fd00:1::1/64, c 10.0.1.2/24 fd00:1::2/64]',
    '- { endpoints: [b 10.0.1.1/24 fd00:1::1/64, c 10.0.1.2/24 fd00:1::2/64], mtu: 1400 }',
    2,
  ],
  [
    'a larger MTU, and an interface that stands on it',
    /a: \{([\s\S]*)- \[(a 10.0.0.1.*)\]/,
    'a: { interfaces: { mv: { kind: macvlan, parent: eth0 } },$1- { endpoints: [$2], mtu: 9000 }',
    6,
  ],
  [
    'a MAC address',
    'a 10.0.0.1/24 fd00::1/64',
    '{ node: a, mac: "02:00:00:00:aa:01", addresses: [10.0.0.1/24, "fd00::1/64"] }',
    3,
  ],
  ['a route to elsewhere', 'via: 10.0.1.2', 'via: 10.0.0.1', 1],
  ['a route with two ways', 'via: 10.0.1.2', 'via: [10.0.1.2, 10.0.0.1]', 1],
  ['a route that ends', '{ to: 10.9.0.0/24, via: 10.0.1.2 }', '{ to: 10.9.0.0/24, type: blackhole }', 1],
  ['a route of another prefix', '10.9.0.0/24', '10.9.0.0/16', 2],
  ['a rule', 'priority: 100', 'priority: 200', 2],
  ['a neighbour', '02:00:00:00:00:09', '02:00:00:00:00:0a', 1],
  ['a sysctl', 'net.ipv4.tcp_keepalive_time: 60', 'net.ipv4.tcp_keepalive_time: 90', 1],
  ['a sysctl that goes', 'sysctls: { net.ipv4.tcp_keepalive_time: 60 }', 'labels: { x: y }', 1],
  ['a router becomes a host', 'b: { kind: router,', 'b: {', 3],
  ['a node more', '  c: {', '  d:\n  c: {', 8],
  ['a node less, with its links', / {2}a: .*\n([\s\S]*) {2}- \[a .*\n(.*\n).*\n/, '$1$2', 40],
  ['a link more', '  - [b', '  - [a:new 10.7.0.1/30, b:new 10.7.0.2/30]\n  - [b', 5],
  ['a link less', / {2}- \[a 10.*\n/, '  - [b:eth0 10.0.0.2/24 fd00::2/64, c:eth9 10.0.0.3/24]\n', 30],
  ['a link to another node', ', b 10.0.0.2/24 fd00::2/64]', ', c:x 10.0.0.2/24]', 30],
  ['an end by another name', '[a 10.0.0.1/24', '[a:up 10.0.0.1/24', 30],
  [
    'a cable becomes a LAN',
    '- [a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64]',
    '- { name: new, endpoints: [a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64] }',
    40,
  ],
  ['a bridge that speaks STP', 'name: lan,', 'name: lan, stp: true,', 1],
  ['a LAN of more ends', 'endpoints: [a, c]', 'endpoints: [a, c, b]', 6],
  [
    'two ends that swap their addresses',
    '[a 10.0.0.1/24 fd00::1/64, b 10.0.0.2/24 fd00::2/64]',
    '[a 10.0.0.2/24 fd00::2/64, b 10.0.0.1/24 fd00::1/64]',
    30,
  ],
  [
    'a next hop that was an address of the node',
    / {2}b: .*\n([\s\S]*)10.0.1.1\/24(.*)10.0.1.2\/24/,
    '  b: { kind: router, routes: [{ to: 10.9.0.0/24, via: 10.0.1.1 }], rules: [{ from: 10.0.0.0/24, table: main, priority: 100 }] }\n$110.0.1.2/24$210.0.1.1/24',
    30,
  ],
  ['an end without IPv6', 'a 10.0.0.1/24 fd00::1/64', '{ node: a, addresses: 10.0.0.1/24, ipv6: false }', 3],
]

describe('in place', () => {
  for (const [what, from, to, most] of changes) {
    it(what, async () => {
      const after = base.replace(from, to)
      assert.notEqual(after, base)
      await changed([base, after], most)
      await changed([after, base], most)
    })
  }

  it('loses no packet of a traffic that it does not concern', async () => {
    const name = labName('calm')
    await withLab(source(base, { name }), async () => {
      inside(`${name}.a`, 'ping', '-c1', '10.0.0.2')
      const ping = spawn('ip', ['netns', 'exec', `${name}.a`, 'ping', '-i', '0.01', '10.0.0.2'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let out = ''
      ping.stdout.on('data', chunk => (out += chunk))
      for (const [from, to] of [
        ['10.0.1.1/24', '10.3.1.1/24 10.0.1.1/24'],
        ['endpoints: [a, c]', 'endpoints: [c, b]'],
        ['  c: {', '  d:\n  c: {'],
      ] as const)
        worked(await up(source(base.replace(from, to), { name }), kernel))
      // What is on its way when ping is ended is not lost: each number up to one that came after all of this is there.
      const answered = () => [...out.matchAll(/ icmp_seq=(\d+) ttl/g)].map(([, number]) => Number(number))
      const last = answered().length
      await until('another answer', () => answered().length > last)
      ping.kill('SIGINT')
      await once(ping, 'close')
      assert.deepEqual(
        answered(),
        answered().map((_, index) => index + 1),
        out,
      )
    })
  })

  it('keeps what others put there, also on a link that is made anew, and takes it away only when told to', async () => {
    const name = labName('foreign')
    await withLab(source(base, { name }), async () => {
      run('ip', '-n', `${name}.a`, 'route', 'add', '192.0.2.0/24', 'via', '10.0.0.2', 'proto', 'static')
      run('ip', '-n', `${name}.a`, 'address', 'add', '198.51.100.1/32', 'dev', 'eth0')
      const rewired = base.replace('b 10.0.0.2/24 fd00::2/64', 'b:other 10.0.0.2/24 fd00::2/64')
      worked(await up(source(rewired, { name }), kernel))
      const found = worked(diff(source(rewired, { name }), kernel))
      assert.deepEqual(
        found.changes.map(change => change.state),
        ['foreign', 'foreign'],
      )
      assert.equal(found.differs, false)
      assert.equal(worked(diff(source(rewired, { name }), kernel, { strict: true })).differs, true)
      worked(await up(source(rewired, { name }), kernel, { prune: true }))
      assert.deepEqual(worked(diff(source(rewired, { name }), kernel)).changes, [])
    })
  })

  it('an end goes down and comes up again, with all that it had', async () => {
    const name = labName('downs')
    const off = base.replace(
      '- [a 10.0.0.1/24 fd00::1/64',
      '- [{ node: a, addresses: [10.0.0.1/24, "fd00::1/64"], up: false }',
    )
    await withLab(source(base, { name }), async () => {
      const held = witness(`${name}.a`)
      for (const [text, flag] of [
        [off, false],
        [base, true],
      ] as const) {
        worked(await up(source(text, { name }), kernel))
        assert.deepEqual(worked(diff(source(text, { name }), kernel)).changes, [])
        const [link] = ipJson<{ flags: string[] }>(`${name}.a`, 'link', 'show', 'dev', 'eth0')
        assert.equal(link!.flags.includes('UP'), flag)
      }
      assert.deepEqual(witness(`${name}.a`), held)
    })
  })

  it('a changed MAC address brings its link-local address along', async () => {
    const name = labName('mac')
    const linkLocals = () =>
      ipJson<{ addr_info: { local: string; scope: string }[] }>(`${name}.a`, '-6', 'address', 'show', 'dev', 'eth0')
        .flatMap(link => link.addr_info)
        .filter(a => a.scope === 'link')
        .map(a => a.local)
    await withLab(source(base, { name }), async () => {
      // The kernel makes it when it tells of carrier: when it has time.
      await until('it has one', () => linkLocals().length === 1)
      worked(
        await up(
          source(
            base.replace(
              'a 10.0.0.1/24 fd00::1/64',
              '{ node: a, mac: "02:00:00:00:aa:01", addresses: [10.0.0.1/24, "fd00::1/64"] }',
            ),
            { name },
          ),
          kernel,
        ),
      )
      await until('it has that of the new one alone', () => linkLocals().join() === 'fe80::ff:fe00:aa01')
    })
  })

  it('mends what somebody broke', async () => {
    const name = labName('mend')
    await withLab(source(base, { name }), async () => {
      const held = witness(`${name}.b`)
      run('ip', '-n', `${name}.b`, 'route', 'del', '10.9.0.0/24')
      run('ip', '-n', `${name}.b`, 'address', 'del', '10.0.0.2/24', 'dev', 'eth0')
      run('ip', '-n', `${name}.b`, 'link', 'set', 'eth1', 'down')
      inside(`${name}.b`, 'sysctl', '-qw', 'net.ipv4.ip_forward=0')
      assert.equal(worked(diff({ lab: name }, kernel)).differs, true)
      worked(await up(source(base, { name }), kernel))
      assert.deepEqual(witness(`${name}.b`), held)
    })
  })
})

/** Up with the first, then with the second text: what stands is what the second gives afresh. */
async function changed([before, after]: readonly [string, string], most: number): Promise<void> {
  const name = labName('place')
  const subject = source(after, { name })
  const fresh = await withLab(subject, () => witnessAll(name))
  await withLab(source(before, { name }), async () => {
    const { operations } = worked(plan(subject, kernel)).plan
    const listed = operations
      .map(op => `${op.verb} ${nameOf(op.resource)}${op.because ? ` (${op.because})` : ''}`)
      .join('\n')
    assert.ok(operations.length <= most, `${operations.length} operations:\n${listed}`)
    worked(await up(subject, kernel))
    assert.deepEqual(worked(diff(subject, kernel)).changes, [], listed)
    assert.deepEqual(witnessAll(name), fresh, listed)
    assert.deepEqual(worked(await up(subject, kernel)).operations, [])
  })
  assert.equal(worked(await down(name, kernel)).wasUp, false)
}

function witnessAll(lab: string): Record<string, unknown> {
  return Object.fromEntries([...kernel.space(lab).nodes().keys()].sort().map(node => [node, witness(`${lab}.${node}`)]))
}

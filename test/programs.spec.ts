/** Real programs talk across a lab: ping, iperf3, curl, and FRR's OSPF and BGP. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { source } from '../src/index.js'
import { withLab } from './support/labs.js'
import { inside, ipJson, labName } from './support/machine.js'

const lab = (name: string) =>
  source(
    `
nodes:
  r1: { kind: router, interfaces: { lo: { addresses: [10.255.0.1/32, "fd00:ff::1/128"] } } }
  r2: { kind: router, interfaces: { lo: { addresses: [10.255.0.2/32, "fd00:ff::2/128"] } } }
  r3: { kind: router, interfaces: { lo: { addresses: [10.255.0.3/32, "fd00:ff::3/128"] } } }
  h1: { routes: { to: default, via: r1 } }
links:
  - [r1 10.0.12.1/24 fd00:12::1/64, r2 10.0.12.2/24 fd00:12::2/64]
  - [r2 10.0.23.2/24 fd00:23::2/64, r3 10.0.23.3/24 fd00:23::3/64]
  - [r1 10.0.1.1/24 fd00:1::1/64, h1 10.0.1.2/24 fd00:1::2/64]
`,
    { name },
  )

/** A program that goes on in a node until the work is done. */
async function beside<T>(
  namespace: string,
  command: readonly string[],
  work: (program: ChildProcess) => Promise<T> | T,
): Promise<T> {
  const program = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(program, 'close')
  try {
    return await work(program)
  } finally {
    program.kill('SIGTERM')
    await closed
  }
}

/** Asks until it holds; the limit is there for what never comes true. */
async function eventually(what: string, holds: () => boolean): Promise<void> {
  for (let asked = 0; asked < 300; asked++) {
    if (holds()) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  assert.fail(`${what} did not come true`)
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

describe('programs', () => {
  it('ping crosses a cable, both families', async () => {
    const name = labName('ping')
    await withLab(lab(name), () => {
      inside(`${name}.r1`, 'ping', '-c2', '-i0.2', '10.0.12.2')
      inside(`${name}.r1`, 'ping', '-c2', '-i0.2', 'fd00:12::2')
      assert.match(inside(`${name}.h1`, 'ping', '-c1', '10.0.12.1'), / 0% packet loss/)
    })
  })

  it('iperf3 measures a throughput', async () => {
    const name = labName('iperf')
    await withLab(lab(name), () =>
      beside(`${name}.r2`, ['iperf3', '-s'], async () => {
        const client = () => inside(`${name}.r1`, 'iperf3', '-J', '-t', '1', '-c', 'fd00:12::2')
        await eventually('a server', () => inside(`${name}.r2`, 'ss', '-Hltn', 'sport = :5201').includes('5201'))
        const result = client()
        assert.ok(JSON.parse(result).end.sum_received?.bytes > 1e6, result)
      }),
    )
  })

  it('curl reads from an HTTP server behind a router', async () => {
    const name = labName('curl')
    const server = `require('node:http').createServer((_, answer) => answer.end('hello from r1')).listen(80, '::')`
    await withLab(lab(name), () =>
      beside(`${name}.r1`, [process.execPath, '-e', server], async () => {
        const read = (address: string) => inside(`${name}.h1`, 'curl', '-sS', '--max-time', '5', `http://${address}/`)
        await eventually('a server', () => succeeds(() => read('10.0.12.1')))
        assert.equal(read('10.0.12.1'), 'hello from r1')
        assert.equal(read('[fd00:12::1]'), 'hello from r1')
      }),
    )
  })

  it('FRR’s ospfd and bgpd find their neighbours and exchange routes', async () => {
    const name = labName('frr')
    const ospf = 'router ospf\n network 0.0.0.0/0 area 0\n'
    const fast = (...devs: string[]) =>
      devs
        .map(
          dev =>
            `interface ${dev}\n ip ospf network point-to-point\n ip ospf hello-interval 1\n ip ospf dead-interval 4\n`,
        )
        .join('')
    const bgp = (as: number, peer: string, peerAs: number, network: string) =>
      `router bgp ${as}\n no bgp ebgp-requires-policy\n neighbor ${peer} remote-as ${peerAs}\n neighbor ${peer} timers connect 1\n address-family ipv4 unicast\n  network ${network}\n`
    await withLab(lab(name), async () => {
      const r1 = frr(`${name}.r1`, { ospfd: fast('eth0') + ospf })
      const r2 = frr(`${name}.r2`, {
        ospfd: `${fast('eth0') + ospf.replace('0.0.0.0/0', '10.0.12.0/24')} redistribute bgp\n`,
        bgpd: bgp(65002, '10.0.23.3', 65003, '10.255.0.2/32'),
      })
      const r3 = frr(`${name}.r3`, { bgpd: bgp(65003, '10.0.23.2', 65002, '10.255.0.3/32') })
      try {
        const learned = (node: string, to: string, protocol: string) =>
          ipJson<{ dst: string; protocol: string }>(`${name}.${node}`, 'route').some(
            route => route.dst === to && route.protocol === protocol,
          )
        await eventually('the BGP route at r3', () => learned('r3', '10.255.0.2', 'bgp'))
        await eventually('the OSPF route at r1', () => learned('r1', '10.255.0.3', 'ospf'))
        await eventually('the OSPF route at r2', () => learned('r2', '10.0.1.0/24', 'ospf'))
      } finally {
        for (const daemons of [r1, r2, r3]) await daemons.stop()
      }
    })
  })
})

/** FRR's daemons in a node, with folders of their own; zebra besides those that are configured. */
function frr(namespace: string, configurations: Readonly<Record<string, string>>): { stop(): Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-frr-'))
  chmodSync(folder, 0o777)
  const programs = Object.entries({ zebra: '', ...configurations }).map(([daemon, text]) => {
    const file = join(folder, `${daemon}.conf`)
    writeFileSync(file, text, { mode: 0o644 })
    const words = [
      '-f',
      file,
      '-i',
      join(folder, `${daemon}.pid`),
      '-z',
      join(folder, 'zserv'),
      '--vty_socket',
      folder,
      '--log',
      'stdout',
    ]
    return spawn(
      'ip',
      ['netns', 'exec', namespace, `/usr/lib/frr/${daemon}`, ...words, ...(daemon === 'bgpd' ? ['-p', '179'] : [])],
      { stdio: 'ignore' },
    )
  })
  const closed = programs.map(program => once(program, 'close'))
  return {
    async stop() {
      for (const program of programs) program.kill('SIGTERM')
      await Promise.all(closed)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

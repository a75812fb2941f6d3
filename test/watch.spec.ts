/** Drift as it happens, with iproute2 and sysctl(8) as the hand that disturbs. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { diff, down, type Source, source, up, type WatchEvent, type WatchOptions, watch } from '../src/index.js'
import { subject } from '../src/model/change.js'
import { describe as words } from '../src/render/describe.js'
import { kernel, withLab, worked } from './support/labs.js'
import { ipJson, labName, machine, run, witness } from './support/machine.js'

const text = `
nodes:
  r:
    kind: router
    interfaces: { lo: { addresses: 10.255.0.1/32 } }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.2 }, { to: "fd09::/64", via: "fd00::2" }]
    rules: [{ from: 10.255.0.1, table: 254, priority: 1000 }]
    neighbors: [{ to: 10.0.0.9, mac: "02:00:00:00:00:09", dev: eth0 }]
    sysctls: { net.ipv4.ip_default_ttl: 65 }
  h:
links:
  - [r 10.0.0.1/24 fd00::1/64, h 10.0.0.2/24 fd00::2/64]
`

interface Watcher {
  /** The next event, whatever it is. */
  next(): Promise<WatchEvent>
  /** Whether the events are over. */
  isOver(): Promise<boolean>
}

/** Watches from when all is compared until the work is done. */
async function watching(
  name: string,
  options: WatchOptions,
  work: (watcher: Watcher, start: WatchEvent) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const events = worked(watch(name, kernel, { ...options, signal: stop.signal }))
  const next = async () => {
    const { value, done } = await events.next()
    assert.ok(!done, 'there are no more events')
    return value
  }
  try {
    const start = await next()
    assert.equal(start.event, 'start')
    await work({ next, isOver: async () => (await events.next()).done === true }, start)
  } finally {
    stop.abort()
    await events.return(undefined)
  }
}

/** What an event is about, a line each: `missing route of r: …`. */
function told(event: WatchEvent): readonly string[] {
  const changes = 'changes' in event ? event.changes : []
  return [event.event, ...changes.map(change => `${change.state} ${words(subject(change))}`)]
}

function includes(event: WatchEvent, kind: WatchEvent['event'], ...parts: readonly string[]): void {
  const lines = told(event)
  assert.equal(lines[0], kind, lines.join('\n'))
  for (const part of parts)
    assert.ok(
      lines.some(line => line.includes(part)),
      `${part} is not in:\n${lines.join('\n')}`,
    )
}

/** All of that is told; what the kernel takes along when it has time may come later. */
async function drifts(next: Watcher['next'], lines: readonly string[]): Promise<void> {
  for (const left = new Set(lines); left.size > 0; ) {
    const event = await next()
    assert.equal(event.event, 'drift')
    assert.ok(event.differences > 0)
    const seen = told(event)
    for (const line of left) if (seen.some(each => each.includes(line))) left.delete(line)
  }
}

const lab = (word: string): Source => source(text, { name: labName(word) })
const inNode = (name: string, node: string, ...line: string[]) => run('ip', '-n', `${name}.${node}`, ...line)
const sysctl = (name: string, node: string, setting: string) =>
  run('ip', 'netns', 'exec', `${name}.${node}`, 'sysctl', '-qw', setting)

/** Each is one hand's move, and what is to be told of it. */
const disturbances: Readonly<Record<string, readonly [move: (name: string) => void, ...told: string[]]>> = {
  'an address is removed': [
    name => inNode(name, 'h', 'address', 'del', '10.0.0.2/24', 'dev', 'eth0'),
    'missing address 10.0.0.2/24 on h:eth0',
  ],
  'an IPv6 address is removed': [
    name => inNode(name, 'r', 'address', 'del', 'fd00::1/64', 'dev', 'eth0'),
    'missing address fd00::1/64 on r:eth0',
  ],
  'a route is removed': [
    name => inNode(name, 'r', 'route', 'del', '10.9.0.0/16'),
    'missing route of r: 10.9.0.0/16 via 10.0.0.2',
  ],
  'a link is set down': [name => inNode(name, 'r', 'link', 'set', 'eth0', 'down'), 'changed link r:eth0'],
  'a link is deleted': [
    name => inNode(name, 'r', 'link', 'del', 'eth0'),
    'missing link r:eth0',
    'missing link h:eth0',
    'missing address 10.0.0.2/24 on h:eth0',
  ],
  'a neighbour is removed': [
    name => inNode(name, 'r', 'neigh', 'del', '10.0.0.9', 'dev', 'eth0'),
    'missing neighbour 10.0.0.9',
  ],
  'a neighbour is no longer permanent': [
    name => inNode(name, 'r', 'neigh', 'change', '10.0.0.9', 'dev', 'eth0', 'nud', 'stale'),
    'missing neighbour 10.0.0.9',
  ],
  'a rule is removed': [name => inNode(name, 'r', 'rule', 'del', 'priority', '1000'), 'missing rule of r: 1000'],
  'forwarding is switched off': [
    name => sysctl(name, 'r', 'net.ipv4.ip_forward=0'),
    'changed sysctl of r: net.ipv4.ip_forward = 1',
  ],
  'a namespace is deleted': [name => run('ip', 'netns', 'del', `${name}.h`), 'missing node h', 'missing link r:eth0'],
}

describe('watch', () => {
  for (const [what, [move, ...lines]] of Object.entries(disturbances)) {
    it(`tells that ${what}, and heals it`, async () => {
      const subject = lab('drift')
      const name = subject.name!
      await withLab(subject, async () => {
        const before = ['r', 'h'].map(node => witness(`${name}.${node}`))
        await watching(name, {}, async ({ next }, start) => {
          assert.deepEqual(told(start), ['start'])
          move(name)
          await drifts(next, lines)
        })
        await watching(name, { heal: true }, async ({ next }, start) => {
          includes(start, 'start', ...lines)
          assert.equal((await next()).event, 'healed')
          assert.deepEqual(
            ['r', 'h'].map(node => witness(`${name}.${node}`)),
            before,
          )
          move(name)
          await drifts(next, lines.slice(0, 1))
          for (let healed = false; !healed; ) healed = (await next()).differences === 0
          assert.deepEqual(
            ['r', 'h'].map(node => witness(`${name}.${node}`)),
            before,
          )
        })
        assert.deepEqual(worked(diff({ lab: name }, kernel)).changes, [])
      })
    })
  }

  it('tells that a difference is gone, whoever mended it', async () => {
    const subject = lab('mended')
    const name = subject.name!
    await withLab(subject, () =>
      watching(name, {}, async ({ next }) => {
        inNode(name, 'r', 'route', 'del', '10.9.0.0/16')
        includes(await next(), 'drift', 'missing route of r: 10.9.0.0/16')
        inNode(name, 'r', 'rule', 'del', 'priority', '1000')
        includes(await next(), 'drift', 'missing rule of r')
        worked(await up(subject, kernel))
        const mended = await next()
        includes(mended, 'mended', 'route of r: 10.9.0.0/16', 'rule of r: 1000')
        assert.equal(mended.differences, 0)
      }),
    )
  })

  it('finds what no message tells by comparing everything now and then', async () => {
    const subject = lab('untold')
    const name = subject.name!
    await withLab(subject, () =>
      watching(name, { every: 20 }, async ({ next }) => {
        sysctl(name, 'r', 'net.ipv4.ip_default_ttl=66')
        includes(await next(), 'drift', 'changed sysctl of r: net.ipv4.ip_default_ttl = 65')
        sysctl(name, 'r', 'net.ipv4.ip_default_ttl=65')
        includes(await next(), 'mended', 'net.ipv4.ip_default_ttl')
      }),
    )
  })

  it('minds what others put there only when told to, and removes it only then', async () => {
    const subject = lab('foreign')
    const name = subject.name!
    const foreign = ['route', 'add', 'blackhole', '10.77.0.0/16'] as const
    await withLab(subject, async () => {
      await watching(name, { heal: true }, async ({ next }) => {
        inNode(name, 'r', ...foreign)
        inNode(name, 'h', 'address', 'del', '10.0.0.2/24', 'dev', 'eth0')
        const seen = await next()
        includes(seen, 'drift', 'missing address 10.0.0.2/24')
        assert.ok(!told(seen).some(line => line.includes('foreign')))
        assert.equal((await next()).event, 'healed')
      })
      await watching(name, { heal: true, strict: true }, async ({ next }, start) => {
        includes(start, 'start', 'foreign route of r: blackhole 10.77.0.0/16')
        inNode(name, 'h', 'address', 'del', '10.0.0.2/24', 'dev', 'eth0')
        includes(await next(), 'drift', 'missing address 10.0.0.2/24')
        const healed = await next()
        assert.deepEqual([healed.event, healed.differences], ['healed', 1])
      })
      assert.equal(ipJson(`${name}.r`, 'route', 'show', '10.77.0.0/16').length, 1)
      await watching(name, { heal: true, prune: true }, async ({ next }) =>
        assert.equal((await next()).event, 'healed'),
      )
      assert.deepEqual(ipJson(`${name}.r`, 'route', 'show', '10.77.0.0/16'), [])
    })
  })

  it('compares afresh when more happened than could be heard', async () => {
    const subject = lab('flood')
    const name = subject.name!
    const lines = Array.from({ length: 20_000 }, (_, i) => `route add blackhole 10.${64 + (i >> 8)}.${i & 255}.0/24\n`)
    await withLab(subject, () =>
      watching(name, {}, async ({ next }) => {
        const input = [...lines, 'route del 10.9.0.0/16\n'].join('')
        execFileSync('ip', ['-n', `${name}.r`, '-batch', '-'], { input })
        inNode(name, 'h', 'address', 'del', '10.0.0.2/24', 'dev', 'eth0')
        assert.equal((await next()).event, 'overflow')
        assert.deepEqual(told(await next()), [
          'drift',
          'missing route of r: 10.9.0.0/16 via 10.0.0.2 dev eth0',
          'missing address 10.0.0.2/24 on h:eth0',
        ])
        inNode(name, 'h', 'address', 'add', '10.0.0.2/24', 'dev', 'eth0')
        includes(await next(), 'mended', 'address 10.0.0.2/24 on h:eth0')
      }),
    )
  })

  it('leaves a lab alone that another run holds', async () => {
    const subject = lab('held')
    const name = subject.name!
    await withLab(subject, () =>
      watching(name, { heal: true }, async ({ next }) => {
        // It hears the same as the watcher, at the same time, and says when that was.
        const clock = kernel.space(name).listen(['r', 'h'], { neighbors: () => true })
        const lock = kernel.lock(name)
        assert.ok('release' in lock)
        const first = next()
        let seen = false
        void first.then(() => {
          seen = true
        })
        try {
          inNode(name, 'r', 'route', 'del', '10.9.0.0/16')
          await clock.next(undefined)
          inNode(name, 'r', 'link', 'set', 'lo', 'alias', 'x')
          await clock.next(undefined)
          assert.equal(seen, false)
          assert.deepEqual(ipJson(`${name}.r`, 'route', 'show', '10.9.0.0/16'), [])
        } finally {
          clock.close()
          lock.release()
        }
        includes(await first, 'drift', 'missing route of r: 10.9.0.0/16')
        assert.equal((await next()).event, 'healed')
        assert.equal(ipJson(`${name}.r`, 'route', 'show', '10.9.0.0/16').length, 1)
      }),
    )
  })

  it('goes on with the file that another run has applied', async () => {
    const subject = lab('changed')
    const name = subject.name!
    const wider = source(
      text.replace('  h:\n', '  h: { routes: { to: 10.8.0.0/16, via: r } }\n  new:\n') +
        '  - [r 10.1.0.1/24, new 10.1.0.2/24]\n',
      { name },
    )
    await withLab(subject, () =>
      watching(name, {}, async ({ next }) => {
        worked(await up(wider, kernel))
        const changed = await next()
        assert.deepEqual([told(changed), changed.differences], [['changed'], 0])
        inNode(name, 'h', 'route', 'del', '10.8.0.0/16')
        includes(await next(), 'drift', 'missing route of h: 10.8.0.0/16')
        inNode(name, 'new', 'address', 'del', '10.1.0.2/24', 'dev', 'eth0')
        includes(await next(), 'drift', 'missing address 10.1.0.2/24 on new:eth0')
        worked(await up(subject, kernel))
        assert.deepEqual(told(await next()), ['changed'])
      }),
    )
  })

  it('ends when the lab is taken down, and holds nothing up', async () => {
    const subject = lab('down')
    const name = subject.name!
    const before = machine()
    worked(await up(subject, kernel))
    await watching(name, { heal: true, every: 10 }, async ({ next, isOver }) => {
      const report = worked(await down(name, kernel))
      assert.deepEqual([report.nodes, report.holders], [2, []])
      assert.equal((await next()).event, 'down')
      assert.equal(await isOver(), true)
      assert.deepEqual(machine(), before, 'it is not healed')
    })
  })

  it('ends when it is another lab of that name by now', async () => {
    const subject = lab('again')
    await withLab(subject, () =>
      watching(subject.name!, { heal: true }, async ({ next }) => {
        worked(await down(subject.name!, kernel))
        worked(await up(source(text.replace('10.9.0.0', '10.8.0.0'), { name: subject.name! }), kernel))
        assert.equal((await next()).event, 'down')
      }),
    )
  })

  it('waits longer and longer where somebody undoes what it heals', async () => {
    const subject = lab('fight')
    const name = subject.name!
    await withLab(subject, () =>
      watching(name, { heal: true }, async ({ next }) => {
        for (let round = 0; round < 3; round++) {
          inNode(name, 'r', 'route', 'del', '10.9.0.0/16')
          includes(await next(), 'drift', 'missing route of r: 10.9.0.0/16')
          assert.equal((await next()).event, 'healed')
        }
        inNode(name, 'r', 'route', 'del', '10.9.0.0/16')
        includes(await next(), 'drift', 'missing route of r: 10.9.0.0/16')
        const waiting = await next()
        includes(waiting, 'postponed', 'missing route of r: 10.9.0.0/16')
        assert.ok('milliseconds' in waiting && waiting.milliseconds > 0)
        assert.equal((await next()).event, 'healed')
      }),
    )
  })

  it('says why when something can’t be put right, and what was there stays', async () => {
    const name = labName('stubborn')
    const subject = source('nodes: { a: { interfaces: { v1: { kind: vxlan, id: 5, remote: 10.0.0.1 } } } }\n', { name })
    await withLab(subject, () =>
      watching(name, { heal: true }, async ({ next }) => {
        // The kernel takes one VXLAN of an id and a port in a namespace.
        const batch = 'link del v1\nlink add name other type vxlan id 5 dstport 4789 remote 10.0.0.9\n'
        execFileSync('ip', ['-n', `${name}.a`, '-batch', '-'], { input: batch })
        includes(await next(), 'drift', 'missing link a:v1')
        const refused = await next()
        assert.equal(refused.event, 'refused')
        assert.ok('diagnostics' in refused && refused.diagnostics.some(d => d.code === 'kernel-refused'))
        assert.equal((await next()).event, 'postponed')
        inNode(name, 'a', 'link', 'del', 'other')
        assert.equal((await next()).event, 'healed')
      }),
    )
  })

  it('watches 300 nodes at once', async () => {
    const name = labName('many')
    const nodes = Array.from({ length: 300 }, (_, index) => `n${index}`)
    const links = nodes
      .slice(1)
      .map((node, i) => `  - [${nodes[i]} 10.${i >> 8}.${i & 255}.1/24, ${node} 10.${i >> 8}.${i & 255}.2/24]\n`)
    const subject = source(`nodes: { ${nodes.map(node => `${node}: `).join(', ')} }\nlinks:\n${links.join('')}`, {
      name,
    })
    await withLab(subject, () =>
      watching(name, { heal: true }, async ({ next }, start) => {
        assert.deepEqual(told(start), ['start'])
        inNode(name, 'n7', 'address', 'del', '10.0.7.1/24', 'dev', 'eth1')
        inNode(name, 'n299', 'link', 'set', 'eth0', 'mtu', '1400')
        assert.deepEqual(told(await next()), [
          'drift',
          'missing address 10.0.7.1/24 on n7:eth1',
          'changed link n299:eth0 (veth, mtu 1500)',
        ])
        const healed = await next()
        assert.deepEqual([healed.event, healed.differences], ['healed', 0])
      }),
    )
  })

  it('is not for a lab that is not up', () => {
    const { value, diagnostics } = watch(labName('none'), kernel)
    assert.equal(value, undefined)
    assert.deepEqual(
      diagnostics.map(d => d.code),
      ['not-up'],
    )
  })
})

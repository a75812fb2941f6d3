/** Hosts that are changed in place, for real: only what changed is done again, what fails is put back, by chance any way. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { diff, down, type Kernel, type Process, type Source, simulated, source, up } from '../src/index.js'
import { nstopo } from './commands/program.js'
import { kernel as real, withLab, worked } from './support/labs.js'
import { labName, machine } from './support/machine.js'
import { hostsLab, hostsText } from './support/random-hosts.js'
import { until } from './support/until.js'

const name = labName('hosts')
const lab = (text: string) => source(text, { name })

const first = `nodes:
  web:
    isolate: pid
    files: { /etc/motd: { content: one } }
    hosts: auto
    processes:
      a: { command: [sleep, "1000"] }
      b: { command: [sleep, "1001"], needs: a }
  db: { processes: { c: { command: [sleep, "1002"] } } }
links: [[web 10.0.0.1/24, db 10.0.0.2/24]]
`

describe('hosts, changed in place', () => {
  it('only what changed is started again', () =>
    withLab(lab(first), async () => {
      const before = pids()
      const restarted = async (text: string) => {
        worked(await up(lab(text), real))
        assert.deepEqual(worked(diff(lab(text), real)).changes, [])
        return Object.keys(before).filter(process => pids()[process] !== before[process])
      }
      assert.deepEqual(await restarted(first.replace('10.0.0.2/24', '10.0.0.3/24')), [])
      assert.deepEqual(await restarted(first.replace('db: {', 'db: { hostname: db.example,')), [])
      // What is done about a program is no word of its own.
      assert.deepEqual(await restarted(first.replace('needs: a', 'needs: [a, db:c]')), [])
      for (const said of ['ready: { after: 1ms }', 'restart: always', 'stop: { grace: 1s }', 'log: 2mb'])
        assert.deepEqual(await restarted(first.replace('needs: a', `${said}, needs: db:c`)), [], said)
      assert.deepEqual(await restarted(first), [])
      assert.deepEqual(await restarted(first.replace('"1001"', '"1003"')), ['web:b'])
    }))

  it('files restart their host’s programs, and a new namespace all of it', () =>
    withLab(lab(first), async () => {
      const before = pids()
      worked(await up(lab(first.replace('content: one', 'content: two')), real))
      const later = pids()
      assert.deepEqual([later['db:c'] === before['db:c'], later['web:a'] === before['web:a']], [true, false])
      const isolated = first.replace('isolate: pid', 'isolate: [pid, ipc]')
      worked(await up(lab(isolated), real))
      assert.deepEqual([pids()['db:c'] === before['db:c'], pids()['web:a'] === later['web:a']], [true, false])
      assert.deepEqual(worked(diff(lab(isolated), real)).changes, [])
    }))

  it('a program that has failed, or was killed, is told and started again; one that has done its work is not', () => {
    const text = `nodes:
  web:
    processes:
      done: { command: ['true'] }
      failed: { command: ['false'] }
      server: { command: [python3, -m, http.server, "80"], ready: { listen: tcp/80 } }
  db:
links: [[web 10.0.0.1/24, db 10.0.0.2/24]]
`
    const told = () =>
      worked(diff(lab(text), real)).changes.map(change =>
        'desired' in change ? (change.desired as Process).name : change.state,
      )
    return withLab(lab(text), async () => {
      await until('they end', () => ended('done') === 'exit 0' && ended('failed') === 'exit 1')
      assert.deepEqual(told(), ['failed'])
      process.kill(programs().find(({ name }) => name === 'server')!.seen!.pid!)
      await until('they end', () => ended('server') === 'SIGTERM')
      assert.deepEqual(told(), ['failed', 'server'])
      worked(await up(lab(text), real))
      assert.ok(!told().includes('server'))
    })
  })

  it('what a program spoils by not becoming ready is put back', () =>
    withLab(lab(first), async () => {
      const spoilt = first
        .replace('content: one', 'content: two')
        .replace('isolate: pid', 'isolate: all')
        .replace('"1002"]', '"1002"], ready: { command: ["false"], timeout: 300ms }')
      const { diagnostics, value } = await up(lab(spoilt), real)
      assert.deepEqual([diagnostics.map(({ code }) => code), value?.undone], [['not-ready'], true])
      assert.match(diagnostics[0]!.hint!, /the lab is as it was before/)
      assert.deepEqual(worked(diff(lab(first), real)).changes, [])
      assert.deepEqual(Object.keys(pids()), ['web:a', 'web:b', 'db:c'])
    }))

  it('copies are what they were, whatever has become of what they were made from', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nstopo-hosts-'))
    const put = (text: string) => writeFileSync(join(folder, 'conf'), text)
    const copied = first.replace('{ content: one }', `{ from: ${folder}, copy: true }`).replace('motd', 'frr')
    const spoilt = copied.replace('"1002"]', '"1002"], ready: { command: ["false"], timeout: 300ms }')
    const seen = () => inHost('cat', '/etc/frr/conf')
    put('one')
    await withLab(lab(copied), async () => {
      inHost('sh', '-c', 'echo more >> /etc/frr/conf')
      put('two')
      for (const text of [spoilt, spoilt.replace('isolate: pid', 'isolate: [pid, ipc]')]) {
        const { value } = await up(lab(text), real)
        assert.deepEqual([value?.undone, seen()], [true, 'onemore\n'])
      }
      worked(await up(lab(copied.replace('isolate: pid', 'isolate: all')), real))
      assert.equal(seen(), 'two')
      assert.ok(!existsSync(`/run/nstopo/${name}/host/web/earlier`))
    })
    rmSync(folder, { recursive: true })
  })

  it('a new lab whose program ends at once leaves nothing, and its last words are told', async () => {
    const before = machine()
    const command = '[sh, -c, "echo some words; exit 3"], ready: { listen: tcp/1 }'
    const { diagnostics } = await up(lab(first.replace('[sleep, "1002"]', command)), real)
    assert.deepEqual(diagnostics[0]?.output, ['some words'])
    assert.match(diagnostics[0]!.message, /db:c did not become ready: ended with status 3/)
    assert.deepEqual(machine(), before)
  })

  it('any hosts become any others, as in memory', async () => {
    const before = machine()
    await fc.assert(
      fc.asyncProperty(fc.array(hostsLab, { minLength: 2, maxLength: 3 }), async drawn => {
        const memory = simulated()
        try {
          for (const subject of drawn.map(one => lab(hostsText(one)))) {
            for (const kernel of [memory, real]) await changeTo(subject, kernel)
            assert.deepEqual(hostsIn(real), hostsIn(memory), subject.text)
          }
        } finally {
          await down(name, real)
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 5), endOnFailure: true },
    )
    assert.deepEqual(machine(), before)
  })
})

async function changeTo(subject: Source, kernel: Kernel): Promise<void> {
  worked(await up(subject, kernel))
  assert.deepEqual(worked(diff(subject, kernel)).changes, [], subject.text)
}

/** The output of a command in the host `web`. */
function inHost(...command: readonly string[]): string {
  const { stdout, stderr, status } = nstopo(['exec', name, 'web', '--', ...command])
  assert.equal(status, 0, stderr)
  return stdout
}

/** The numbers of the lab’s programs, by `NODE:PROCESS`. */
function programs(): readonly Process[] {
  const space = real.space(name)
  const found = [...space.nodes().keys()].flatMap(node => space.readHost(node).processes)
  space.close()
  return found
}

const ended = (program: string) => programs().find(one => one.name === program)?.seen?.ended

function pids(): Readonly<Record<string, number | undefined>> {
  const found = [...programs()]
  assert.ok(found.every(({ seen }) => seen?.state === 'running' || seen?.state === 'ready'))
  const inOrder = found.sort((a, b) => (a.name < b.name ? -1 : 1))
  return Object.fromEntries(inOrder.map(one => [`${one.node}:${one.name}`, one.seen?.pid]))
}

/** Without what is drawn for it, or stands somewhere else in another file. */
function hostsIn(kernel: Kernel): unknown {
  const space = kernel.space(name)
  const passing = new Set(['pid', 'seen', 'at'])
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (key, inner) => (passing.has(key) ? undefined : inner)))
  const read = [...space.nodes().keys()].sort().map(node => {
    const { host, files, processes } = space.readHost(node)
    const named = processes.map(one => [one.name, plain(one)] as const)
    return [node, plain(host ?? null), new Map(files.map(one => [one.path, plain(one)])), new Map(named)]
  })
  space.close()
  return read
}

import assert from 'node:assert/strict'
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Ajv } from 'ajv'
import { milliseconds } from '../../commands/shared/duration.js'
import type { WatchLine } from '../../src/render/schemas/differences.js'
import { inFolder, labName, nstopo, root } from './program.js'

const { $schema: _, ...schema } = JSON.parse(readFileSync(join(root, 'schemas/watch.schema.json'), 'utf8'))
const ajv = new Ajv({ strict: true, strictTypes: false })
const isLine = ajv.compile(schema)

const topology = (lab: string) => `
name: ${lab}
nodes: { h1: { routes: { to: 10.9.0.0/16, via: h2 } }, h2: {} }
links:
  - [h1 10.0.0.1/24, h2 10.0.0.2/24]
`

interface Running {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  /** The next line of standard output; empty when there is no more. */
  line(): Promise<string>
  /** The exit status, and what standard error was told. */
  end(): Promise<readonly [status: number | null, stderr: string]>
}

/** A lab that is up, and the program that watches it; both are gone afterwards. */
async function watching(
  lab: string,
  words: readonly string[],
  work: (running: Running) => Promise<void>,
): Promise<void> {
  try {
    inFolder({ 'lab.yaml': topology(lab) }, cwd => assert.equal(nstopo(['up', 'lab.yaml'], { cwd }).status, 0))
    const child = spawn(process.execPath, [join(root, 'dist/nstopo.cjs'), 'watch', ...words, lab], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    let stderr = ''
    child.stderr.on('data', piece => {
      stderr += piece
    })
    const ended = once(child, 'close')
    try {
      await work({
        process: child,
        line: async () => (await lines.next()).value ?? '',
        end: async () => [(await ended)[0], stderr],
      })
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  } finally {
    nstopo(['down', lab])
  }
}

const ip = (lab: string, ...words: string[]) => execFileSync('ip', ['-n', `${lab}.h1`, ...words])
const lose = (lab: string) => ip(lab, 'route', 'del', '10.9.0.0/16')

/** A line, held against the schema that the package ships. */
function event(line: string): WatchLine {
  const parsed = JSON.parse(line)
  assert.ok(isLine(parsed), `${ajv.errorsText(isLine.errors)}\n${line}`)
  return parsed as WatchLine
}

describe('nstopo watch', () => {
  it('prints a line a difference, with the time and the place, until Ctrl-C', async () => {
    const lab = labName('watch')
    await watching(lab, [], async ({ process, line, end }) => {
      const clock = /^\d\d:\d\d:\d\d {2}/
      const next = async () => {
        const text = await line()
        assert.match(text, clock)
        return text.replace(clock, '')
      }
      assert.equal(await next(), `watching ${lab}: no differences`)
      lose(lab)
      assert.equal(await next(), 'missing   route of h1: 10.9.0.0/16 via 10.0.0.2 dev eth0  lab.yaml:3:24')
      ip(lab, 'link', 'set', 'eth0', 'mtu', '1400')
      assert.match(
        await next(),
        /^changed {3}link h1:eth0 \(veth, mtu 1500\): mtu is 1400, should be 1500 +lab\.yaml:5:6$/,
      )
      process.kill('SIGINT')
      assert.deepEqual(await end(), [1, ''])
    })
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`ends with 0 at ${signal} when nothing differs`, async () => {
      await watching(labName('quiet'), ['--every', '0'], async ({ process, line, end }) => {
        await line()
        process.kill(signal)
        assert.deepEqual(await end(), [0, ''])
      })
    })

  it('tells at its end where the time went, if asked to', async () => {
    await watching(labName('timed'), ['--timings'], async ({ process, line, end }) => {
      await line()
      process.kill('SIGINT')
      const [status, stderr] = await end()
      assert.equal(status, 0)
      assert.match(stderr, /^where the time went .*\n(.*\n)*observe .*\n(.*\n)*total /m)
    })
  })

  it('prints lines of JSON that fit its schema; --heal puts right; it ends with the lab', async () => {
    const lab = labName('json')
    await watching(lab, ['--json', '--heal'], async ({ line, end }) => {
      const start = event(await line())
      assert.deepEqual([start.event, start.lab, start.changes], ['start', lab, []])
      lose(lab)
      const drift = event(await line())
      assert.deepEqual([drift.event, drift.differences, drift.changes?.[0]?.state], ['drift', 1, 'missing'])
      assert.deepEqual(drift.changes?.[0]?.place, { file: 'lab.yaml', line: 3, column: 24 })
      const healed = event(await line())
      assert.deepEqual([healed.event, healed.differences], ['healed', 0])
      assert.deepEqual(healed.operations, ['create route of h1: 10.9.0.0/16 via 10.0.0.2 dev eth0'])
      assert.match(execFileSync('ip', ['-n', `${lab}.h1`, 'route'], { encoding: 'utf8' }), /10\.9\.0\.0\/16/)
      const down = nstopo(['down', lab])
      assert.deepEqual([down.status, down.stderr], [0, ''])
      assert.equal(event(await line()).event, 'down')
      assert.deepEqual(await end(), [0, ''])
    })
  })

  it('says in words that the lab was taken down', async () => {
    const lab = labName('gone')
    await watching(lab, [], async ({ line, end }) => {
      await line()
      assert.equal(nstopo(['down', lab]).status, 0)
      assert.match(await line(), new RegExp(`${lab} was taken down$`))
      assert.deepEqual(await end(), [0, ''])
    })
  })

  it('ends when nobody reads it any more', async () => {
    const lab = labName('pipe')
    await watching(lab, [], async ({ process, line, end }) => {
      await line()
      process.stdout.destroy()
      lose(lab)
      assert.deepEqual(await end(), [1, ''])
    })
  })

  it('says nothing with -q; the exit status does', async () => {
    const lab = labName('silent')
    await watching(lab, ['-q', '--heal'], async ({ process, line, end }) => {
      lose(lab)
      while (!`${ip(lab, 'route')}`.includes('10.9.0.0/16')) assert.equal(process.exitCode, null)
      process.kill('SIGTERM')
      assert.equal(await line(), '')
      assert.deepEqual(await end(), [0, ''])
    })
  })

  it('refuses a lab that is not up, and what can’t be meant', () => {
    const lab = labName('none')
    const absent = nstopo(['watch', lab])
    assert.equal(absent.status, 2)
    assert.match(absent.stderr, /is not up/)
    const { stdout, status } = nstopo(['watch', '--json', lab])
    assert.equal(status, 2)
    assert.equal(stdout.trim().split('\n').length, 1)
    assert.ok(isLine(JSON.parse(stdout)))
    assert.match(nstopo(['watch', '--prune', lab]).stderr, /--prune goes with --heal/)
    assert.match(nstopo(['watch', '--every', 'often', lab]).stderr, /--every often is no time.*\n.*such as --every 30s/)
  })

  it('reads times with units', () => {
    assert.deepEqual(['0', '500ms', '1.5s', '2m', '1h', '5', 's', '-1s', '1d'].map(milliseconds), [
      0,
      500,
      1500,
      120_000,
      3_600_000,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

/** A run that is told to stop, or whose terminal is closed: the machine is as it was before, for a new lab and for a changed one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diff, down, source, up } from '../../src/index.js'
import { kernel, withLab, worked } from '../support/labs.js'
import { labName, machine, witness } from '../support/machine.js'
import { program } from './program.js'

/** Large enough to be in the middle of when it is told to stop. */
const many = 1200
const small = 'nodes: { a: { routes: { to: 10.4.0.0/16, via: b } }, b: }\nlinks:\n  - [a 10.0.0.1/24, b 10.0.0.2/24]\n'
const large = [
  small.replace('b: }', `b: , ${Array.from({ length: many }, (_, i) => `n${i}`).join(': , ')}: }`).trimEnd(),
  ...Array.from({ length: many - 1 }, (_, i) => `  - [n${i}, n${i + 1}]`),
  '',
]
  .join('\n')
  .replace('10.4.0.0/16', '10.5.0.0/16')

/** Until the run is in the middle of its work. */
async function halfway(lab: string): Promise<void> {
  const pins = `/run/nstopo/${lab}/ns`
  while (!existsSync(pins) || readdirSync(pins).length < many / 4) await sleep(2)
}

async function gone(path: string): Promise<void> {
  while (existsSync(path)) await sleep(5)
}

interface Ended {
  readonly status: number | null
  readonly said: string
}

/** The large lab, told to stop in the middle. */
async function stopped(lab: string, signal: NodeJS.Signals): Promise<Ended> {
  const run = spawn(process.execPath, [program, 'up', '--name', lab, '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  run.stdin.end(large)
  let said = ''
  run.stderr.on('data', piece => {
    said += piece
  })
  const exit = once(run, 'close')
  await halfway(lab)
  run.kill(signal)
  const [status] = await exit
  return { status, said }
}

/** The same on a terminal of its own, which is closed when script(1) is killed. */
async function closed(lab: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-closed-'))
  const file = join(folder, 'lab.yaml')
  writeFileSync(file, large)
  const line = `'${process.execPath}' '${program}' up --name ${lab} '${file}'`
  const terminal = spawn('script', ['-eqc', line, '/dev/null'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const exit = once(terminal, 'exit')
  await halfway(lab)
  terminal.kill('SIGKILL')
  await exit
  // The run ends a moment after its terminal.
  for (const path of [`/run/nstopo/${lab}`, `/run/nstopo/${lab}.lock`, '/run/nstopo.lock']) await gone(path)
  rmSync(folder, { recursive: true })
}

describe('a run that is told to stop', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`by ${signal} leaves nothing of a new lab`, async () => {
      const lab = labName(`stopped-${signal.toLowerCase()}`)
      const before = machine()
      const { status, said } = await stopped(lab, signal)
      assert.equal(status, 128 + constants.signals[signal], said)
      assert.match(said, /the run was interrupted.*\n.*what was made is taken down again/)
      assert.deepEqual(machine(), before)
    })

    it(`by ${signal} leaves a lab that was changed as it was`, async () => {
      const lab = labName(`changing-${signal.toLowerCase()}`)
      await withLab(source(small, { name: lab }), async () => {
        const before = ['a', 'b'].map(node => witness(`${lab}.${node}`))
        const all = machine()
        const { status, said } = await stopped(lab, signal)
        assert.equal(status, 128 + constants.signals[signal], said)
        assert.match(said, /the lab is as it was before/)
        assert.deepEqual(machine(), all)
        assert.deepEqual(
          ['a', 'b'].map(node => witness(`${lab}.${node}`)),
          before,
        )
        assert.equal(worked(diff({ lab }, kernel)).differs, false)
      })
    })
  }

  it('by a terminal that is closed leaves nothing', async () => {
    const lab = labName('closed')
    const before = machine()
    await closed(lab)
    assert.deepEqual(machine(), before)
  })

  it('and then anew, changes what it would have changed', async () => {
    const lab = labName('anew')
    await stopped(lab, 'SIGINT')
    worked(await up(source(small, { name: lab }), kernel))
    assert.equal(worked(await down(lab, kernel)).nodes, 2)
  })
})

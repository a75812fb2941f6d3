/** Whatever request the kernel refuses, and with whatever: the machine is as it was, and the report says so. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import fc from 'fast-check'
import {
  type Diagnostic,
  diff,
  down,
  type Result,
  type SimulatedKernel,
  type Source,
  simulated,
  source,
  type UpReport,
  up,
} from '../src/index.js'
import { changed } from './support/changed.js'
import { type Faulty, faulty } from './support/faulty.js'
import { shipped, worked } from './support/labs.js'

/** The larger a topology is, the fewer of a run's requests are refused in turn; `FAULTS=Infinity` refuses every one. */
const budget = Number(process.env.FAULTS ?? 15_000)

const hosts = resolve('test/support/hosts.yaml')
const small = [...shipped.filter(path => !/backbone|isp|leaf-spine/.test(path)), hosts]
/** Faults that follow each other closely hit one run, first what it does and then how that is undone. */
const several = fc
  .tuple(fc.nat(200), fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 4 }))
  .map(([start, later]) => [start, ...later.map(gap => start + 1 + gap)])

describe('a fault', function () {
  this.timeout(3_600_000)
  it('with others while it is undone: the report says so, and the next up mends it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...small), fc.boolean(), several, async (path, isNew, places) => {
        const [first, second] = subjectsOf(path)
        const kernel = await machineOf(isNew ? [] : [second])
        const before = kernel.holdings()
        const faults = faulty(kernel, new Set(places))
        const result = await up(first, faults)
        const what = `${path} ${JSON.stringify(faults.refused)}`
        if (faults.refused.length > 0) assert.ok(errorsOf(result).length > 0, what)
        if (faults.refused.length > 0 && !isUnfinished(result)) assert.deepEqual(kernel.holdings(), before, what)
        worked(await up(first, kernel))
        assert.deepEqual(worked(diff(first, kernel)).changes, [], what)
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    )
  })

  for (const path of [...shipped, hosts]) {
    describe(basename(path), () => {
      const [first, second] = subjectsOf(path)

      it('of a new lab leaves nothing', async () => {
        await everyFault([], first, 'what was made is taken down again')
      })

      it('of a change in place leaves the lab as it was', async () => {
        await everyFault([first], second, 'the lab is as it was before')
      })

      it('of the change back leaves the lab as it was', async () => {
        await everyFault([second], first, 'the lab is as it was before')
      })

      it('of a down leaves others alone, and a second down ends it', async () => {
        await everyFaultOfDown(first, { ...first, name: 'other' })
      })
    })
  }
})

/** A topology, and the same with a little of everything changed. */
function subjectsOf(path: string): readonly [Source, Source] {
  const text = readFileSync(path, 'utf8')
  const other = path === hosts ? readFileSync(hosts.replace('.yaml', '-changed.yaml'), 'utf8') : changed(text)
  return [source(text, { name: 'fault' }), source(other, { name: 'fault' })]
}

const isUnfinished = ({ diagnostics }: Result<unknown>): boolean =>
  diagnostics.some(({ code }) => code === 'not-undone')

/** One run after the other starts from the same state, or the one before has failed. */
async function everyFault(history: readonly Source[], subject: Source, undone: string): Promise<void> {
  const kernel = await machineOf(history)
  const before = kernel.holdings()
  const counted = faulty(await machineOf(history), new Set())
  worked(await up(subject, counted))
  for (const place of placesOf(counted.asked)) {
    const faults = faulty(kernel, new Set([place]))
    const result = await up(subject, faults)
    const what = `request ${place}, ${faults.refused.map(r => `${r.request}: ${r.errno}`)}`
    assert.equal(faults.refused.length, 1, what)
    assert.deepEqual(kernel.holdings(), before, what)
    tells(result, faults, { what, undone })
  }
  worked(await up(subject, kernel))
  assert.deepEqual(worked(diff(subject, kernel)).changes, [])
}

async function machineOf(history: readonly Source[]): Promise<SimulatedKernel> {
  const kernel = simulated()
  for (const subject of history) worked(await up(subject, kernel))
  return kernel
}

/** All of them, or of many each so-and-so-manieth, and the first of each sort. */
function placesOf(asked: readonly string[]): readonly number[] {
  const step = Math.max(1, Math.ceil(asked.length ** 2 / budget))
  return asked.flatMap((request, place) => (place % step === 0 || asked.indexOf(request) === place ? [place] : []))
}

interface Told {
  readonly what: string
  /** What the report says of a run that had begun. */
  readonly undone: string
}

function tells(result: Result<UpReport>, { refused }: Faulty, { what, undone }: Told): void {
  const errors = errorsOf(result)
  assert.ok(
    errors.some(({ message }) => message.includes(refused[0]!.errno)),
    `${what}: ${errors.map(d => d.message).join('\n')}`,
  )
  if (!result.value) return
  assert.equal(result.value.undone, true, what)
  assert.ok(
    errors.some(({ hint }) => hint?.includes(undone)),
    `${what}: ${errors.map(d => d.hint).join('\n')}`,
  )
}

async function everyFaultOfDown(subject: Source, other: Source): Promise<void> {
  const kernel = await machineOf([other])
  const before = kernel.holdings()
  const counted = faulty(await machineOf([other, subject]), new Set())
  worked(await down(subject.name!, counted))
  for (const [place, request] of counted.asked.entries()) {
    worked(await up(subject, kernel))
    const faults = faulty(kernel, new Set([place]))
    const told = errorsOf(await down(subject.name!, faults)).map(({ message }) => message)
    assert.ok(told.join().includes(faults.refused[0]!.errno), `${request}: ${told}`)
    assert.deepEqual(kernel.holdings().labs.other, before.labs.other, request)
    worked(await down(subject.name!, kernel))
    assert.deepEqual(kernel.holdings(), before, request)
  }
}

function errorsOf({ diagnostics }: Result<unknown>): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

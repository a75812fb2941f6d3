/** Inputs made one after the other, each checked; what fails is shown with what makes it again. `FUZZ` says how many. */
import { appendFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { Script } from 'node:vm'
import { chance, seed as usual } from '../support/seed.js'
import { type Random, randomOf } from './random.js'

export interface Target<T> {
  /** For the list of what was tried. */
  readonly what: string
  /** How many when nobody says otherwise: a few seconds' work. */
  readonly share: number
  make(random: Random): T
  /** Throws when the input does what none may do. */
  check(input: T): void
}

/** A long run is to find something new. */
const seed = Number(process.env.FUZZ_SEED ?? (process.env.FUZZ ? chance() : usual))
/** So many run under one guard: it costs a thread each time. */
const portion = 500
/** For a whole portion, of which each input takes far less than a thousandth: only what never ends takes as long. */
const hangs = 120_000

/** Runs a target; `FUZZ=1000000` in the environment for a long run, `FUZZ_LOG=FILE` for a line a target that went well, `FUZZ_SEED` and `FUZZ_FROM` to see one failure again. */
export function fuzz<T>({ what, share, make, check }: Target<T>): void {
  const first = Number(process.env.FUZZ_FROM ?? 0)
  const count = first + Number(process.env.FUZZ ?? share)
  let index = first
  let input: T | undefined
  const run = () => {
    for (const end = Math.min(index + portion, count); index < end; index++) {
      input = make(randomOf(seed, index))
      check(input)
    }
  }
  try {
    while (index < count) guarded(run)
    if (process.env.FUZZ_LOG)
      appendFileSync(process.env.FUZZ_LOG, `${JSON.stringify({ what, inputs: count - first })}\n`)
  } catch (cause) {
    const again = `FUZZ_SEED=${seed} FUZZ_FROM=${index} FUZZ=1`
    throw new Error(`${again}: ${inspect(cause)}\ninput: ${shown(input)}`, { cause })
  }
}

const guard = new Script('globalThis[Symbol.for("nstopo.fuzz")]()')

/** Ends synchronous work that hangs, which no timer could. */
function guarded(work: () => void): void {
  Object.assign(globalThis, { [Symbol.for('nstopo.fuzz')]: work })
  guard.runInThisContext({ timeout: hangs })
}

function shown(input: unknown): string {
  return typeof input === 'string' ? JSON.stringify(input) : inspect(input, { depth: 8, maxArrayLength: 4096 })
}

const untouched = Object.getOwnPropertyNames(Object.prototype).join()

/** No input may give every object a property. */
export function prototypeIsUntouched(): boolean {
  for (const key in {}) return key === undefined
  return Object.getOwnPropertyNames(Object.prototype).join() === untouched
}

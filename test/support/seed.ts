/**
 * The seed of all that tests draw, for every spec: the same at each run, so that a change is judged by what it does and not by
 * luck. `SEED=random` looks further, and `SEED=NUMBER FOUND=PATH` at what was found again, as fast-check tells both.
 */
import { createRequire } from 'node:module'
import type { GlobalParameters } from 'fast-check'

const { SEED, FOUND } = process.env

export const chance = () => (Date.now() ^ (process.pid << 12)) >>> 0
export const seed = SEED === 'random' ? chance() : Number(SEED ?? 1)

interface Copy {
  configureGlobal(parameters: GlobalParameters): void
}

/** Before the first test: of the package there are two copies, as a spec is a module or a script to Node. */
export async function mochaGlobalSetup(): Promise<void> {
  const copies: readonly Copy[] = [await import('fast-check'), createRequire(import.meta.url)('fast-check')]
  for (const copy of copies) copy.configureGlobal({ seed, ...(FOUND ? { path: FOUND } : {}) })
}

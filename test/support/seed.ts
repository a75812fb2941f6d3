/**
 * The seed of all that tests draw, for every spec: the same at each run, so that a change is judged by what it does and not by
 * luck. `SEED=random` looks further, and `SEED=NUMBER FOUND=PATH` at what was found again, as fast-check tells both.
 */
import fc from 'fast-check'

const { SEED, FOUND } = process.env

export const chance = () => (Date.now() ^ (process.pid << 12)) >>> 0
export const seed = SEED === 'random' ? chance() : Number(SEED ?? 1)

fc.configureGlobal({ seed, ...(FOUND ? { path: FOUND } : {}) })

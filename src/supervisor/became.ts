/** A launcher that nobody has watched in; the program that it became, or nothing where it ended instead, out. */
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from '../kernel/host/living.js'
import type { Identity } from '../kernel/host/steps.js'
import { childrenOf, isLauncher } from './family.js'

const looks = 100
/** Milliseconds. */
const between = 10

export interface Became {
  /** Where the launcher waits for it. */
  readonly program?: number
}

/** One that was never told to go on ends by itself: its supervisor has. Any other is done with its steps in a moment. */
export async function whatBecameOf(launcher: Identity): Promise<Became | undefined> {
  for (let look = 0; look < looks && isAlive(launcher); look++) {
    if (!isLauncher(launcher.pid)) return {}
    const program = childrenOf(launcher.pid).find(pid => !isLauncher(pid))
    if (program !== undefined) return { program }
    await pause(between)
  }
  return undefined
}

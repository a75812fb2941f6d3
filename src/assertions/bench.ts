/** What tests are run with: a lab that is up, and how to run a command in it. */
import type { Scene } from '../explain.js'
import type { RunIn } from '../model/verdict.js'

export interface Bench {
  /** As the file says it: for names and addresses. */
  readonly scene: Scene
  /** As the kernel holds it now. */
  readonly look: () => Scene
  readonly runIn: RunIn
  readonly signal?: AbortSignal | undefined
}

/** Why it is not true yet; undefined: it is. */
export type Doubt = string | undefined

/** Milliseconds between two tries, and that a try has at least, however late it comes. */
const pause = 50
const least = 500

/**
 * Tries until it is true, or the time is over; what was wrong last is what is told.
 * @param deadline as performance.now() counts
 * @param attempt gets the milliseconds that are left
 */
export async function until(
  deadline: number,
  { signal }: Pick<Bench, 'signal'>,
  attempt: (left: number) => Promise<Doubt>,
): Promise<Doubt> {
  for (;;) {
    const begun = performance.now()
    const doubt = await attempt(Math.max(least, deadline - begun))
    const now = performance.now()
    // What takes so long would only be cut off.
    if (doubt === undefined || signal?.aborted || now + Math.max(pause, now - begun) >= deadline) return doubt
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

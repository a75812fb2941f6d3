/** Differences that were healed → when those that come back may be healed again. */
import type { Change } from '../model/plan.js'
import { subjectKey } from './comparison.js'

/** So many times at once; then after a second, after two, four, … at most five minutes. */
const freely = 3
const firstWait = 1000
const longestWait = 300_000
/** Who leaves a thing alone for so long after the wait that it had has given up: it begins anew. */
const calm = 60_000

interface Tries {
  readonly count: number
  readonly at: number
}

export interface Patience {
  /** From when on one of these may be healed, and the others with it; 0 for at once. */
  due(changes: readonly Change[]): number
  /** Those of them that were undone time and again. */
  fought(changes: readonly Change[]): readonly Change[]
  /** That it was tried: what was in vain need not be tried three times. */
  tried(changes: readonly Change[], now: number, inVain?: boolean): void
}

/** Two that undo each other's work would keep the machine busy with it: so who comes back over and over waits. */
export function patience(): Patience {
  const tries = new Map<string, Tries>()
  const still = ({ count, at }: Tries) => at + waitAfter(count)
  return {
    due: changes =>
      changes.reduce((first, change) => {
        const known = tries.get(subjectKey(change))
        return Math.min(first, known && known.count >= freely ? still(known) : 0)
      }, Number.POSITIVE_INFINITY),
    fought: changes => changes.filter(change => waitAfter(tries.get(subjectKey(change))?.count ?? 0) > 0),
    tried(changes, now, inVain = false) {
      for (const [key, known] of tries) if (now > still(known) + calm) tries.delete(key)
      for (const key of changes.map(subjectKey)) {
        const count = (tries.get(key)?.count ?? 0) + 1
        tries.set(key, { count: inVain ? Math.max(count, freely) : count, at: now })
      }
    },
  }
}

function waitAfter(count: number): number {
  return count < freely ? 0 : Math.min(longestWait, firstWait * 2 ** (count - freely))
}

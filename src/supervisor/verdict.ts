/** What came of an order; and those who wait for it. */
import type { Ready } from '../model/network.js'

export type Verdict =
  | { readonly ready: true }
  /** In plain words, with the last lines of its output. */
  | { readonly ready: false; readonly reason: string; readonly output: readonly string[] }

export const ready: Verdict = { ready: true }

export function refusal(reason: string, output: readonly string[] = []): Verdict {
  return { ready: false, reason, output }
}

/** What the promise gives, or undefined after so long. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds)
    promise.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

/** Those who want to know whether a process is ready. */
export class Waiters {
  private readonly waiting = new Set<(verdict: Verdict) => void>()

  /** @param lastLines asked for where the condition is not met in its time */
  wait(condition: Ready | undefined, lastLines: () => readonly string[]): Promise<Verdict> {
    return new Promise(resolve => {
      const give = (verdict: Verdict) => {
        clearTimeout(limit)
        this.waiting.delete(give)
        resolve(verdict)
      }
      const tooLate = (seconds: number) => give(refusal(`was not ready within ${seconds} s`, lastLines()))
      const isLimited = condition !== undefined && condition.by !== 'after'
      const limit = isLimited ? setTimeout(tooLate, condition.timeout * 1000, condition.timeout) : undefined
      this.waiting.add(give)
    })
  }

  tell(verdict: Verdict): void {
    for (const give of [...this.waiting]) give(verdict)
  }
}

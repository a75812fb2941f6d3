/** A clock in; a trace that remembers its spans out. */
import type { About, Span, Trace } from '../model/trace.js'

export interface Recorder extends Trace {
  /** A span that was over before the trace began. */
  add(about: About, start: number, end: number): void
  /** All so far, in the order of their starts; what is still open lasts until now. */
  spans(): readonly Span[]
  /** Milliseconds since the process began. */
  now(): number
}

interface Entry {
  readonly about: About
  readonly start: number
  readonly depth: number
  end?: number
}

/** @param now milliseconds since the process began */
export function recorder(now: () => number = () => performance.now()): Recorder {
  const entries: Entry[] = []
  let open = 0
  const spanOf = ({ about, start, end = now(), depth }: Entry): Span => ({
    ...about,
    start,
    duration: end - start,
    depth,
  })
  return {
    span(about, work) {
      const entry: Entry = { about, start: now(), depth: open++ }
      entries.push(entry)
      return closed(work, () => {
        entry.end = now()
        open--
      })
    },
    add: (about, start, end) => void entries.push({ about, start, end, depth: 0 }),
    spans: () => entries.map(spanOf),
    now,
  }
}

/** Does the work, and `close` when it is done, or failed. */
function closed<T>(work: () => T, close: () => void): T {
  let waits = false
  try {
    const result = work()
    if (!(result instanceof Promise)) return result
    waits = true
    return result.finally(close) as T
  } finally {
    if (!waits) close()
  }
}

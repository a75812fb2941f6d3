/** The spans of a run in; a trace that Chrome’s trace viewer and Perfetto open (Trace Event Format) out. */
import type { Span } from '../model/trace.js'

export interface Process {
  /** Such as `up`. */
  readonly command: string
  readonly version: string
  readonly pid: number
}

/** What every trace starts with. */
export const firstBytes = '{"traceEvents":'

/** One event a line. */
export function renderProfile(spans: readonly Span[], { command, version, pid }: Process): string {
  // The thread is the process's first, whose number is the process's own.
  const thread = { pid, tid: pid }
  const named = (name: string, value: string) => ({ name, ph: 'M', ...thread, args: { name: value } })
  const events = [
    named('process_name', `nstopo ${command}`),
    named('thread_name', 'main'),
    ...spans.map(span => ({ ...event(span), ...thread })),
  ]
  const lines = events.map(each => JSON.stringify(each)).join(',\n')
  return `${firstBytes}[\n${lines}\n],"displayTimeUnit":"ms","otherData":${JSON.stringify({ nstopo: version })}}\n`
}

/** A complete event. In whole nanoseconds, so that rounding never has a part end after its whole. */
function event({ name, category, start, duration, message, count, more }: Span) {
  const [from, to] = [nanoseconds(start), nanoseconds(start + duration)]
  const args = { ...(message ? { message } : {}), ...(count === undefined ? {} : { count }), ...more }
  return { name, cat: category, ph: 'X', ts: from / 1000, dur: (to - from) / 1000, args }
}

function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000_000)
}

/** The spans of a run in; where its time went, as `--timings` and `--json` show it, out. */
import type { Span } from '../model/trace.js'
import { paint } from './paint.js'
import type { Timings } from './schemas/envelope.js'
import { table } from './table.js'

type Row = Timings['phases'][number]
type Sum = { -readonly [K in keyof Row]: Row[K] }

const rest = 'the rest'

/** Spans of one name in one place are one row. @param milliseconds of the whole run */
export function timingsOf(spans: readonly Span[], milliseconds: number): Timings {
  const rows = new Map<string, Sum>()
  const path: string[] = []
  for (const { name, depth, duration, message, count } of spans) {
    path.splice(depth, path.length, name)
    const row = rows.get(path.join('\n')) ?? { path: [...path], milliseconds: 0, ...(message ? { message } : {}) }
    row.milliseconds += duration
    if (count !== undefined) row.count = (row.count ?? 0) + count
    rows.set(path.join('\n'), row)
  }
  const kernel = sum(spans.filter(({ category }) => category === 'kernel').map(({ duration }) => duration))
  const phases = withRests([...rows.values()], [], milliseconds)
  return {
    milliseconds: rounded(milliseconds),
    kernel: rounded(kernel),
    phases: phases.map(phase => ({ ...phase, milliseconds: rounded(phase.milliseconds) })),
  }
}

/** Each row before its parts, in the order in which they began; what no part accounts for is a part too. */
function withRests(rows: readonly Row[], path: readonly string[], milliseconds: number): Row[] {
  const parts = rows.filter(row => row.path.length === path.length + 1 && path.every((name, i) => row.path[i] === name))
  if (parts.length === 0) return []
  const left = Math.max(0, milliseconds - sum(parts.map(part => part.milliseconds)))
  return [
    ...parts.flatMap(part => [part, ...withRests(rows, part.path, part.milliseconds)]),
    { path: [...path, rest], milliseconds: left },
  ]
}

/** A table: what it was, milliseconds, the share of the whole; of the kernel's, how many, and microseconds each. What
 * takes more than a tenth is bold on a terminal. */
export function renderTimings(timings: Timings, { colour }: { readonly colour: boolean }): string {
  const { faint, strong } = paint(colour)
  const whole = timings.milliseconds
  const numbers = (milliseconds: number) => [milliseconds.toFixed(1), `${((milliseconds / whole) * 100).toFixed(1)} %`]
  const shown = timings.phases.filter(({ path, milliseconds }) => path.at(-1) !== rest || milliseconds >= 0.05)
  const rows = shown.map(row => [label(row), ...numbers(row.milliseconds), ...calls(row)])
  const all = [
    ['where the time went', 'ms', 'share', 'count', 'µs each'],
    ...rows,
    ['total', ...numbers(whole)],
    ['  of this the kernel', ...numbers(timings.kernel)],
  ]
  const lines = table(toTheRight(all))
  const total = lines.length - 2
  const large = (at: number) => at === total || (shown[at - 1]?.milliseconds ?? 0) > whole / 10
  return `\n${lines.map((line, at) => (at === 0 ? faint(line) : large(at) ? strong(line) : line)).join('\n')}\n`
}

function label({ path, message }: Row): string {
  const name = `${'  '.repeat(path.length - 1)}${path[path.length - 1]}`
  return message === undefined ? name : `${name} (${message})`
}

function calls({ count, milliseconds }: Row): readonly string[] {
  if (count === undefined || count === 0) return []
  return [`${count}`, ((milliseconds * 1000) / count).toFixed(0)]
}

/** Numbers below each other. */
function toTheRight(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widthOf = (column: number) => Math.max(...rows.map(row => row[column]?.length ?? 0))
  return rows.map(row => row.map((cell, column) => (column === 0 ? cell : cell.padStart(widthOf(column)))))
}

/** To microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

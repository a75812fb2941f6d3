/** Diagnostics in, text or JSON out: place, message, the lines with a caret, and the fix. */
import { Ansis } from 'ansis'
import type { Diagnostic, Spot } from '../diagnostic.js'
import type { Document, Place } from '../model/document.js'
import { frame, printable } from './frame.js'
import { groupBy } from './table.js'

export interface RenderOptions {
  readonly colour: boolean
}

/** A diagnostic as `--json` gives it; places are missing where it has none. */
export interface DiagnosticJson {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly file?: string
  /** From 1; columns in UTF-16 code units, the end exclusive. */
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly output?: readonly string[]
  readonly hint?: string
  readonly also?: readonly { readonly message: string; readonly line: number; readonly column: number }[]
}

/** So many of one code are shown; a file that a program wrote may have a thousand of the same. */
const most = { error: 20, warning: 5 }
/** Of the rest, so many lines are told. */
const mostLines = 8

/**
 * One block a diagnostic, in the order of the file, each ended by a newline; what has no place stands first. Where one code
 * stands too often, a last block counts the rest.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  document: Document | undefined,
  options: RenderOptions,
): string {
  const paint = new Ansis(options.colour ? 3 : 0)
  const placed = diagnostics.map(each => ({ each, start: placeOf(each.at, document)?.start ?? -1 }))
  const inOrder = placed.toSorted((a, b) => a.start - b.start).map(({ each }) => each)
  const groups = [...groupBy(inOrder, ({ severity, code }) => `${severity} ${code}`).values()]
  const left = groups.map(group => group.slice(most[group[0]!.severity])).filter(rest => rest.length > 0)
  const out = new Set(left.flat())
  const shown = inOrder.filter(each => !out.has(each)).map(each => renderOne(each, document, paint))
  return [...shown, ...left.map(rest => [renderRest(rest, document, paint)])]
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n')
}

function renderRest(rest: readonly Diagnostic[], document: Document | undefined, paint: Ansis): string {
  const { severity, code } = rest[0]!
  const lines = [...new Set(rest.flatMap(({ at }) => placeOf(at, document)?.line ?? []))]
  const named = lines.length > 0 ? `, on lines ${lines.slice(0, mostLines).join(', ')}` : ''
  const others = lines.length > mostLines ? ' and others' : ''
  const colour = severity === 'error' ? paint.red : paint.yellow
  const text = `${rest.length} more like these${named}${others}; --json has all`
  return `${colour.bold(`${severity}:`)} ${paint.bold(text)}  ${paint.dim(`[${code}]`)}`
}

function renderOne(diagnostic: Diagnostic, document: Document | undefined, paint: Ansis): readonly string[] {
  const { severity, code, message, also = [] } = diagnostic
  const place = placeOf(diagnostic.at, document)
  const colour = severity === 'error' ? paint.red : paint.yellow
  const where = place && document ? `${printable(document.source.label)}:${place.line}:${place.column}  ` : ''
  const head = `${where}${colour.bold(`${severity}:`)} ${paint.bold(printable(shortened(message)))}  ${paint.dim(`[${code}]`)}`
  const tail = [...outputLines(diagnostic, paint), ...hintLines(diagnostic, paint)]
  if (!place || !document) return [head, ...tail]
  const others = also.flatMap(({ at, message: label }) => {
    const other = placeOf(at, document)
    return other ? [{ place: other, label, mark: '-', colour: paint.cyan }] : []
  })
  const marks = [{ place, label: '', mark: '^', colour: colour.bold }, ...others]
  const digits = Math.max(4, ...marks.map(each => `${each.place.line}`.length))
  const frames = marks.flatMap(each => frame(document.source.text, each, { digits, paint }))
  return [head, ...frames, ...tail]
}

function outputLines({ output = [] }: Diagnostic, paint: Ansis): readonly string[] {
  if (output.length === 0) return []
  return [
    `   ${paint.cyan('its last lines:')}`,
    ...output.map(line => `    ${paint.dim('>')} ${printable(shortened(line))}`),
  ]
}

function hintLines({ hint }: Diagnostic, paint: Ansis): readonly string[] {
  return hint === undefined ? [] : [`   ${paint.cyan('hint:')} ${printable(shortened(hint))}`]
}

/** Of what a message says; a name of a megabyte would push everything else off the screen. */
const longest = 600

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 100)}…${text.slice(-100)}`
}

export function diagnosticJson(diagnostic: Diagnostic, document: Document | undefined): DiagnosticJson {
  const { code, severity, message, hint, also, output } = diagnostic
  const place = placeOf(diagnostic.at, document)
  const others = also?.flatMap(each => {
    const { line, column } = placeOf(each.at, document) ?? {}
    return line === undefined || column === undefined ? [] : [{ message: each.message, line, column }]
  })
  return {
    ...{ code, severity, message },
    ...(place && document ? { file: document.source.label, ...span(place, document) } : {}),
    ...(output === undefined ? {} : { output }),
    ...(hint === undefined ? {} : { hint }),
    ...(others && others.length > 0 ? { also: others } : {}),
  }
}

function span(place: Place, document: Document) {
  const last = document.range(place.end, place.end)
  return { line: place.line, column: place.column, endLine: last.line, endColumn: last.column }
}

function placeOf(spot: Spot | undefined, document: Document | undefined): Place | undefined {
  if (!spot || !document) return undefined
  return 'range' in spot ? document.range(spot.range[0], spot.range[1]) : document.place(spot.path, spot.key)
}

/** `2 errors, 1 warning`; empty when there is nothing to count. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: string) => diagnostics.filter(d => d.severity === severity).length
  return [counted(count('error'), 'error'), counted(count('warning'), 'warning')].filter(Boolean).join(', ')
}

function counted(number: number, word: string): string {
  return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`
}

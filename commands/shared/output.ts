/** What came of a command in; standard output, standard error and the exit status out. */
import { type Diagnostic, error } from '../../src/diagnostic.js'
import type { Document } from '../../src/model/document.js'
import { diagnosticJson, renderDiagnostics, summary } from '../../src/render/diagnostics.js'
import { statusOf } from './status.js'
import { watched, watching } from './timing.js'

export interface OutputFlags {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
}

export interface Answer {
  readonly command: string
  readonly diagnostics: readonly Diagnostic[]
  readonly document?: Document | undefined
  /** For people; for a standard output that may have colours. */
  readonly text?: ((colour: boolean) => string) | undefined
  /** For programs. */
  readonly result?: unknown
  /** Instead of the one that the diagnostics make. */
  readonly status?: number | undefined
}

/** Prints an answer and returns the exit status. */
export function finish(answer: Answer, flags: OutputFlags): number {
  const status = answer.status ?? statusOf(answer.diagnostics)
  watched('print', () => (flags.json ? process.stdout.write(documentOf(answer, status)) : print(answer, flags)))
  return status
}

function print(answer: Answer, flags: OutputFlags): void {
  report(answer.diagnostics, answer.document, flags)
  const text = answer.text?.(colourOf(process.stdout)) ?? ''
  if (!flags.quiet && text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** The one JSON document of a run. */
export function documentOf(answer: Answer, status: number): string {
  const { command, diagnostics, document, result } = answer
  const json = { command, status, diagnostics: diagnostics.map(d => diagnosticJson(d, document)) }
  const timings = watching()?.document()
  // What is undefined is left out. Who reads the events of `watch` reads line by line.
  return `${JSON.stringify({ ...json, result, timings }, null, command === 'watch' ? 0 : 2)}\n`
}

/** Diagnostics to standard error. */
export function report(diagnostics: readonly Diagnostic[], document: Document | undefined, flags: OutputFlags): void {
  const shown = flags.quiet ? diagnostics.filter(d => d.severity === 'error') : diagnostics
  if (shown.length === 0) return
  const text = renderDiagnostics(shown, document, { colour: colourOf(process.stderr) })
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
  if (shown.length > 1) process.stderr.write(`${summary(shown)}\n`)
}

/** Why a file that somebody named can't be written. */
export function unwritable(path: string, thrown: unknown): Diagnostic {
  const why = thrown instanceof Error ? thrown.message : 'why, nobody knows'
  return error('file-unreadable', `${path} cannot be written: ${why}`)
}

/** Colours only on a terminal, and only when nobody asks for none (no-color.org). */
export function colourOf(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

/** What went wrong in, an error that a test's reader understands without another look out. */
import type { Diagnostic } from '../diagnostic.js'
import type { Result } from '../model/report.js'
import { renderDiagnostics } from '../render/diagnostics.js'

/** A topology with errors, a lab that could not be made or asked, or a name that it does not have. */
export class LabError extends Error {
  override readonly name = 'LabError'

  constructor(
    message: string,
    /** All that nstopo has to say, with its codes; none for what only the library knows. */
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message)
  }
}

/** @throws LabError with the lines of the topology that are wrong */
export function succeeded<T>({ value, diagnostics, document }: Result<T>): T {
  const wrong = diagnostics.some(({ severity }) => severity === 'error')
  if (value !== undefined && !wrong) return value
  throw new LabError(renderDiagnostics(diagnostics, document, { colour: false }).trimEnd(), diagnostics)
}

/** How a command has ended. */
export interface Ended {
  /** 128 and its number for a signal, as a shell has it. */
  readonly status: number
  readonly signal: NodeJS.Signals | null
}

/** A command that failed, was ended, or did not become ready. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  constructor(
    /** What became of it: `ended with status 1`. */
    why: string,
    readonly ran: Ended & {
      readonly node: string
      readonly command: readonly string[]
      readonly stdout: string
      readonly stderr: string
    },
  ) {
    super([`${ran.node}: ${ran.command.map(quoted).join(' ')} ${why}`, ...lastLines(ran)].join('\n'))
  }
}

/** How it ended, in words. */
export function ending({ status, signal }: Ended): string {
  return signal ? `was ended by ${signal}` : `ended with status ${status}`
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))

const mostLines = 12

function lastLines({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): readonly string[] {
  return [stderr, stdout].flatMap(text => text.trimEnd().split('\n').filter(Boolean).slice(-mostLines)).map(indented)
}

const indented = (line: string) => `  ${line}`

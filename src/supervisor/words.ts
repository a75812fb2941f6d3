/** What became of a process in; why it is not ready, in plain words, out; and signals by their names. */
import { constants } from 'node:os'
import { SystemError } from '../kernel/kernel.js'

/** @param how `exit 1`, `SIGKILL`, `unknown` */
export function endedWords(how: string): string {
  if (how === 'unknown') return 'ended, while nobody was there to see how'
  return how.startsWith('exit ') ? `ended with status ${how.slice('exit '.length)}` : `was ended by ${how}`
}

/** What the launcher says on the way to a program. */
export interface Said {
  /** The program's number, where another process waits for it. */
  readonly program?: number
  /** What was refused, in its words. */
  readonly refused: string
}

export function said(report: string): Said {
  const [, program] = /^pid (\d+)$/m.exec(report) ?? []
  return { refused: report.replace(/^pid \d+$/m, '').trim(), ...(program && { program: Number(program) }) }
}

/** @param report what the launcher says: `nstopo: execute httpd: No such file or directory [2]` */
export function refusedWords(report: string): string {
  const [, operation = report.trim(), text, errno] = /^nstopo: (.*): ([^:]*) \[(\d+)\]$/m.exec(report) ?? []
  const command = /^execute (.*)$/s.exec(operation)?.[1]
  if (command !== undefined && errno === '2') return `there is no command ${command}`
  if (command !== undefined) return `the command ${command} can’t be executed: ${text}`
  return text === undefined ? operation : `${operation}: ${text}`
}

export function thrownWords(thrown: unknown): string {
  if (thrown instanceof SystemError) return `${thrown.operation}: ${thrown.text}`
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** `TERM`, `SIGTERM` or `15` → 15. */
export function signalNumber(name: string): number {
  const number = Number(name)
  if (Number.isInteger(number)) return number
  const signals: Readonly<Record<string, number>> = constants.signals
  return signals[name.startsWith('SIG') ? name : `SIG${name}`] ?? constants.signals.SIGTERM
}

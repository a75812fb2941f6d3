/** What a process is started with, and how it ended, as Node has them, in; as programs have them out. */
import { constants } from 'node:os'

/** This process's own environment, to be handed on. */
export function ownEnvironment(): Readonly<Record<string, string>> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

/** As a shell tells it: 128 and the number of the signal that ended it (bash(1), EXIT STATUS). */
export function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0)
}

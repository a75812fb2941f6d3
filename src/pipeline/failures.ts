/** What stops a run, as diagnostics. */
import { type Code, error } from '../diagnostic.js'
import { type Obstacle, SystemError } from '../kernel/kernel.js'
import type { Result } from '../model/report.js'
import type { RunOptions } from './lab.js'

export function failure(code: Code, message: string, hint?: string): Result<never> {
  return { diagnostics: [error(code, message, undefined, hint === undefined ? {} : { hint })] }
}

const obstacles = { permission: 'not-permitted', limit: 'limit-reached', place: 'in-the-way' } as const

export function obstacleFailure({ because, message, hint }: Obstacle): Result<never> {
  return failure(obstacles[because], message, hint)
}

/** With `strict`, a warning is an error. */
export function strictly<T>(result: Result<T>, { strict }: RunOptions): Result<T> {
  if (!strict || result.diagnostics.every(d => d.severity === 'error')) return result
  const { value: _, ...rest } = result
  return { ...rest, diagnostics: result.diagnostics.map(d => ({ ...d, severity: 'error' })) }
}

/** What helps against an errno, where something is known to. */
export const hints: Readonly<Record<string, string>> = {
  EPERM: 'run it as root',
  EACCES: 'run it as root',
  EOPNOTSUPP: 'this kernel lacks it: nstopo doctor says what is there',
  EAFNOSUPPORT: 'this kernel lacks the protocol: nstopo doctor says what is there',
  EMFILE: 'more descriptors are needed: raise ulimit -n',
  ENOSPC: 'a limit of this machine is reached: nstopo doctor says which',
  ENOMEM: 'the machine is out of memory',
}

/** A system call that was refused outside of a plan; root is not told to become root. */
export function systemFailure(thrown: unknown): Result<never> {
  if (!(thrown instanceof SystemError)) throw thrown
  if (thrown.errno === 'ENOTEMPTY')
    return failure('in-the-way', `${thrown.operation}: ${thrown.text}`, 'move it away, or set NSTOPO_STATE_DIR')
  const permission = thrown.errno === 'EPERM' || thrown.errno === 'EACCES'
  return failure(
    permission ? 'not-permitted' : 'kernel-refused',
    `${thrown.operation}: ${thrown.errno} (${thrown.text})`,
    permission && process.geteuid?.() === 0 ? undefined : hints[thrown.errno],
  )
}

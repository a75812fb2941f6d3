/** What stops a run, as diagnostics. */
import { type Code, type Diagnostic, error } from '../diagnostic.js'
import { SystemError } from '../kernel/kernel.js'
import type { RefusedOperation } from '../model/plan.js'
import type { Result } from '../model/report.js'
import { kindOf } from '../resources/index.js'
import type { RunOptions } from './lab.js'

export function failure(code: Code, message: string, hint?: string): Result<never> {
  return { diagnostics: [error(code, message, undefined, hint === undefined ? {} : { hint })] }
}

/** With `strict`, a warning is an error. */
export function strictly<T>(result: Result<T>, { strict }: RunOptions): Result<T> {
  if (!strict || result.diagnostics.every(d => d.severity === 'error')) return result
  const { value: _, ...rest } = result
  return { ...rest, diagnostics: result.diagnostics.map(d => ({ ...d, severity: 'error' })) }
}

/** A refusal names the operation, the node, the errno and its text, the kernel's own words, and the line. */
export function refusal({ operation, errno, text, message, attribute }: RefusedOperation): Diagnostic {
  const { verb, resource } = operation
  const what = `${resource.type === 'sysctl' ? 'set' : verb} the ${kindOf(resource.type).name(resource)}`
  const words = [message && `“${message}”`, attribute && `at ${attribute}`].filter(Boolean).join(' ')
  const hint = hintOf(errno)
  return error(
    'kernel-refused',
    `${resource.node}: the kernel refused to ${what}: ${errno} (${text})${words && `, ${words}`}`,
    resource.at,
    hint ? { hint } : {},
  )
}

/** Root is told nothing about becoming root. */
function hintOf(errno: string): string | undefined {
  return process.getuid?.() === 0 && hints[errno] === hints.EPERM ? undefined : hints[errno]
}

const hints: Readonly<Record<string, string>> = {
  EPERM: 'run it as root',
  EACCES: 'run it as root',
  EOPNOTSUPP: 'this kernel lacks it: nstopo doctor says what is there',
  EAFNOSUPPORT: 'this kernel lacks the protocol: nstopo doctor says what is there',
  EMFILE: 'more descriptors are needed: raise ulimit -n',
  ENOSPC: 'a limit of this machine is reached: nstopo doctor says which',
  ENOMEM: 'the machine is out of memory',
}

/** A system call that was refused outside of a plan. */
export function systemFailure(thrown: unknown): Result<never> {
  if (!(thrown instanceof SystemError)) throw thrown
  const permission = thrown.errno === 'EPERM' || thrown.errno === 'EACCES'
  return failure(
    permission ? 'not-permitted' : 'kernel-refused',
    `${thrown.operation}: ${thrown.errno} (${thrown.text})`,
    hints[thrown.errno],
  )
}

/** A lab's name → the lab, locked: its space, its record, and whether this run may have it. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { Kernel, LabSpace, Lock } from '../kernel/kernel.js'
import type { Source } from '../model/document.js'
import type { LabRecord } from '../model/plan.js'
import type { Compiled, Result } from '../model/report.js'
import { failure, obstacleFailure, systemFailure } from './failures.js'

export interface RunOptions {
  /** Warnings are errors; foreign things are differences. */
  readonly strict?: boolean
  /** Foreign things are removed. */
  readonly prune?: boolean
  /** Namespaces that somebody else made under the nodes' names are taken over. */
  readonly adopt?: boolean
  /** What a refused run has done is left for a look. */
  readonly keep?: boolean
  /** Milliseconds to wait until all can be used; not at all unless said. */
  readonly wait?: number
  /** Milliseconds to wait for another run that holds the lab. */
  readonly lockTimeout?: number
  /** Called between batches, with what is done of how much. */
  readonly progress?: (done: number, total: number, phase: string) => void
  /** Checked between batches: the run stops and is undone. */
  readonly signal?: AbortSignal
}

export interface Lab {
  readonly name: string
  readonly kernel: Kernel
  readonly space: LabSpace
  readonly record?: LabRecord
  /** Why what stands in the record's place is none. */
  readonly damage?: string
}

/** A lab to be looked at only: without its lock. */
export function surveyOf(name: string, kernel: Kernel): Lab {
  const space = kernel.space(name)
  return { name, kernel, space, ...space.record() }
}

/** Runs `work` with the lab held, and lets go of it whatever happens. */
export async function withLab<T>(
  { name, kernel, ...options }: LockRequest,
  work: (lab: Lab) => Promise<Result<T>>,
): Promise<Result<T>> {
  const obstacle = kernel.obstacle()
  if (obstacle) return obstacleFailure(obstacle)
  try {
    const lock = await lockOf({ name, kernel, ...options })
    if ('diagnostics' in lock) return lock
    const space = kernel.space(name)
    try {
      return await work({ name, kernel, space, ...space.record() })
    } finally {
      space.close()
      lock.release()
    }
  } catch (thrown) {
    return systemFailure(thrown)
  }
}

export interface LockRequest extends Pick<RunOptions, 'lockTimeout' | 'signal'> {
  readonly name: string
  readonly kernel: Kernel
}

/** Milliseconds between two looks at a lock that another run holds. */
const pause = 50

async function lockOf({ name, kernel, lockTimeout = 0, signal }: LockRequest): Promise<Lock | Result<never>> {
  const deadline = performance.now() + lockTimeout
  for (;;) {
    const lock = kernel.lock(name)
    if (!('pid' in lock)) return lock
    if (signal?.aborted) return failure('interrupted', `the run was interrupted while it waited for the lab ${name}`)
    if (performance.now() >= deadline) {
      const holder = lock.pid === 0 ? lock.command : `${lock.command} (process ${lock.pid})`
      return failure('lab-busy', `another run holds the lab ${name}: ${holder}`, 'end it, or wait: --lock-timeout 30s')
    }
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

/** Whether the lab of this name is this file's to make or change. */
export function claim<C extends Compiled>(compiled: Result<C>, lab: Lab): Result<C> {
  if (!compiled.value) return compiled
  const { value, ...rest } = compiled
  const stands = fromAnother(value.document.source, lab, 'error')
  return stands.length === 0 ? compiled : { ...rest, diagnostics: [...rest.diagnostics, ...stands] }
}

/** Names the file that a running lab came from, when it is another. */
export function fromAnother(
  source: Source,
  { name, record }: Lab,
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  if (!record || record.source.path === source.path) return []
  const hint = `nstopo down ${name} takes it away; --name gives this one another name`
  const message = `the lab ${name} is up already, from ${record.source.path ?? 'standard input'}`
  return [{ ...error('other-file', message, undefined, { hint }), severity }]
}

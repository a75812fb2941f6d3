/** A lab's name → the lab, locked: its space, its record, and whether this run may have it. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { Kernel, LabSpace } from '../kernel/kernel.js'
import type { Source } from '../model/document.js'
import type { LabRecord } from '../model/plan.js'
import type { Compiled, Result } from '../model/report.js'
import { failure, systemFailure } from './failures.js'

export interface RunOptions {
  /** Warnings are errors; foreign things are differences. */
  readonly strict?: boolean
  /** Foreign things are removed. */
  readonly prune?: boolean
  /** A lab without a record is taken over. */
  readonly adopt?: boolean
  /** What a refused run has done is left for a look. */
  readonly keep?: boolean
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
}

/** A lab to be looked at only: without its lock. */
export function surveyOf(name: string, kernel: Kernel): Lab {
  const space = kernel.space(name)
  const record = space.record()
  return { name, kernel, space, ...(record ? { record } : {}) }
}

/** Runs `work` with the lab held, and lets go of it whatever happens. */
export async function withLab<T>(
  name: string,
  kernel: Kernel,
  work: (lab: Lab) => Promise<Result<T>>,
): Promise<Result<T>> {
  const obstacle = kernel.obstacle()
  if (obstacle) return failure(obstacle.permission ? 'not-permitted' : 'in-the-way', obstacle.message, obstacle.hint)
  try {
    const lock = kernel.lock(name)
    if ('pid' in lock)
      return failure(
        'lab-busy',
        `another run holds the lab ${name}: ${lock.command} (process ${lock.pid})`,
        'wait for it, or end it',
      )
    const space = kernel.space(name)
    try {
      const record = space.record()
      return await work({ name, kernel, space, ...(record ? { record } : {}) })
    } finally {
      space.close()
      lock.release()
    }
  } catch (thrown) {
    return systemFailure(thrown)
  }
}

/** Whether the lab of this name is this file's to make or change. */
export function claim<C extends Compiled>(compiled: Result<C>, lab: Lab, { adopt }: RunOptions): Result<C> {
  if (!compiled.value) return compiled
  const { value: _, ...rest } = compiled
  const stands = [...fromAnother(compiled.value.document.source, lab, 'error'), ...(adopt ? [] : strangers(lab))]
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

/** Namespaces of the lab's names that nstopo did not make. */
function strangers({ name, space, record }: Lab): readonly Diagnostic[] {
  const [first, ...others] = record || space.exists ? [] : space.nodes().keys()
  if (first === undefined) return []
  const what =
    others.length === 0
      ? 'is there already, and nstopo did not make it'
      : `and ${others.length} more are there already, and nstopo did not make them`
  const hint = `--adopt takes such a lab over; ip netns del ${name}.${first} removes one`
  return [error('in-the-way', `the namespace ${name}.${first} ${what}`, undefined, { hint })]
}

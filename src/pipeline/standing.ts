/** Labs as they stand, without their files: none of the passes is needed, and none is loaded. */
import { type Diagnostic, error, warning } from '../diagnostic.js'
import { type Kernel, type LabSpace, type Removed, SystemError } from '../kernel/kernel.js'
import type { DownReport, LabStatus, Result } from '../model/report.js'
import { type Lab, type RunOptions, surveyOf, withLab } from './lab.js'
import { leftStanding } from './recover.js'

/** Takes a lab away, from what was recorded and what the kernel holds. A lab that isn't up is no error. */
export async function down(
  name: string,
  kernel: Kernel,
  options: Pick<RunOptions, 'lockTimeout' | 'signal'> = {},
): Promise<Result<DownReport>> {
  const started = performance.now()
  const report = (wasUp: boolean, removed: Removed): DownReport => {
    return { lab: name, wasUp, ...removed, milliseconds: performance.now() - started }
  }
  if (!stands(kernel.space(name))) return { value: report(false, { nodes: 0, holders: [], left: [] }), diagnostics: [] }
  return withLab({ name, kernel, ...options }, async lab => {
    const wasUp = lab.space.exists
    if (wasUp) lab.space.leave()
    const removed = lab.space.remove()
    const value = report(wasUp, removed)
    return { value, diagnostics: [...damaged(lab), ...leftStanding(name, removed.left), ...stillHeld(value)] }
  })
}

function stands(space: LabSpace): boolean {
  return space.exists || space.traces
}

function damaged({ name, damage }: Lab): readonly Diagnostic[] {
  if (damage === undefined) return []
  return [
    warning('record-damaged', `the record of the lab ${name} ${damage}: it was taken away from what the kernel shows`),
  ]
}

function stillHeld({ lab, holders }: DownReport): readonly Diagnostic[] {
  if (holders.length === 0) return []
  const pids = [...new Set(holders.map(({ pid }) => pid))].join(', ')
  const hint = `they go when these processes end: ${pids}`
  return [error('still-held', `namespaces of ${lab} are kept alive by other processes`, undefined, { hint })]
}

/** The labs of this machine. */
export function list(kernel: Kernel): readonly LabStatus[] {
  return kernel.labs().map(lab => {
    const { record, damage, space } = visible(lab, kernel)
    const state = record?.state ?? (damage === undefined ? 'unknown' : 'damaged')
    return { lab, state, nodes: space.nodes().size, ...(record === undefined ? {} : { record }) }
  })
}

/** Of another user's lab, only that it is there. */
export function visible(lab: string, kernel: Kernel): Lab {
  try {
    return surveyOf(lab, kernel)
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    return { name: lab, kernel, space: kernel.space(lab) }
  }
}

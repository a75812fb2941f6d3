/** Labs as they stand, without their files: none of the passes is needed, and none is loaded. */
import { type Kernel, type LabSpace, SystemError } from '../kernel/kernel.js'
import type { DownReport, LabStatus, Result } from '../model/report.js'
import { type Lab, surveyOf, withLab } from './lab.js'

/** Takes a lab away, from what was recorded and what the kernel holds. A lab that isn't up is no error. */
export async function down(name: string, kernel: Kernel): Promise<Result<DownReport>> {
  const started = performance.now()
  const report = (wasUp: boolean, nodes: number, holders: DownReport['holders']): DownReport => {
    return { lab: name, wasUp, nodes, holders, milliseconds: performance.now() - started }
  }
  if (!stands(kernel.space(name))) return { value: report(false, 0, []), diagnostics: [] }
  return withLab(name, kernel, async ({ space }) => {
    const { nodes, holders } = space.remove()
    return { value: report(true, nodes, holders), diagnostics: [] }
  })
}

function stands(space: LabSpace): boolean {
  return space.exists || space.record() !== undefined
}

/** The labs of this machine. */
export function list(kernel: Kernel): readonly LabStatus[] {
  return kernel.labs().map(lab => {
    const { record, space } = visible(lab, kernel)
    const state = record?.state ?? 'unknown'
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

/** A topology in; a lab that is up, or why none can be made here, out. */
import { isPrivileged } from '../kernel/capability.js'
import type { Kernel } from '../kernel/kernel.js'
import { type Forbidden, whyForbidden } from '../kernel/rootless/forbidden.js'
import { up } from '../pipeline.js'
import { LabError, succeeded } from './failure.js'
import { Lab, type LabOptions, waiting } from './lab.js'
import { sourceFrom, type Topology } from './source.js'

/** A thread can't go to a user namespace while there are others: the whole program has to begin there. */
function notRoot(forbidden: Forbidden | undefined): LabError {
  const way = 'node --import nstopo/rootless PROGRAM, or nstopo run FILE -- COMMAND'
  return new LabError(
    forbidden
      ? `${forbidden.message}\n   hint: ${forbidden.fix}`
      : `a lab takes root, or a user namespace of its own: ${way}`,
  )
}

/** Brings a lab up. */
export async function bringUp(topology: Topology, options: LabOptions, kernel: Kernel): Promise<Lab> {
  if (!isPrivileged()) throw notRoot(whyForbidden())
  const source = sourceFrom(topology, options)
  const report = succeeded(await up(source, kernel, waiting(options)))
  return new Lab(source, report, kernel, options)
}

/** A lab that is up, a node and a destination → what becomes of packets between them. */
import { passages, type Scene } from '../explain.js'
import type { Kernel } from '../kernel/kernel.js'
import type { Explanation } from '../model/explanation.js'
import type { Result } from '../model/report.js'
import { traced } from '../model/trace.js'
import { observe } from '../passes/observe.js'
import { failure, systemFailure } from './failures.js'
import { type Lab, surveyOf } from './lab.js'
import { earlierOf } from './record.js'

export interface ExplainOptions {
  /** Of a whole packet that is not to be fragmented. */
  readonly bytes?: number
  readonly signal?: AbortSignal
}

export interface Ends {
  readonly from: string
  /** A node, `node:interface`, or an address. */
  readonly to: string
}

export async function explain(
  name: string,
  { from, to }: Ends,
  kernel: Kernel,
  options: ExplainOptions = {},
): Promise<Result<Explanation>> {
  const lab = surveyOf(name, kernel)
  try {
    if (!lab.space.nodes().has(from))
      return failure('not-found', `the lab ${name} has no node ${from}`, 'nstopo inspect')
    const scene = sceneOf(lab)
    const document = scene.applied?.document
    const found = await traced(kernel.trace, 'explain', () => passages(scene, { from, to, ...options }))
    if (found.length === 0) return { ...nothing(scene, { from, to }), ...(document && { document }) }
    return { value: { lab: name, from, to, passages: found }, diagnostics: [], ...(document && { document }) }
  } catch (thrown) {
    return systemFailure(thrown)
  } finally {
    lab.space.close()
  }
}

/** Everything that the lab holds, the kernel’s own routes and rules too. */
export function sceneOf(lab: Lab): Scene {
  const applied = earlierOf(lab).applied()
  const options = { complete: true, sysctls: () => [], ...(applied ? { desired: applied.state } : {}) }
  const state = traced(lab.kernel.trace, 'observe', () => observe(lab.space, options))
  return { space: lab.space, probes: lab.kernel.probes(lab.space), state, ...(applied ? { applied } : {}) }
}

function nothing({ state }: Scene, { from, to }: Ends): Result<never> {
  const [node = ''] = to.split(':')
  if (!state.has(node)) return failure('not-found', `${to} is no node, no interface and no address of this lab`)
  return failure('not-found', `${from} and ${to} have no addresses of one family`)
}

/** A machine in; what dead runs have left on it out, put right: half-made and half-gone labs removed, half-changed ones restored. */
import type { Diagnostic } from '../diagnostic.js'
import type { Kernel } from '../kernel/kernel.js'
import type { GcReport, Result } from '../model/report.js'
import { obstacleFailure } from './failures.js'
import { surveyOf, withLab } from './lab.js'
import { sourceOf } from './record.js'
import { isAbandoned, leftStanding } from './recover.js'

export interface GcOptions {
  /** Only said, not done. */
  readonly dry?: boolean
  /** Makes a lab what it was; the pipeline's `up`. */
  readonly restore: (source: ReturnType<typeof sourceOf>) => Promise<Result<unknown>>
}

type Found = GcReport['labs'][number]

/** Labs that a run holds are at work, and left alone. */
export async function collect(kernel: Kernel, { dry = false, restore }: GcOptions): Promise<Result<GcReport>> {
  const obstacle = kernel.obstacle()
  if (obstacle) return obstacleFailure(obstacle)
  const labs: Found[] = []
  const diagnostics: Diagnostic[] = []
  for (const lab of kernel.labs()) {
    const found = broken(lab, kernel)
    if (!found) continue
    const result = dry ? { value: found, diagnostics: [] } : await mend(found, kernel, restore)
    diagnostics.push(...result.diagnostics)
    if (result.value) labs.push(result.value)
  }
  return { value: { labs, removed: kernel.sweep(dry), dry }, diagnostics }
}

/** What is to be done with a lab that a run has left as it was killed. */
function broken(name: string, kernel: Kernel): Found | undefined {
  if (kernel.held(name)) return undefined
  const { record } = surveyOf(name, kernel)
  if (isAbandoned(record)) return { lab: name, done: 'removed' }
  return record?.state === 'building' && record.change?.before ? { lab: name, done: 'restored' } : undefined
}

async function mend(found: Found, kernel: Kernel, restore: GcOptions['restore']): Promise<Result<Found>> {
  const { lab: name, done } = found
  if (done === 'removed')
    return withLab({ name, kernel }, async ({ space, record }) => {
      // Another run may have come meanwhile.
      if (!isAbandoned(record)) return { diagnostics: [] }
      const { left } = space.remove()
      return { value: found, diagnostics: leftStanding(name, left) }
    })
  const { record } = surveyOf(name, kernel)
  const before = record?.change?.before
  if (!before) return { diagnostics: [] }
  const { value, diagnostics } = await restore(sourceOf(before, name))
  const errors = diagnostics.filter(d => d.severity === 'error')
  return { ...(value && errors.length === 0 ? { value: found } : {}), diagnostics: errors }
}

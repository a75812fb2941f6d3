/** A survey → what the machine has too little of for its plan, before anything is touched. */
import { type Diagnostic, error, warning } from '../diagnostic.js'
import type { Kernel } from '../kernel/kernel.js'
import { traced } from '../model/trace.js'
import { needs } from '../passes/needs.js'
import type { Survey } from './survey.js'

/** What the kernel would certainly refuse is an error; what goes badly, or may, is a warning. */
export function limits({ compiled, plan, observed }: Survey, kernel: Kernel): readonly Diagnostic[] {
  if (plan.operations.length === 0) return []
  const wanted = traced(kernel.trace, 'needs', () => needs({ plan, network: compiled.network, observed }))
  return kernel
    .shortages(wanted)
    .map(({ message, fix, fatal }) =>
      fatal
        ? error('limit-reached', message, undefined, { hint: fix })
        : warning('limit-near', message, undefined, { hint: fix }),
    )
}

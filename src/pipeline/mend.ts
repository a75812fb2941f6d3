/** A lab that is up → the same as it was last applied, as long as it is still the one that is meant. */
import type { Kernel } from '../kernel/kernel.js'
import type { Result, UpReport } from '../model/report.js'
import { build } from './build.js'
import { compile, compileFor } from './compile.js'
import { failure } from './failures.js'
import { type RunOptions, withLab } from './lab.js'
import { sourceOf } from './record.js'
import { isAbandoned } from './recover.js'
import { survey } from './survey.js'

export interface MendOptions extends RunOptions {
  /** When the lab that is meant was made: one that was taken down meanwhile must not come back. */
  readonly created: number
}

/** What is desired is read once the lab is held, so that another run's change is never undone. */
export function mend(name: string, kernel: Kernel, { created, ...options }: MendOptions): Promise<Result<UpReport>> {
  const started = performance.now()
  return withLab({ name, kernel }, async lab => {
    const { record } = lab
    if (!record || !lab.space.exists || record.created !== created || isAbandoned(record))
      return failure('not-up', `the lab ${name} is not up any more`)
    const compiled = compileFor(compile(sourceOf(record, name), kernel.trace), lab)
    if (!compiled.value) return compiled as Result<never>
    const found = survey(compiled.value, lab, options)
    const built = await build(found, lab, { ...options, started })
    return { ...built, document: compiled.value.document }
  })
}

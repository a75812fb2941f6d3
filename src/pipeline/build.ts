/** A survey and a locked lab → the lab as the file says, or as it was before. */
import { type Diagnostic, error } from '../diagnostic.js'
import { SystemError } from '../kernel/kernel.js'
import type { LabRecord } from '../model/plan.js'
import type { Result, UpReport } from '../model/report.js'
import { traced } from '../model/trace.js'
import { type Executed, execute } from '../passes/execute.js'
import { systemFailure } from './failures.js'
import type { Lab, RunOptions } from './lab.js'
import { recordOf, unfinished } from './record.js'
import { refusal } from './refusal.js'
import { foreignOf, settle } from './settle.js'
import type { Survey } from './survey.js'
import { type Undone, undo } from './undo.js'
import { waitUntilUsable } from './wait.js'

interface BuildOptions extends RunOptions {
  /** When the run began, of `performance.now()`. */
  readonly started: number
}

/** What came of carrying out a plan: nothing is thrown out of it before the lab is as it was. */
interface Carried extends Executed {
  /** What stopped it besides refused operations. */
  readonly broken: readonly Diagnostic[]
}

export async function build(found: Survey, lab: Lab, options: BuildOptions): Promise<Result<UpReport>> {
  const { compiled, plan, observed } = found
  const fresh = !lab.space.exists
  const carried = await carryOut(found, lab, { ...options, fresh })
  const failed = carried.refused.length > 0 || carried.interrupted || carried.broken.length > 0
  const undone =
    failed && !options.keep ? await traced(lab.kernel.trace, 'undo', () => undo(found, lab, fresh)) : undefined
  if (failed && !undone) keep(lab)
  const value: UpReport = {
    ...{ lab: lab.name, fresh: fresh && observed.size === 0 },
    ...{ nodes: compiled.network.nodes.length, links: compiled.network.wires.length },
    ...{ operations: plan.operations, done: carried.done, refused: carried.refused },
    ...{ undone: undone?.whole ?? false, milliseconds: performance.now() - options.started },
    ...(failed ? {} : { network: compiled.network }),
  }
  return { value, diagnostics: problems(carried, { undone, fresh, planned: plan.operations.length }) }
}

async function carryOut(
  found: Survey,
  lab: Lab,
  { fresh, ...options }: BuildOptions & { readonly fresh: boolean },
): Promise<Carried> {
  const { progress, signal } = options
  const { trace } = lab.kernel
  const { operations } = found.plan
  let run: Executed = { done: 0, refused: [], interrupted: false }
  try {
    if (operations.length > 0 || fresh) begin(found, lab)
    run = await traced(trace, 'execute', () =>
      execute(operations, lab.space, { observed: found.observed, progress, signal }),
    )
    if (run.refused.length === 0 && !run.interrupted && !fresh)
      run = { ...run, refused: await traced(trace, 'look again', () => settle(found, lab, options)) }
    const done = run.refused.length === 0 && !run.interrupted
    const broken = done && options.wait !== undefined ? await waitUntilUsable(found, lab, options) : []
    // A signal may have come while the kernel was read again.
    const interrupted = run.interrupted || (signal?.aborted ?? false)
    if (done && !interrupted && broken.length === 0) finish(found, lab)
    return { ...run, interrupted, broken }
  } catch (thrown) {
    if (thrown instanceof SystemError) return { ...run, broken: systemFailure(thrown).diagnostics }
    // A mistake of ours; the lab is no worse for it.
    await undo(found, lab, fresh)
    throw thrown
  }
}

/** What is about to be done is written down before it is done. */
function begin({ compiled, observed, changes }: Survey, lab: Lab): void {
  const isNew = !lab.space.exists && observed.size === 0
  const record: LabRecord = {
    ...{ ...recordOf(compiled, lab), state: 'building' },
    ...(isNew ? {} : { change: unfinished(lab, foreignOf(changes)) }),
  }
  if (lab.space.exists) lab.space.saveRecord(record)
  else lab.space.create(record)
}

function finish({ compiled }: Survey, lab: Lab): void {
  lab.space.saveRecord({ ...recordOf(compiled, lab), state: 'up' })
}

/** What was done is left for a look, and the record says of what it is made. */
function keep({ space }: Lab): void {
  const { record } = space.record()
  if (record) space.saveRecord({ ...record, state: 'kept' })
}

interface Outcome {
  readonly undone: Undone | undefined
  readonly fresh: boolean
  readonly planned: number
}

function problems(carried: Carried, { undone, fresh, planned }: Outcome): readonly Diagnostic[] {
  const told = [...carried.refused.map(refusal), ...carried.broken]
  const interrupted = carried.interrupted ? [error('interrupted', 'the run was interrupted')] : []
  const all = [...told, ...interrupted]
  const last = all.length - 1
  const progress = planned === 0 ? '' : ` (of ${planned} operations ${carried.done} were done)`
  const after = `${afterwards(undone, fresh)}${progress}`
  return [
    ...all.map((d, index) => (index === last ? { ...d, hint: [d.hint, after].filter(Boolean).join('; ') } : d)),
    ...(undone?.problems ?? []),
  ]
}

function afterwards(undone: Undone | undefined, fresh: boolean): string {
  if (!undone) return 'what was done is kept'
  if (!undone.whole) return 'not all of what was done could be undone'
  return fresh ? 'what was made is taken down again' : 'the lab is as it was before'
}

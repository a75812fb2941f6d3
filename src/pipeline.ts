/** READ FIRST: each command as a few lines of passes. */
import type { Kernel } from './kernel/kernel.js'
import type { Source } from './model/document.js'
import type { Plan } from './model/plan.js'
import type { Compiled, DiffReport, Inspection, Planned, Result, UpReport } from './model/report.js'
import { type Trace, traced } from './model/trace.js'
import { parse } from './passes/parse.js'
import { build } from './pipeline/build.js'
import { compile, compileFor } from './pipeline/compile.js'
import { failure, strictly } from './pipeline/failures.js'
import { inspectNodes } from './pipeline/inspect.js'
import { claim, fromAnother, type RunOptions, surveyOf, withLab } from './pipeline/lab.js'
import { sourceOf } from './pipeline/record.js'
import { visible } from './pipeline/standing.js'
import { namesShift, outdated, survey } from './pipeline/survey.js'

export { compile } from './pipeline/compile.js'
export type { RunOptions } from './pipeline/lab.js'
export { down, list } from './pipeline/standing.js'

/** All errors and warnings of a file; the kernel is not touched. */
export function validate(source: Source, options: RunOptions = {}, trace?: Trace): Result<Compiled> {
  return strictly(compile(source, trace), options)
}

/** Makes the kernel hold what the file says; a second time, nothing is sent. */
export function up(source: Source, kernel: Kernel, options: RunOptions = {}): Promise<Result<UpReport>> {
  return change(source, kernel, options)
}

/** Runs a saved plan; refuses when the kernel has moved on since it was made, or the file. */
export function applyPlan(
  source: Source,
  saved: Plan,
  kernel: Kernel,
  options: RunOptions = {},
): Promise<Result<UpReport>> {
  return change(source, kernel, { ...options, saved })
}

async function change(
  source: Source,
  kernel: Kernel,
  { saved, ...options }: RunOptions & { readonly saved?: Plan },
): Promise<Result<UpReport>> {
  const started = performance.now()
  const draft = strictly(compile(source, kernel.trace), options)
  if (!draft.value) return draft as Result<never>
  return withLab(draft.value.document.lab, kernel, async lab => {
    const claimed = claim(strictly(compileFor(draft, lab), options), lab, options)
    if (!claimed.value) return claimed as Result<never>
    const { document, network } = claimed.value
    if (!lab.space.exists) lab.space.expectNodes(network.nodes.length)
    const found = survey(claimed.value, lab, options)
    const stale = saved && outdated(saved, found)
    if (stale) return { diagnostics: [stale], document }
    const built = await build(found, lab, { ...options, started })
    return { ...built, document, diagnostics: [...claimed.diagnostics, ...namesShift(found), ...built.diagnostics] }
  })
}

/** What `up` would do. */
export function plan(source: Source, kernel: Kernel, options: RunOptions = {}): Result<Planned> {
  const draft = strictly(compile(source, kernel.trace), options)
  if (!draft.value) return draft as Result<never>
  const lab = surveyOf(draft.value.document.lab, kernel)
  const compiled = strictly(compileFor(draft, lab), options)
  const claimed = claim(compiled, lab, options)
  if (!claimed.value) return claimed as Result<never>
  const found = survey(claimed.value, lab, options)
  lab.space.close()
  return { ...claimed, value: found, diagnostics: [...claimed.diagnostics, ...namesShift(found)] }
}

/** A file against the kernel or, by a lab's name, what was last applied. */
export function diff(
  subject: Source | { readonly lab: string },
  kernel: Kernel,
  options: RunOptions = {},
): Result<DiffReport> {
  const lab = surveyOf('text' in subject ? nameOf(subject, kernel) : subject.lab, kernel)
  const applied = lab.record && sourceOf(lab.record)
  const source = 'text' in subject ? subject : applied
  if (!source) return failure('not-up', `the lab ${lab.name} is not up`, 'nstopo ls')
  const compiled = compileFor(compile(source, kernel.trace), lab)
  if (!compiled.value) return compiled as Result<never>
  const { changes, observed } = survey(compiled.value, lab, { ...options, complete: true })
  lab.space.close()
  const counted = changes.some(change => options.strict || change.state !== 'foreign')
  const diagnostics = [...compiled.diagnostics, ...('text' in subject ? fromAnother(subject, lab, 'warning') : [])]
  return { ...compiled, diagnostics, value: { lab: lab.name, up: observed.size > 0, changes, differs: counted } }
}

/** The lab that was recorded for this file, or else the lab of the name that the file would have. */
export function labOf(source: Source, kernel: Kernel): string {
  const recorded = kernel
    .labs()
    .find(lab => source.path !== undefined && visible(lab, kernel).record?.source.path === source.path)
  return source.name ?? recorded ?? nameOf(source, kernel)
}

function nameOf(source: Source, { trace }: Kernel): string {
  return traced(trace, 'parse', () => parse(source).document.lab)
}

/** What the kernel holds in the lab's nodes, or in some of them. */
export function inspect(name: string, kernel: Kernel, nodes?: readonly string[]): Result<Inspection> {
  const lab = surveyOf(name, kernel)
  if (lab.space.nodes().size === 0 && !lab.record) return failure('not-up', `the lab ${name} is not up`, 'nstopo ls')
  const inspected = inspectNodes(lab, nodes)
  lab.space.close()
  return { value: { lab: name, ...(lab.record ? { record: lab.record } : {}), nodes: inspected }, diagnostics: [] }
}

/** READ FIRST: each command as a few lines of passes. */
import type { Kernel } from './kernel/kernel.js'
import type { Source } from './model/document.js'
import type { Plan } from './model/plan.js'
import type { Compiled, DiffReport, GcReport, Inspection, Planned, Result, UpReport } from './model/report.js'
import { type Trace, traced } from './model/trace.js'
import { parse } from './passes/parse.js'
import { build } from './pipeline/build.js'
import { compile, compileFor } from './pipeline/compile.js'
import { failure, strictly } from './pipeline/failures.js'
import { collect } from './pipeline/gc.js'
import { inspectNodes } from './pipeline/inspect.js'
import { claim, fromAnother, type Lab, type RunOptions, surveyOf, withLab } from './pipeline/lab.js'
import { limits } from './pipeline/limits.js'
import { sourceOf } from './pipeline/record.js'
import { recover } from './pipeline/recover.js'
import { visible } from './pipeline/standing.js'
import { inTheWay, takeOver } from './pipeline/strangers.js'
import { namesShift, outdated, survey } from './pipeline/survey.js'

export { compile } from './pipeline/compile.js'
export type { RunOptions } from './pipeline/lab.js'
export { namespaces } from './pipeline/ns.js'
export { order, type ProcessVerb } from './pipeline/order.js'
export { processes } from './pipeline/ps.js'
export { down, list } from './pipeline/standing.js'
export { type WatchOptions, watch } from './pipeline/watch.js'

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
  return withLab({ ...options, name: draft.value.document.lab, kernel }, async found => {
    const { lab, diagnostics: recovered } = recover(found)
    if (recovered.some(d => d.severity === 'error')) return { diagnostics: recovered }
    const claimed = claim(strictly(compileFor(draft, lab), options), lab)
    if (!claimed.value) return claimed as Result<never>
    const { document, network } = claimed.value
    if (!lab.space.exists) lab.space.expectNodes(network.nodes.length)
    if (options.adopt) takeOver(claimed.value, lab)
    const seen = survey(claimed.value, lab, options)
    const taken = inTheWay(seen, lab)
    if (taken.length > 0) return { diagnostics: [...claimed.diagnostics, ...taken], document }
    const stale = saved && outdated(saved, seen)
    if (stale) return { diagnostics: [stale], document }
    const short = strictly({ diagnostics: limits(seen, kernel) }, options).diagnostics
    const doubts = [...recovered, ...claimed.diagnostics, ...namesShift(seen), ...short]
    if (short.some(d => d.severity === 'error')) return { diagnostics: doubts, document }
    const built = await build(seen, lab, { ...options, started })
    return { ...built, document, diagnostics: [...doubts, ...built.diagnostics] }
  })
}

/** What `up` would do. */
export function plan(source: Source, kernel: Kernel, options: RunOptions = {}): Result<Planned> {
  const draft = strictly(compile(source, kernel.trace), options)
  if (!draft.value) return draft as Result<never>
  const lab = surveyOf(draft.value.document.lab, kernel)
  const compiled = strictly(compileFor(draft, lab), options)
  const claimed = claim(compiled, lab)
  if (!claimed.value) return claimed as Result<never>
  const found = survey(claimed.value, lab, options)
  const taken = inTheWay(found, lab)
  if (taken.length > 0) return { diagnostics: [...claimed.diagnostics, ...taken], document: claimed.value.document }
  // It may be run on another machine.
  const short = limits(found, kernel).map(d => ({ ...d, severity: 'warning' as const }))
  lab.space.close()
  return { ...claimed, value: found, diagnostics: [...claimed.diagnostics, ...namesShift(found), ...short] }
}

/** A file against the kernel or, by a lab's name, what was last applied. */
export function diff(
  subject: Source | { readonly lab: string },
  kernel: Kernel,
  options: RunOptions = {},
): Result<DiffReport> {
  const lab = surveyOf('text' in subject ? nameOf(subject, kernel) : subject.lab, kernel)
  const applied = lab.record && sourceOf(lab.record, lab.name)
  const source = 'text' in subject ? subject : applied
  if (!source) return notUp(lab)
  const compiled = compileFor(compile(source, kernel.trace), lab)
  if (!compiled.value) return compiled as Result<never>
  // What a printed plan has made is compared too.
  if (!lab.space.exists) takeOver(compiled.value, lab)
  const { changes, observed } = survey(compiled.value, lab, { ...options, complete: true })
  lab.space.close()
  const counted = changes.some(change => options.strict || change.state !== 'foreign')
  const diagnostics = [...compiled.diagnostics, ...('text' in subject ? fromAnother(subject, lab, 'warning') : [])]
  return { ...compiled, diagnostics, value: { lab: lab.name, up: observed.size > 0, changes, differs: counted } }
}

/** Finds and removes what dead runs left behind, and only that; a lab that was half changed is as it was before. */
export function gc(kernel: Kernel, { dry = false }: { readonly dry?: boolean } = {}): Promise<Result<GcReport>> {
  return collect(kernel, { dry, restore: source => up(source, kernel) })
}

/** The lab that was recorded for this file, or else the lab of the name that the file would have. */
export function labOf(source: Source, kernel: Kernel): string {
  const recorded = kernel
    .labs()
    .find(lab => source.path !== undefined && visible(lab, kernel).record?.source.path === source.path)
  return source.name ?? recorded ?? nameOf(source, kernel)
}

function notUp({ name, damage }: Lab): Result<never> {
  if (damage === undefined) return failure('not-up', `the lab ${name} is not up`, 'nstopo ls')
  const hint = `compare it with its file: nstopo diff FILE --name ${name}`
  return failure('record-damaged', `what was applied to the lab ${name} is not known: its record ${damage}`, hint)
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

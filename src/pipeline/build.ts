/** A survey and a locked lab → the lab as the file says, or as it was before. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { LabRecord, Operation } from '../model/plan.js'
import type { Result, UpReport } from '../model/report.js'
import type { NodeState, Resource, State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { diff } from '../passes/diff.js'
import { type Executed, execute } from '../passes/execute.js'
import { plan } from '../passes/plan.js'
import { kindOf } from '../resources/index.js'
import type { Lab, RunOptions } from './lab.js'
import { recordOf } from './record.js'
import { refusal } from './refusal.js'
import { freshFor, freshWith, look, type Survey } from './survey.js'

interface BuildOptions extends RunOptions {
  /** When the run began, of `performance.now()`. */
  readonly started: number
}

export async function build(found: Survey, lab: Lab, options: BuildOptions): Promise<Result<UpReport>> {
  const { compiled, plan: planned, observed } = found
  const fresh = observed.size === 0
  lab.space.create()
  const record = recordOf(compiled, lab)
  if (planned.operations.length > 0) lab.space.saveRecord({ ...record, state: 'building', nodes: inodesOf(observed) })
  const { progress, signal } = options
  const { trace } = lab.kernel
  const run = await traced(trace, 'execute', () =>
    execute(planned.operations, lab.space, { observed, progress, signal }),
  )
  if (run.refused.length === 0 && !run.interrupted && !fresh)
    await traced(trace, 'look again', () => settle(found, lab, options))
  // A signal may have come while the kernel was read again.
  const interrupted = run.interrupted || (signal?.aborted ?? false)
  const failed = run.refused.length > 0 || interrupted
  const undone = failed && !options.keep
  if (undone) await traced(trace, 'undo', () => undo(found, lab, fresh))
  const standing = () => (planned.operations.length > 0 ? Object.fromEntries(lab.space.nodes()) : inodesOf(observed))
  if (!failed) lab.space.saveRecord({ ...record, state: 'up', nodes: standing() })
  const value: UpReport = {
    ...{ lab: lab.name, fresh, nodes: compiled.network.nodes.length, links: compiled.network.wires.length },
    ...{
      operations: planned.operations,
      refused: run.refused,
      undone,
      milliseconds: performance.now() - options.started,
    },
  }
  return { value, diagnostics: problems({ ...run, interrupted }, { undone, fresh }) }
}

function inodesOf(observed: State): LabRecord['nodes'] {
  return Object.fromEntries(Array.from(observed, ([node, { namespace }]) => [node, namespace.inode!]))
}

function problems(run: Executed, { undone, fresh }: { undone: boolean; fresh: boolean }): readonly Diagnostic[] {
  const after = !undone
    ? 'what was done is kept'
    : fresh
      ? 'what was made is taken down again'
      : 'the lab is as it was before'
  const refused = run.refused.map(refusal)
  const last = refused.length - 1
  const told = refused.map((d, index) =>
    index === last ? { ...d, hint: [d.hint, after].filter(Boolean).join('; ') } : d,
  )
  return run.interrupted ? [...told, error('interrupted', `the run was interrupted; ${after}`)] : told
}

/** A new lab is taken down again; a change in place is undone by a plan back to what was there. */
async function undo(found: Survey, lab: Lab, fresh: boolean): Promise<void> {
  if (fresh) {
    lab.space.remove()
    return
  }
  await approach(withoutKernels(found.observed), found, { lab })
  if (lab.record) lab.space.saveRecord(lab.record)
}

/** A change in place may take more along than was asked for, a daemon's routes too: what is missing is put back. */
async function settle(found: Survey, lab: Lab, { prune, progress, signal }: RunOptions): Promise<void> {
  const { operations } = found.plan
  if (operations.every(isAdded)) return
  progress?.(operations.length, operations.length, 'looking again')
  const foreign = found.changes.flatMap(change => (change.state === 'foreign' && !prune ? [change.observed] : []))
  const nodes = touched(operations)
  for (let round = 0; round < 3; round++) {
    const sent = await approach(withForeign(found.compiled.state, foreign), found, { lab, nodes })
    if (sent === 0 || signal?.aborted) return
  }
}

function isAdded({ verb, resource, because }: Operation): boolean {
  return verb === 'create' && because === undefined && resource.type !== 'link'
}

/** The nodes where something was done, or at the other end of a cable of theirs: nowhere else can anything have changed. */
function touched(operations: readonly Operation[]): ReadonlySet<string> {
  const ends = operations.flatMap(({ resource, partner, before }) =>
    [resource, partner, before].filter(r => r !== undefined),
  )
  return new Set(ends.flatMap(r => (r.type === 'link' && r.peer ? [r.node, r.peer.node] : [r.node])))
}

/** One plan from what is there now to what is wanted; returns how many operations it had. */
async function approach(
  wanted: State,
  found: Survey,
  { lab, nodes }: { readonly lab: Lab; readonly nodes?: ReadonlySet<string> },
): Promise<number> {
  const { compiled, earlier } = found
  const seen = look(wanted, lab, { earlier, ...(nodes ? { again: { nodes, others: found.observed } } : {}) })
  const observed = nodes ? new Map([...found.observed, ...seen]) : seen
  const made = (r: Resource) => {
    const held = compiled.state.get(r.node)
    return r.type !== 'namespace' && (held?.[r.type].has(kindOf(r.type).key(r)) ?? false)
  }
  const { trace } = lab.kernel
  const usual = freshFor(wanted, observed, lab.kernel)
  const changes = traced(trace, 'diff', () => diff({ desired: wanted, observed, made, nodes, fresh: usual }))
  const fresh = freshWith(usual, changes, lab.kernel)
  const request = { lab: lab.name, changes, desired: wanted, observed, fresh }
  const { operations } = traced(trace, 'plan', () => plan(request))
  if (operations.length > 0) await traced(trace, 'execute', () => execute(operations, lab.space, { observed }))
  return operations.length
}

/** What the kernel puts there by itself is not ours to put back. */
function withoutKernels(state: State): State {
  const kept = <V>(map: ReadonlyMap<string, V>, keep: (value: V) => boolean) =>
    new Map([...map].filter(([, value]) => keep(value)))
  const strip = (held: NodeState): NodeState => ({
    ...held,
    address: kept(held.address, a => kindOf('address').owner(a) !== 'kernel'),
    route: kept(held.route, r => kindOf('route').owner(r) !== 'kernel'),
    rule: kept(held.rule, r => kindOf('rule').owner(r) !== 'kernel'),
  })
  return new Map([...state].map(([node, held]) => [node, strip(held)]))
}

/** The addresses, routes, rules and neighbours of others belong to what must stay. */
function withForeign(state: State, foreign: readonly Resource[]): State {
  const result = new Map(state)
  for (const resource of foreign) {
    const held = result.get(resource.node)
    if (!held || resource.type === 'namespace' || resource.type === 'link') continue
    const map = new Map<string, typeof resource>(held[resource.type] as ReadonlyMap<string, typeof resource>)
    result.set(resource.node, { ...held, [resource.type]: map.set(kindOf(resource.type).key(resource), resource) })
  }
  return result
}

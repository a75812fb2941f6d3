/** A compiled topology and a lab → what differs, and the plan that mends it. */
import { type Diagnostic, error, warning } from '../diagnostic.js'
import type { Kernel } from '../kernel/kernel.js'
import type { Network } from '../model/network.js'
import type { Change, Plan } from '../model/plan.js'
import type { Compiled, Planned } from '../model/report.js'
import type { State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { diff } from '../passes/diff.js'
import { observe } from '../passes/observe.js'
import { plan } from '../passes/plan.js'
import { interfaceOf } from '../resources/index.js'
import type { Lab, RunOptions } from './lab.js'
import { type Earlier, earlierOf } from './record.js'
import { isAbandoned } from './recover.js'

export interface Survey extends Planned {
  readonly observed: State
  readonly earlier: Earlier
  readonly changes: readonly Change[]
  readonly plan: Plan
}

interface SurveyOptions extends RunOptions {
  /** Nodes that are not there lack everything that is said of them, what a new namespace has by itself too. */
  readonly complete?: boolean
}

export function survey(compiled: Compiled, lab: Lab, options: SurveyOptions): Survey {
  const { trace } = lab.kernel
  const earlier = earlierOf(lab)
  // Before anything else, `up` takes away what is of no use.
  const observed: State = isAbandoned(lab.record) ? new Map() : look(compiled.state, lab, { earlier })
  const usual = options.complete ? new Map() : freshFor(compiled.state, observed, lab.kernel)
  const changes = traced(trace, 'diff', () =>
    diff({ desired: compiled.state, observed, made: earlier.made, fresh: usual }),
  )
  const fresh = freshWith(usual, changes, lab.kernel)
  const request = { lab: lab.name, changes, desired: compiled.state, observed, fresh, prune: options.prune ?? false }
  const planned = traced(trace, 'plan', () => plan(request))
  return { compiled, earlier, observed, changes, plan: planned }
}

interface Looking {
  readonly earlier: Earlier
  /** Only at these, the others being as they were. */
  readonly again?: { readonly nodes: ReadonlySet<string>; readonly others: State }
}

/** What the lab's nodes hold of what anybody said something about. */
export function look(desired: State, { space, kernel }: Lab, { earlier, again }: Looking): State {
  // A node that is to go may have to be made again, when the change is undone.
  const said = (node: string) => desired.get(node) ?? earlier.applied()?.state.get(node)
  const names = (node: string) => new Set([...(said(node)?.sysctl.keys() ?? []), ...earlier.settings(node)])
  const options = { sysctls: names, desired, ...again }
  return traced(kernel.trace, 'observe', () => observe(space, options))
}

/** What a new namespace has of what nodes to come are given. */
export function freshFor(desired: State, observed: State, kernel: Kernel): ReadonlyMap<string, string> {
  const names = new Set<string>()
  const seen = new Set<object>()
  for (const [node, { sysctl }] of desired) {
    if (observed.has(node) || (sysctl.shared && seen.has(sysctl.shared))) continue
    if (sysctl.shared) seen.add(sysctl.shared)
    for (const name of sysctl.keys()) names.add(usualName(name))
  }
  return names.size === 0 ? new Map() : kernel.freshSysctls([...names])
}

/** The same with what is missing in nodes that stand, or to be restored there. */
export function freshWith(
  known: ReadonlyMap<string, string>,
  changes: readonly Change[],
  kernel: Kernel,
): ReadonlyMap<string, string> {
  const names = new Set<string>()
  for (const change of changes) {
    const resource =
      change.state === 'missing' ? change.desired : change.state === 'stale' ? change.observed : undefined
    if (resource?.type === 'sysctl' && !known.has(usualName(resource.name))) names.add(usualName(resource.name))
  }
  return names.size === 0 ? known : new Map([...known, ...kernel.freshSysctls([...names])])
}

/** An interface starts with the values of `default`. */
function usualName(name: string): string {
  const dev = interfaceOf(name)
  return dev === undefined ? name : name.replace(`.${dev.replaceAll('.', '/')}.`, '.default.')
}

/** Why a saved plan can't be run, if so. */
export function outdated(saved: Plan, { plan }: Survey): Diagnostic | undefined {
  const same =
    JSON.stringify(saved.operations.map(withoutPlaces)) === JSON.stringify(plan.operations.map(withoutPlaces))
  if (saved.lab === plan.lab && saved.fingerprint === plan.fingerprint && same) return undefined
  const what = saved.fingerprint === plan.fingerprint ? 'the file has changed' : 'the kernel holds something else now'
  return error('plan-outdated', `the plan does not fit any more: ${what}`, undefined, {
    hint: 'make it again: nstopo plan --format json -o PLAN FILE',
  })
}

function withoutPlaces({ verb, resource, partner }: Plan['operations'][number]): object {
  return { verb, resource: { ...resource, at: undefined }, partner: partner && { ...partner, at: undefined } }
}

/** Automatic names that now mean another cable than in the running lab. */
export function namesShift({ compiled, changes, earlier }: Survey): readonly Diagnostic[] {
  const applied = changes.some(leadsElsewhere) ? earlier.applied() : undefined
  if (!applied) return []
  const before = neighboursOf(applied.network)
  const now = neighboursOf(compiled.network)
  return compiled.network.nodes.flatMap(node =>
    node.interfaces.flatMap(i => {
      const [was, is] = [before.get(`${node.name}:${i.name}`), now.get(`${node.name}:${i.name}`)]
      const elsewhere = node.interfaces.find(
        other => other !== i && was !== undefined && now.get(`${node.name}:${other.name}`) === was,
      )
      if (was === undefined || is === undefined || was === is || !elsewhere) return []
      const message = `${node.name}:${i.name} led to ${was} in the running lab and now leads to ${is}; ${elsewhere.name} does that now`
      return [
        warning('names-shift', message, i.at, {
          hint: `name the ends (${node.name}:${i.name}), or put the new link last`,
        }),
      ]
    }),
  )
}

function leadsElsewhere(change: Change): boolean {
  return change.state === 'changed' && change.fields.some(({ field }) => field === 'peer')
}

function neighboursOf({ nodes }: Network): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(node =>
      node.interfaces.flatMap(i => (i.peer ? [[`${node.name}:${i.name}`, i.peer.node] as const] : [])),
    ),
  )
}

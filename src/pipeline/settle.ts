/** A change that was made in place → what went along with it put back, a daemon's too; and any state approached by a plan. */
import type { Change, Operation, RefusedOperation } from '../model/plan.js'
import type { Resource, State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { diff } from '../passes/diff.js'
import { execute } from '../passes/execute.js'
import { plan } from '../passes/plan.js'
import { kindOf } from '../resources/index.js'
import type { Lab, RunOptions } from './lab.js'
import { freshFor, freshWith, look, type Survey } from './survey.js'

/** So often what the kernel took along is looked for, and put back. */
export const mostRounds = 3

/** A change in place may take more along than was asked for, a daemon's routes too: what is missing is put back, unless refused. */
export async function settle(
  found: Survey,
  lab: Lab,
  { prune, progress, signal }: RunOptions,
): Promise<readonly RefusedOperation[]> {
  const { operations } = found.plan
  const lost = found.earlier.foreign
  if (operations.every(isAdded) && lost.length === 0) return []
  progress?.(operations.length, operations.length, 'looking again')
  const foreign = prune ? [] : [...lost, ...foreignOf(found.changes)]
  const nodes = new Set([...touched(operations), ...lost.map(({ node }) => node)])
  let refused: readonly RefusedOperation[] = []
  for (let round = 0; round < mostRounds; round++) {
    const sent = await approach(withForeign(found.compiled.state, foreign), found, { lab, nodes })
    refused = sent.refused
    if (sent.operations === 0 || signal?.aborted) break
  }
  return refused
}

/** What others have put into the nodes. */
export function foreignOf(changes: readonly Change[]): readonly Resource[] {
  return changes.flatMap(change => (change.state === 'foreign' ? [change.observed] : []))
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

export interface Approached {
  /** How many there were to do. */
  readonly operations: number
  readonly refused: readonly RefusedOperation[]
}

/** One plan from what is there now to what is wanted. */
export async function approach(
  wanted: State,
  found: Survey,
  { lab, nodes }: { readonly lab: Lab; readonly nodes?: ReadonlySet<string> },
): Promise<Approached> {
  const { compiled, earlier } = found
  const seen = look(wanted, lab, { earlier, ...(nodes ? { again: { nodes, others: found.observed } } : {}) })
  // Of the nodes that were looked at, those that have gone are not among what was seen.
  const others = [...found.observed].filter(([node]) => nodes && !nodes.has(node))
  const observed = new Map([...others, ...seen])
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
  if (operations.length === 0) return { operations: 0, refused: [] }
  const { refused } = await traced(trace, 'execute', () => execute(operations, lab.space, { observed }))
  return { operations: operations.length, refused }
}

/** The addresses, routes, rules and neighbours of others belong to what must stay. */
function withForeign(state: State, foreign: readonly Resource[]): State {
  const result = new Map(state)
  for (const resource of foreign) {
    const held = result.get(resource.node)
    if (!held || resource.type === 'namespace' || resource.type === 'link') continue
    const key = kindOf(resource.type).key(resource)
    // What the file says by now counts.
    if (held[resource.type].has(key)) continue
    const map = new Map<string, typeof resource>(held[resource.type] as ReadonlyMap<string, typeof resource>)
    result.set(resource.node, { ...held, [resource.type]: map.set(key, resource) })
  }
  return result
}

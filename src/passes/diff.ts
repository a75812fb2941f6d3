/** Desired and observed → the differences. */
import type { Change } from '../model/plan.js'
import type { NodeState, Resource, ResourceType, State } from '../model/state.js'
import { kindOf, resourceTypes } from '../resources/index.js'

export interface DiffInput {
  readonly desired: State
  readonly observed: State
  /** Whether an earlier `up` made what is there and is not desired. */
  readonly made?: ((observed: Resource) => boolean) | undefined
  /** Only of these nodes. */
  readonly nodes?: ReadonlySet<string> | undefined
}

/** Every difference, in the order of the file; then what only the kernel holds. */
export function diff({ desired, observed, made, nodes }: DiffInput): readonly Change[] {
  const changes: Change[] = []
  for (const [node, wanted] of desired) if (!nodes || nodes.has(node)) diffNode(changes, wanted, observed.get(node))
  for (const [node, held] of observed)
    if (!nodes || nodes.has(node)) extras(changes, held, { desired: desired.get(node), made })
  return changes
}

function diffNode(changes: Change[], wanted: NodeState, held: NodeState | undefined): void {
  for (const type of resourceTypes) {
    if (type !== 'namespace' && wanted[type] === held?.[type]) continue
    const kind = kindOf(type)
    for (const desired of resourcesOf(wanted, type)) {
      const observed = held && resourceOf(held, type, kind.key(desired))
      if (!observed) changes.push({ state: 'missing', desired })
      else {
        const fields = kind.compare(desired, observed)
        if (fields.length > 0) changes.push({ state: 'changed', desired, observed, fields })
      }
    }
  }
}

interface Known {
  readonly desired: NodeState | undefined
  readonly made: DiffInput['made']
}

/** What the kernel holds and the file doesn't say: made by an earlier `up`, the kernel's own, or somebody's. */
function extras(changes: Change[], held: NodeState, { desired, made }: Known): void {
  for (const type of resourceTypes) {
    if (type !== 'namespace' && desired?.[type] === held[type]) continue
    const { key } = kindOf(type)
    for (const observed of resourcesOf(held, type)) {
      if (desired && resourceOf(desired, type, key(observed))) continue
      const owner = made?.(observed) ? 'marked' : kindOf(type).owner(observed)
      if (owner !== 'kernel') changes.push({ state: owner === 'marked' ? 'stale' : 'foreign', observed })
    }
  }
}

function resourcesOf(state: NodeState, type: ResourceType): Iterable<Resource> {
  return type === 'namespace' ? [state.namespace] : state[type].values()
}

function resourceOf(state: NodeState, type: ResourceType, key: string): Resource | undefined {
  return type === 'namespace' ? state.namespace : state[type].get(key)
}

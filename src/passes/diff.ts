/** Desired and observed → the differences. */
import type { Change } from '../model/plan.js'
import type { NodeState, Resource, ResourceType, Settings, State, Sysctl } from '../model/state.js'
import { interfaceOf, kindOf, resetterOf, resourceTypes } from '../resources/index.js'

export interface DiffInput {
  readonly desired: State
  readonly observed: State
  /** Whether an earlier `up` made what is there and is not desired. */
  readonly made?: ((observed: Resource) => boolean) | undefined
  /** What a new namespace has: settings of nodes to come that are so, and that no other one resets, are no differences. */
  readonly fresh?: ReadonlyMap<string, string> | undefined
  /** Only of these nodes. */
  readonly nodes?: ReadonlySet<string> | undefined
}

/** Every difference, in the order of the file; then what only the kernel holds. */
export function diff({ desired, observed, made, fresh = new Map(), nodes }: DiffInput): readonly Change[] {
  const changes: Change[] = []
  const unusual = unusualOf(fresh)
  for (const [node, wanted] of desired) {
    if (nodes && !nodes.has(node)) continue
    const held = observed.get(node)
    if (held) diffNode(changes, wanted, held)
    else missing(changes, wanted, unusual(wanted.sysctl))
  }
  for (const [node, held] of observed)
    if (!nodes || nodes.has(node)) extras(changes, held, { desired: desired.get(node), made })
  return changes
}

/** All of a node, its settings as far as they are told. */
function missing(changes: Change[], wanted: NodeState, settings: readonly Sysctl[]): void {
  for (const type of resourceTypes)
    for (const desired of type === 'sysctl' ? settings : resourcesOf(wanted, type))
      changes.push({ state: 'missing', desired })
}

/** Settings → those that a new namespace doesn't have by itself; looked for once where many nodes share them. */
function unusualOf(fresh: ReadonlyMap<string, string>): (settings: Settings) => readonly Sysctl[] {
  const known = new Map<object, readonly string[]>()
  const isUsual = (name: string, value: string) =>
    fresh.get(name) === value && !resetterOf.has(name) && interfaceOf(name) === undefined
  return settings => {
    const { shared } = settings
    if (!shared) return [...settings.values()].filter(({ name, value }) => !isUsual(name, value))
    const names = known.get(shared) ?? [...shared.keys()].filter(name => !isUsual(name, shared.get(name)!))
    known.set(shared, names)
    return names.map(name => settings.get(name)!)
  }
}

function diffNode(changes: Change[], wanted: NodeState, held: NodeState): void {
  for (const type of resourceTypes) {
    if (type !== 'namespace' && wanted[type] === held[type]) continue
    const kind = kindOf(type)
    for (const desired of resourcesOf(wanted, type)) {
      const observed = resourceOf(held, type, kind.key(desired))
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

/** Differences of hosts, files and processes → what is done about them, in an order that works. */
import type { Change, Operation } from '../../model/plan.js'
import type { NodeState, Process, Resource, State } from '../../model/state.js'
import { kindOf, nameOf } from '../../resources/index.js'

export interface Hosting {
  /** Processes end before anything else is done, those of leaving nodes first. */
  readonly stops: readonly Operation[]
  /** When the network is as it should be: files go, hosts go and come, files come, processes start. */
  readonly rest: readonly Operation[]
}

interface Input {
  /** Of hosts, files and processes alone. */
  readonly changes: readonly Change[]
  /** Nodes that go. */
  readonly leaving: ReadonlySet<string>
  readonly desired: State
  readonly observed: State
}

export function isOfHost({ type }: Resource): boolean {
  return type === 'host' || type === 'file' || type === 'process'
}

export function hosting({ changes, leaving, desired, observed }: Input): Hosting {
  if (changes.length === 0) return { stops: [], rest: [] }
  const remade = remadeHosts(changes)
  const operations = [
    ...changes.flatMap(change => (remade.has(nodeOf(change)) ? [] : operationOf(change))),
    ...[...remade].flatMap(([node, because]) => anew(desired.get(node)!, observed.get(node)!, because)),
  ]
  const [removals, writes] = [operations.filter(isRemoval), operations.filter(op => !isRemoval(op))]
  const ended = new Set(of(removals, 'host').map(({ resource }) => resource.node))
  const gone = of(removals, 'file').filter(({ resource }) => !ended.has(resource.node))
  const stops = needsFirst(of(removals, 'process')).toReversed()
  const files = of(writes, 'file')
  return {
    stops: [
      ...stops.filter(op => leaving.has(op.resource.node)),
      ...stops.filter(op => !leaving.has(op.resource.node)),
    ],
    rest: [
      ...byPath(gone).toReversed(),
      ...[...of(removals, 'host'), ...of(writes, 'host')],
      ...byPath([...files, ...covered([...gone, ...files], desired)]),
      ...needsFirst(of(writes, 'process')),
    ],
  }
}

const isRemoval = ({ verb }: Operation): boolean => verb === 'remove'
const of = (operations: readonly Operation[], type: Resource['type']) =>
  operations.filter(({ resource }) => resource.type === type)
const nodeOf = (change: Change): string => ('desired' in change ? change.desired : change.observed).node

/** By node, why its init can't go on. */
function remadeHosts(changes: readonly Change[]): ReadonlyMap<string, string> {
  const remade = new Map<string, string>()
  for (const change of changes)
    if (change.state === 'changed' && !kindOf(change.desired.type).updatable(change.fields, change.observed))
      remade.set(change.desired.node, `${change.fields.map(f => f.field).join(', ')} cannot be changed in place`)
  return remade
}

function operationOf(change: Change): readonly Operation[] {
  switch (change.state) {
    case 'missing':
      return [{ verb: 'create', resource: change.desired }]
    case 'stale':
      return [{ verb: 'remove', resource: change.observed }]
    case 'changed':
      return [{ verb: 'update', resource: change.desired, before: change.observed, changes: change.fields }]
    case 'foreign':
      return []
  }
}

/** With its init, all that is in a host goes, and comes again. */
function anew(wanted: NodeState, held: NodeState, because: string): readonly Operation[] {
  const removed = [...held.process.values(), ...held.host.values()]
  const made = [...wanted.host.values(), ...wanted.file.values(), ...wanted.process.values()]
  return [
    ...removed.map(resource => ({ verb: 'remove', resource, because }) as const),
    ...made.map(resource => ({ verb: 'create', resource, because }) as const),
  ]
}

/** Files that are covered by a folder that is put in place, or go with one that is taken away. */
function covered(operations: readonly Operation[], desired: State): readonly Operation[] {
  const done = new Set(operations.map(({ resource }) => nameOf(resource)))
  return operations.flatMap(({ resource }) => {
    if (resource.type !== 'file') return []
    const inside = [...(desired.get(resource.node)?.file.values() ?? [])].filter(
      file => file.path.startsWith(`${resource.path}/`) && !done.has(nameOf(file)),
    )
    for (const file of inside) done.add(nameOf(file))
    const because = `stands in ${resource.path}`
    return inside.map(file => ({ verb: 'create', resource: file, because }) as const)
  })
}

/** Node by node, a folder before what stands in it. */
function byPath(files: readonly Operation[]): readonly Operation[] {
  const places = new Map([...new Set(files.map(({ resource }) => resource.node))].map((node, place) => [node, place]))
  const keyOf = ({ resource }: Operation) =>
    [places.get(resource.node)!, resource.type === 'file' ? resource.path : ''] as const
  const keyed = files.map(op => ({ op, key: keyOf(op) }))
  keyed.sort(({ key: [a, x] }, { key: [b, y] }) => a - b || (x < y ? -1 : 1))
  return keyed.map(({ op }) => op)
}

/** Each after what it needs; what a half-done change has left may even go in a circle. */
function needsFirst(operations: readonly Operation[]): readonly Operation[] {
  const byName = new Map(operations.map(op => [`${op.resource.node}:${(op.resource as Process).name}`, op]))
  const ordered = new Set<Operation>()
  const seen = new Set<Operation>()
  const visit = (operation: Operation): void => {
    if (seen.has(operation)) return
    seen.add(operation)
    for (const need of (operation.resource as Process).needs) {
      const before = byName.get(`${need.node}:${need.process}`)
      if (before) visit(before)
    }
    ordered.add(operation)
  }
  for (const operation of operations) visit(operation)
  return [...ordered]
}

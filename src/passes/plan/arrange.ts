/** Operations → the same in an order that satisfies their needs, in lanes that fill the kernel's batches. */
import type { Operation } from '../../model/plan.js'
import type { Address, Resource, State } from '../../model/state.js'
import { forgetIds, id, interfaceOf, kindOf, nameOf } from '../../resources/index.js'
import { order } from '../order.js'
import type { PlanInput } from '../plan.js'
import { demoted, promoted } from './promote.js'
import { both, gone, type Removals, removalsOf, without } from './removals.js'

/** Namespaces and their settings first, then bridges, then all cables in one go, then the rest, node by node. */
const lanes = { namespaces: 0, bridges: 1, cables: 2, rest: 3 } as const
const laneCount = 4

/**
 * Nodes go through the lanes in groups: what the kernel has just made it finds in its caches, and what it does in the
 * background for new links (RTNL is one lock) is spread. Groups of 8 to 64 take 5 to 10 % less than all nodes at once; so
 * small ones need few descriptors at a time (`LabSpace.descriptor`).
 */
const groupSize = 12

export function arrange(operations: readonly Operation[], input: PlanInput): readonly Operation[] {
  const removals = removalsOf(operations, input.observed)
  const ordered = order(byLane(operations, input), {
    needs: operation => and(needs(operation, removals), operation.needs),
    provides: operation => and(provides(operation, removals), operation.provides),
    name: operation => `${operation.verb} ${nameOf(operation.resource)}`,
  })
  forgetIds()
  return ordered
}

/** What needs leave open: operations of one group and lane stay together, nodes in the order of the file. */
function byLane(operations: readonly Operation[], { desired, observed }: PlanInput): readonly Operation[] {
  const place = new Map<string, number>()
  for (const state of [desired, observed])
    for (const node of state.keys()) if (!place.has(node)) place.set(node, place.size)
  const groups = groupsOf(operations, place)
  const own = (operation: Operation) => place.get(operation.resource.node)!
  const group = (operation: Operation) => {
    if (isLast(operation)) return (groupAt(place.size) + 1) * laneCount
    const here = lane(operation, observed)
    const at = here === 'rest' ? groups.connected[own(operation)]! : groups.of(operation)
    return at * laneCount + lanes[here]
  }
  return sorted(sorted(operations, own), group)
}

/** What ends a node's processes can't be undone: all that may be refused comes before. */
export function isLast({ verb, resource }: Operation): boolean {
  return verb === 'remove' && resource.type === 'namespace'
}

/** By a small whole number of each; those of one number stay in their order. */
function sorted<T>(items: readonly T[], numberOf: (item: T) => number): readonly T[] {
  const buckets: T[][] = []
  for (const item of items) {
    const number = numberOf(item)
    while (buckets.length <= number) buckets.push([])
    buckets[number]!.push(item)
  }
  return buckets.flat()
}

const groupAt = (place: number) => Math.floor(place / groupSize)

interface Groups {
  /** A cable comes with the later of its nodes. */
  readonly of: (operation: Operation) => number
  /** By node: the group of its last cable. */
  readonly connected: readonly number[]
}

function groupsOf(operations: readonly Operation[], place: ReadonlyMap<string, number>): Groups {
  const of = ({ resource, partner }: Operation) =>
    groupAt(Math.max(place.get(resource.node)!, partner ? place.get(partner.node)! : 0))
  const connected = Array.from(place.values(), groupAt)
  for (const operation of operations) {
    if (operation.verb !== 'create' || !operation.partner) continue
    const group = of(operation)
    for (const { node } of [operation.resource, operation.partner])
      connected[place.get(node)!] = Math.max(connected[place.get(node)!]!, group)
  }
  return { of, connected }
}

function lane({ verb, resource, partner }: Operation, observed: State): keyof typeof lanes {
  if (verb === 'create' && resource.type === 'namespace') return 'namespaces'
  if (resource.type === 'sysctl')
    return !observed.has(resource.node) && interfaceOf(resource.name) === undefined ? 'namespaces' : 'rest'
  if (verb === 'create' && resource.type === 'link' && resource.kind === 'bridge') return 'bridges'
  return verb === 'create' && partner ? 'cables' : 'rest'
}

const and = (names: readonly string[], more: readonly string[] | undefined) => (more ? [...names, ...more] : names)

function needs(operation: Operation, removals: Removals | undefined): readonly string[] {
  const { verb, resource, partner } = operation
  if (verb === 'remove') return removalNeeds(operation, removals!)
  const first = kindOf(resource.type).needs(resource)
  const ends = partner ? [...first, ...kindOf(partner.type).needs(partner)] : first
  const own = verb === 'update' && resource.type === 'link' ? [...ends, id.link(resource.node, resource.name)] : ends
  if (!removals) return own
  const waits = removals.waits.get(operation) ?? []
  return verb === 'create' ? [...own, ...waits, ...both(operation).map(gone)] : [...own, ...waits]
}

/**
 * What leads elsewhere is turned first, unless it is to lead to the very address that goes; a node goes after the links
 * into it; what is made anew goes at once.
 */
function removalNeeds(operation: Operation, { remade, turned }: Removals): readonly string[] {
  const { resource } = operation
  const routes = (r: Resource) => (turned.has(r.node) ? unrouted(r.node) : id.routes(r.node))
  const added = (a: Address) => (turned.has(a.node) ? [] : [id.addresses(a.node, a.dev)])
  if (resource.type === 'namespace') return [`links of ${resource.node}`]
  if (resource.type === 'address') return [routes(resource), ...added(resource), promoted(resource)]
  if (resource.type !== 'link' || both(operation).some(r => remade.has(gone(r)))) return []
  return both(operation).map(routes)
}

/** The routes of the node that go are gone. */
const unrouted = (node: string) => `unrouted ${node}`

function provides(operation: Operation, removals: Removals | undefined): readonly string[] {
  const { verb, resource, partner } = operation
  if (verb !== 'remove' && !partner) return kindOf(resource.type).provides(resource, verb)
  if (verb !== 'remove') return both(operation).flatMap(r => kindOf(r.type).provides(r, verb))
  const here = both(operation).flatMap(r => (r.type === 'link' ? [gone(r), `links of ${r.node}`] : [gone(r)]))
  const all = [...here, ...(removals!.leaving.get(operation) ?? []).map(without)]
  if (resource.type === 'address') return [...all, demoted(resource)]
  return resource.type === 'route' ? [...all, id.routes(resource.node), unrouted(resource.node)] : all
}

/** Operations → the same in an order that satisfies their needs, in lanes that fill the kernel's batches. */
import type { Operation } from '../../model/plan.js'
import type { Resource, State } from '../../model/state.js'
import { id, interfaceOf, kindOf, nameOf } from '../../resources/index.js'
import { order } from '../order.js'
import type { PlanInput } from '../plan.js'
import { demoted, promoted } from './promote.js'

/** Namespaces and their settings first, then bridges, then all cables in one go, then the rest, node by node. */
const lanes = { namespaces: 0, bridges: 1, cables: 2, rest: 3 } as const

export function arrange(operations: readonly Operation[], input: PlanInput): readonly Operation[] {
  const remade = remadeOf(operations)
  return order(byLane(operations, input), {
    needs: operation => and(needs(operation, remade), operation.needs),
    provides: operation => and(provides(operation), operation.provides),
    name: operation => `${operation.verb} ${nameOf(operation.resource)}`,
  })
}

/** What needs leave open: operations of one lane stay together, nodes in the order of the file. */
function byLane(operations: readonly Operation[], { desired, observed }: PlanInput): readonly Operation[] {
  const place = new Map<string, number>()
  for (const state of [desired, observed])
    for (const node of state.keys()) if (!place.has(node)) place.set(node, place.size)
  const buckets: Operation[][] = []
  for (const operation of operations) {
    const index = lanes[lane(operation, observed)] * place.size + place.get(operation.resource.node)!
    const bucket = buckets[index]
    if (bucket) bucket.push(operation)
    else buckets[index] = [operation]
  }
  return buckets.flat()
}

function lane({ verb, resource, partner }: Operation, observed: State): keyof typeof lanes {
  if (verb === 'create' && resource.type === 'namespace') return 'namespaces'
  if (resource.type === 'sysctl')
    return !observed.has(resource.node) && interfaceOf(resource.name) === undefined ? 'namespaces' : 'rest'
  if (verb === 'create' && resource.type === 'link' && resource.kind === 'bridge') return 'bridges'
  return verb === 'create' && partner ? 'cables' : 'rest'
}

const and = (names: readonly string[], more: readonly string[] | undefined) => (more ? [...names, ...more] : names)

/** What is removed and made again; undefined where nothing is removed at all. */
function remadeOf(operations: readonly Operation[]): ReadonlySet<string> | undefined {
  if (!operations.some(op => op.verb === 'remove')) return undefined
  return new Set(operations.filter(op => op.verb === 'create').flatMap(op => both(op).map(gone)))
}

const gone = (r: Resource) => `gone ${r.type} ${r.node} ${kindOf(r.type).key(r)}`

function both({ resource, partner }: Operation): readonly Resource[] {
  return partner ? [resource, partner] : [resource]
}

function needs(operation: Operation, remade: ReadonlySet<string> | undefined): readonly string[] {
  const { verb, resource, partner } = operation
  if (verb === 'remove') return removalNeeds(operation, remade!)
  const first = kindOf(resource.type).needs(resource)
  const own = partner ? [...first, ...kindOf(partner.type).needs(partner)] : first
  if (verb === 'create') return remade ? [...own, ...both(operation).map(gone)] : own
  return resource.type === 'link' ? [...own, id.link(resource.node, resource.name)] : own
}

/** What leads elsewhere is turned first; a node goes after the links into it; what is made anew goes at once. */
function removalNeeds(operation: Operation, remade: ReadonlySet<string>): readonly string[] {
  const { resource } = operation
  if (resource.type === 'namespace') return [`links of ${resource.node}`]
  if (resource.type === 'address')
    return [id.routes(resource.node), id.addresses(resource.node, resource.dev), promoted(resource)]
  if (resource.type !== 'link' || both(operation).some(r => remade.has(gone(r)))) return []
  return both(operation).map(r => id.routes(r.node))
}

function provides(operation: Operation): readonly string[] {
  const { verb, resource, partner } = operation
  if (verb !== 'remove' && !partner) return kindOf(resource.type).provides(resource, verb)
  if (verb !== 'remove') return both(operation).flatMap(r => kindOf(r.type).provides(r, verb))
  const here = both(operation).flatMap(r => (r.type === 'link' ? [gone(r), `links of ${r.node}`] : [gone(r)]))
  if (resource.type === 'address') return [...here, demoted(resource)]
  return resource.type === 'route' ? [...here, id.routes(resource.node)] : here
}

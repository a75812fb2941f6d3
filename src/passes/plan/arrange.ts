/** Operations → the same in an order that satisfies their needs, in lanes that fill the kernel's batches. */
import type { Operation } from '../../model/plan.js'
import type { Resource, State } from '../../model/state.js'
import { id, interfaceOf, kindOf, nameOf } from '../../resources/index.js'
import { order } from '../order.js'
import type { PlanInput } from '../plan.js'
import { demoted, promoted } from './promote.js'

/** Namespaces and their settings first, then bridges, then all cables in one go, then node by node. */
const firstLanes = ['namespaces', 'bridges', 'cables']

export function arrange(operations: readonly Operation[], { desired, observed }: PlanInput): readonly Operation[] {
  const place = new Map([...new Set([...desired.keys(), ...observed.keys()])].map((node, index) => [node, index]))
  const nodes = place.size + 1
  const rank = (op: Operation) => laneRank(lane(op, observed)) * nodes + (place.get(op.resource.node) ?? 0)
  const remade = remadeOf(operations)
  const ranked = operations.map(op => [rank(op), op] as const).sort((a, b) => a[0] - b[0])
  return order(
    ranked.map(([, op]) => op),
    {
      needs: operation => and(needs(operation, remade), operation.needs),
      provides: operation => and(provides(operation), operation.provides),
      lane: operation => lane(operation, observed),
      name: operation => `${operation.verb} ${nameOf(operation.resource)}`,
    },
  )
}

function laneRank(lane: string): number {
  const index = firstLanes.indexOf(lane)
  return index < 0 ? firstLanes.length : index
}

function lane({ verb, resource, partner }: Operation, observed: State): string {
  if (verb === 'create' && resource.type === 'namespace') return 'namespaces'
  if (resource.type === 'sysctl' && !observed.has(resource.node) && interfaceOf(resource.name) === undefined)
    return 'namespaces'
  if (verb === 'create' && resource.type === 'link' && resource.kind === 'bridge') return 'bridges'
  return verb === 'create' && partner ? 'cables' : `node ${resource.node}`
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

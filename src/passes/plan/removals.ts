/** Operations → what of them goes, and what has to wait for that: the other way round than usual. */
import { formatAddress, lastOf, networkOf, parsePrefix } from '../../model/ip.js'
import type { Operation } from '../../model/plan.js'
import type { Address, Resource, State } from '../../model/state.js'
import { kindOf } from '../../resources/index.js'

export interface Removals {
  /** What is removed and made again. */
  readonly remade: ReadonlySet<string>
  /** The addresses that go with a removal. */
  readonly leaving: ReadonlyMap<Operation, readonly Address[]>
  /** What the kernel takes only when certain addresses have gone, as identifiers. */
  readonly waits: ReadonlyMap<Operation, readonly string[]>
  /** Nodes with such operations: there, things are removed before others come. */
  readonly turned: ReadonlySet<string>
}

/** Identifiers: the resource is gone; the node has that address no more. */
export const gone = (r: Resource) => `gone ${r.type} ${r.node} ${kindOf(r.type).key(r)}`
export const without = ({ node, address }: Address) => `without ${node} ${address}`

export function both({ resource, partner }: Operation): readonly Resource[] {
  return partner ? [resource, partner] : [resource]
}

/** Undefined where nothing is removed at all. */
export function removalsOf(operations: readonly Operation[], observed: State): Removals | undefined {
  const removals = operations.filter(op => op.verb === 'remove')
  if (removals.length === 0) return undefined
  const leaving = new Map(removals.map(op => [op, both(op).flatMap(r => leavingWith(r, observed))]))
  const waits = waitsOf(operations, [...leaving.values()].flat())
  return {
    remade: new Set(operations.filter(op => op.verb === 'create').flatMap(op => both(op).map(gone))),
    leaving,
    waits,
    turned: new Set([...waits.keys()].map(op => op.resource.node)),
  }
}

function leavingWith(r: Resource, observed: State): readonly Address[] {
  if (r.type === 'address') return [r]
  if (r.type !== 'link') return []
  const held = [...(observed.get(r.node)?.address.values() ?? [])]
  return held.filter(address => address.dev === r.name)
}

function waitsOf(
  operations: readonly Operation[],
  leaving: readonly Address[],
): ReadonlyMap<Operation, readonly string[]> {
  const byNode = new Map<string, readonly Address[]>()
  for (const address of leaving) byNode.set(address.node, [...(byNode.get(address.node) ?? []), address])
  const waits = new Map<Operation, readonly string[]>()
  for (const operation of operations) {
    if (operation.verb === 'remove') continue
    const found = (byNode.get(operation.resource.node) ?? []).filter(address =>
      standsInTheWay(address, operation.resource),
    )
    if (found.length > 0) waits.set(operation, found.map(without))
  }
  return waits
}

/**
 * The kernel takes no next hop that is an address of its own, or that one of its subnets has for broadcast
 * (fib_semantics.c: fib_check_nh), and gives no connected route to an address of that sort (fib_valid_prefsrc).
 */
function standsInTheWay(leaving: Address, r: Resource): boolean {
  if (r.type === 'route')
    return r.nextHops.some(
      hop => hop.via !== undefined && (hop.via === leaving.address || edges(leaving).includes(hop.via)),
    )
  return r.type === 'address' && (edges(leaving).includes(r.address) || isAnother(leaving, r))
}

/** IPv6 has an address once on a link, whatever its length and its detection (addrconf.c: ipv6_add_addr). */
function isAnother(a: Address, b: Address): boolean {
  const same = a.family === 6 && a.dev === b.dev && a.address === b.address
  return same && (a.prefixLength !== b.prefixLength || a.dad !== b.dad)
}

/** The first and the last address of an IPv4 subnet, which are nobody's while it is there. */
function edges({ family, address, prefixLength }: Address): readonly string[] {
  const prefix = family === 4 ? parsePrefix(`${address}/${prefixLength}`) : undefined
  return prefix ? [networkOf(prefix), lastOf(prefix)].map(formatAddress) : []
}

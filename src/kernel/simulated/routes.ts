/** RTM_NEWROUTE, RTM_DELROUTE → a namespace's routes (net/ipv4/fib_trie.c, net/ipv6/route.c). */
import { networkOf } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import { afOf, familyOf, flag, RouteScope, RouteType, type routeMessage } from '../../netlink/messages.js'
import { isSame, mainTable, routesOf } from './connected.js'
import { checkHop, checkSource } from './gateways.js'
import { type Address, type Link, linkAt, type Namespace, prefixOf, type Route, type RouteHop } from './model.js'
import { Refused } from './refused.js'

type Message = ReturnType<typeof routeMessage.read>

const usualMetric6 = 1024
/** They lead nowhere, or to the node itself. */
const leadSomewhere: ReadonlySet<number> = new Set([RouteType.UNICAST, RouteType.LOCAL])

export function addRoute(ns: Namespace, message: Message, flags: number): void {
  const route = read(ns, message)
  for (const hop of route.hops) checkHop(ns, route, hop)
  checkSource(ns, route)
  const known = routesOf(ns).find(held => isSame(held, route))
  if (known && !(flags & flag.replace)) throw new Refused('EEXIST')
  if (!known && !(flags & flag.create)) throw new Refused('ENOENT')
  const replaces = known && ns.routes.includes(known) ? known.replaces : known
  ns.routes = [...ns.routes.filter(held => held !== known), { ...route, replaces }]
}

export function removeRoute(ns: Namespace, message: Message): void {
  const named = readNamed(ns, message)
  const found = ns.routes.find(held => isSame(held, named) && fits(held, named))
  if (!found) throw new Refused('ESRCH')
  ns.routes = ns.routes.filter(held => held !== found)
}

/** A link that is not there has no route either. */
function readNamed(ns: Namespace, message: Message): Route {
  try {
    return read(ns, message)
  } catch (thrown) {
    throw thrown instanceof Refused ? new Refused('ESRCH') : thrown
  }
}

function fits(held: Route, named: Route): boolean {
  const leads = (hop: RouteHop) => held.hops.some(own => own.link === hop.link && own.via === hop.via)
  return held.type === named.type && held.protocol === named.protocol && named.hops.every(leads)
}

function read(ns: Namespace, message: Message): Route {
  const { dstLength = 0, type = 0, scope = 0, protocol = 0, attributes: a } = message
  const family = familyOf.get(message.family ?? 0)
  if (family === undefined) throw new Refused('EOPNOTSUPP')
  return {
    ...{ family, type, scope, protocol, src: a.src, mtu: a.metrics?.mtu },
    to: networkOf(prefixOf(a.dst ?? (family === 4 ? '0.0.0.0' : '::'), dstLength)),
    table: a.table ?? message.table ?? mainTable,
    priority: a.priority ?? (family === 4 ? 0 : usualMetric6),
    hops: leadSomewhere.has(type) ? hopsOf(ns, message) : [],
  }
}

function hopsOf(ns: Namespace, { family, flags = 0, attributes: a }: Message): readonly RouteHop[] {
  // Looked at before any link (rtm_to_fib6_multipath_config).
  if (family === afOf[6] && a.multipath?.some(({ attributes: { gateway } }) => gateway === undefined))
    throw new Refused('EINVAL', 'Device only routes can not be added for IPv6 using the multipath API.')
  const single = [{ index: a.oif ?? 0, flags, hops: 0, attributes: { gateway: a.gateway, via: a.via } }]
  return (a.multipath ?? single).map(({ index, flags, hops, attributes: { gateway, via } }) => {
    const link = ns.links.get(index)
    // A way to the gateway is looked for, by that link.
    if (!link && gateway !== undefined && !gateway.includes(':'))
      throw new Refused('ENETUNREACH', 'Nexthop has invalid gateway')
    return { link: link ?? linkAt(ns, index), via: gateway ?? via, flags, weight: hops + 1 }
  })
}

export interface Loss {
  readonly families: readonly Family[]
  /** The link is gone for good, or has lost all addresses of the family; else it is down. */
  readonly why: 'gone' | 'addressless' | 'down'
}

/** What no longer leads anywhere goes; of several next hops one stays as dead (fib_semantics.c: fib_sync_down_dev). */
export function loseRoutes({ namespace: ns, ...link }: Link, { families, why }: Loss): void {
  const leads = (hop: RouteHop) => hop.link.index === link.index
  ns.routes = ns.routes.filter(({ family, scope, hops }) => {
    if (!families.includes(family) || !hops.some(leads)) return true
    if (why === 'down' && scope === RouteScope.HOST && family === 4) return true
    for (const hop of hops) if (leads(hop)) hop.dead = true
    return why !== 'gone' && !hops.every(hop => hop.dead)
  })
}

export function reviveRoutes({ namespace: ns, index }: Link, families: readonly Family[]): void {
  for (const { family, hops } of ns.routes)
    if (families.includes(family)) for (const hop of hops) if (hop.link.index === index) delete hop.dead
}

/** Routes of the main table go with their source address; IPv6 forgets the source alone (rt6_remove_prefsrc). */
export function loseSource(ns: Namespace, { family, address, link }: Address): void {
  if (ns.addresses.some(held => held.address === address)) return
  if (family === 4) ns.routes = ns.routes.filter(({ table, src }) => src !== address || table !== mainTable)
  else
    for (const route of ns.routes)
      if (route.src === address && route.hops.some(hop => hop.link === link)) route.src = undefined
}

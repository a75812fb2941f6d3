/** A route that is to be added → whether its next hops and its source may be so (fib_check_nh, ip6_validate_gw, fib_valid_prefsrc). */
import { contains, parseAddress } from '../../model/ip.js'
import { afOf, RouteScope, RouteType, routeFlag } from '../../netlink/messages.js'
import { localTable, mainTable, routesOf } from './connected.js'
import { type Link, type Namespace, prefixOf, type Route, type RouteHop } from './model.js'
import { Refused } from './refused.js'
import { tablesFor } from './rules.js'
import { hasIpv6 } from './settings.js'

export function checkHop(ns: Namespace, route: Route, { link, via, flags }: RouteHop): void {
  if (via !== undefined && !(flags & routeFlag.onlink)) {
    const hop = { via, link, table: route.table, scope: route.scope }
    if (via.includes(':')) checkGateway6(ns, hop)
    else checkGateway4(ns, hop)
  }
  const six = route.family === 6
  if (six && !hasIpv6(link)) throw new Refused('EACCES', 'IPv6 is disabled on nexthop device')
  if (!link.up) throw new Refused('ENETDOWN', `${six ? 'Nexthop device' : 'Device for nexthop'} is not up`)
}

interface Gateway {
  readonly via: string
  readonly link: Link
  /** The route's, which is looked into first. */
  readonly table: number
  /** What leads to the gateway is narrower than the route. */
  readonly scope: number
}

/** Only a directly connected destination, or the node itself, can be a next hop. */
function checkGateway4(ns: Namespace, { via, link, table, ...wider }: Gateway): void {
  const least = Math.max(RouteScope.LINK, wider.scope + 1)
  const near = reaching(ns, via).filter(({ scope, hops }) => scope >= least && hops.some(leadsBy(link)))
  const usual = tablesFor(ns, afOf[4], (dst, length) => contains(prefixOf(dst, length), parseAddress(via)!))
  const tables = table === mainTable ? usual : [table, ...usual]
  const found = tables.map(number => longest(near.filter(route => route.table === number))).find(route => route)
  if (!found) throw new Refused('ENETUNREACH', 'Nexthop has invalid gateway')
  if (found.type === RouteType.BROADCAST) throw new Refused('EINVAL', 'Nexthop has invalid gateway')
}

function checkGateway6(ns: Namespace, { via, link, table }: Gateway): void {
  if (ns.addresses.some(({ address }) => address === via))
    throw new Refused('EINVAL', 'Gateway can not be a local address')
  if (/^fe[89ab]/.test(via)) return
  const tables = [table, mainTable, localTable]
  const found = longest(
    reaching(ns, via).filter(route => tables.includes(route.table) && route.hops.some(leadsBy(link))),
  )
  if (!found || found.hops.some(hop => hop.via !== undefined)) throw new Refused('EHOSTUNREACH')
}

/** The source must be an address of the node, or in a subnet that lo has. */
export function checkSource(ns: Namespace, { family, src }: Route): void {
  if (src === undefined || ns.addresses.some(({ address }) => address === src)) return
  if (family === 6) throw new Refused('EINVAL', 'Invalid source address')
  if (!reaching(ns, src).some(({ type }) => type === RouteType.LOCAL))
    throw new Refused('EINVAL', 'Invalid prefsrc address')
}

function reaching(ns: Namespace, address: string): readonly Route[] {
  const wanted = parseAddress(address)!
  return routesOf(ns).filter(({ to }) => contains(to, wanted))
}

const leadsBy = (link: Link) => (hop: RouteHop) => hop.link === link && !hop.dead

function longest(routes: readonly Route[]): Route | undefined {
  return routes.reduce<Route | undefined>(
    (best, one) => (best && best.to.length >= one.to.length ? best : one),
    undefined,
  )
}

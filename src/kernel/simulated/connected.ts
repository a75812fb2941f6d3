/** Addresses → the routes that the kernel makes for them (fib_frontend.c: fib_add_ifaddr; addrconf.c: inet6_addr_add). */
import { hostPrefix, type Address as Ip, lastOf, networkOf, type Prefix } from '../../model/ip.js'
import { RouteScope, RouteType } from '../../netlink/messages.js'
import { type Address, isLoopback, type Namespace, type Route, sameSubnet } from './model.js'

const kernelProtocol = 2
export const mainTable = 254
export const localTable = 255
/** IPv6 gives these to what it makes by itself, and to routes that say nothing. */
const metric6 = 256

/** All routes of a namespace; what the kernel makes comes after what was there already (NLM_F_APPEND). */
export function routesOf(ns: Namespace): readonly Route[] {
  const made = ns.addresses.flatMap(connected)
  const left = made.filter(route => !ns.routes.some(said => said.replaces === route))
  return [...ns.routes, ...left]
}

/** Whether one would take the other's place. */
export function isSame(a: Route, b: Route): boolean {
  const alike = a.family === b.family && a.table === b.table && a.priority === b.priority
  return alike && a.to.length === b.to.length && a.to.bits === b.to.bits
}

/** Asked for with every route that is added, so they are made anew only where something has changed. */
const known = new WeakMap<Address, { readonly when: string; readonly routes: readonly Route[] }>()

function connected(address: Address): readonly Route[] {
  const { family, link, flags } = address
  const src = family === 6 || flags === 0 ? address.address : primaryOf(address)
  const when = `${link.up} ${flags} ${src}`
  const found = known.get(address)
  if (found?.when === when) return found.routes
  const routes = family === 4 ? connected4(address, src) : connected6(address)
  known.set(address, { when, routes })
  return routes
}

function primaryOf(address: Address): string {
  const others = address.link.namespace.addresses
  return (others.find(other => other.flags === 0 && sameSubnet(other, address)) ?? address).address
}

function connected4({ link, prefix, flags }: Address, src: string): readonly Route[] {
  const of = { src, link }
  const own = made(hostPrefix(prefix), { type: RouteType.LOCAL, ...of })
  const network = networkOf(prefix)
  const type = isLoopback(link) ? RouteType.LOCAL : RouteType.UNICAST
  // What is the node's own stays so while the link is down.
  if (!link.up) return isLoopback(link) && prefix.length < 32 ? [own, made(network, { type, ...of })] : [own]
  if (flags !== 0) return [own]
  const subnet = prefix.length < 32 ? [made(network, { type, ...of })] : []
  const all = prefix.length < 31 ? [made(hostPrefix(lastOf(prefix)), { type: RouteType.BROADCAST, ...of })] : []
  return [own, ...subnet, ...all]
}

function connected6(address: Address): readonly Route[] {
  const { link, prefix } = address
  if (!link.up) return []
  const own = made(hostPrefix(prefix), { type: RouteType.LOCAL, link })
  const automatic = address.address === '::1' && isLoopback(link)
  return automatic ? [own] : [own, made(networkOf(prefix), { type: RouteType.UNICAST, link })]
}

function made(to: Prefix | Ip, { type, src, link }: Pick<Address, 'link'> & { type: number; src?: string }): Route {
  const prefix = 'length' in to ? to : hostPrefix(to)
  const local = type === RouteType.LOCAL
  return {
    ...{ family: to.family, to: prefix, type, src, protocol: kernelProtocol },
    table: type === RouteType.UNICAST ? mainTable : localTable,
    priority: to.family === 4 || local ? 0 : metric6,
    scope: to.family === 6 ? RouteScope.UNIVERSE : local ? RouteScope.HOST : RouteScope.LINK,
    hops: [{ link, via: undefined, flags: 0, weight: 1 }],
  }
}

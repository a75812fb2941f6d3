/** RTM_NEWADDR, RTM_DELADDR → a namespace's addresses, and what goes with them (net/ipv4/devinet.c, net/ipv6/addrconf.c). */
import { addressFlag, type addressMessage, afOf, familyOf, flag } from '../../netlink/messages.js'
import { type Address, isLoopback, type Link, linkAt, type Namespace, prefixOf, sameSubnet } from './model.js'
import { Refused } from './refused.js'
import { loseRoutes, loseSource, reviveRoutes } from './routes.js'
import { forgetDefaults, hasIpv6, promotes } from './settings.js'

/** RFC 8200: on a link with less there is no IPv6 at all. */
export const leastIpv6Mtu = 1280

type Message = ReturnType<typeof addressMessage.read>

export function addAddress(ns: Namespace, message: Message, flags: number): void {
  const added = read(ns, message)
  const { family, link } = added
  if (family === 4) forgetDefaults(link)
  if (family === 6 && link.mtu < leastIpv6Mtu) throw new Refused('EINVAL')
  if (family === 6 && !hasIpv6(link)) throw new Refused('EACCES', 'ipv6: IPv6 is disabled on this device')
  const known = find(ns, added)
  if (known) {
    if (flags & flag.excl || !(flags & flag.replace))
      throw new Refused('EEXIST', `ipv${family}: ${family === 4 ? 'Address' : 'address'} already assigned`)
    return
  }
  const follows = family === 4 && ns.addresses.some(held => held.family === 4 && sameSubnet(held, added))
  ns.addresses.push({ ...added, flags: follows ? added.flags | addressFlag.secondary : added.flags })
  if (family === 4) reviveRoutes(link, [4])
}

export function removeAddress(ns: Namespace, message: Message): void {
  const named = read(ns, message)
  const found = find(ns, named)
  if (!found || found.prefix.length !== named.prefix.length)
    throw new Refused('EADDRNOTAVAIL', named.family === 4 ? 'ipv4: Address not found' : 'ipv6: address not found')
  dropAddresses(ns, [found, ...(found.family === 4 ? secondaries(ns, found) : [])])
}

/** A primary address takes the others of its subnet along, or else the first of them takes its place. */
function secondaries(ns: Namespace, gone: Address): readonly Address[] {
  if (gone.flags & addressFlag.secondary) return []
  const others = ns.addresses.filter(held => held !== gone && held.family === 4 && sameSubnet(held, gone))
  if (!promotes(gone.link)) return others
  if (others[0]) others[0].flags &= ~addressFlag.secondary
  return []
}

export function dropAddresses(ns: Namespace, gone: readonly Address[]): void {
  ns.addresses = ns.addresses.filter(held => !gone.includes(held))
  for (const address of gone) loseSource(ns, address)
  for (const link of new Set(gone.filter(({ family }) => family === 4).map(address => address.link)))
    if (!ns.addresses.some(held => held.family === 4 && held.link === link)) disableIp(ns, link)
}

/** With the last IPv4 address of a link go its routes, and its neighbours, those for good too (fib_disable_ip). */
function disableIp(ns: Namespace, link: Link): void {
  loseRoutes(link, { families: [4], why: 'addressless' })
  ns.neighbors = ns.neighbors.filter(held => held.link !== link || held.family !== afOf[4])
}

/** What the kernel does when IPv6 ends on a link: it is down, or switched off there (addrconf_ifdown). */
export function endIpv6(link: Link): void {
  const { namespace: ns } = link
  ns.addresses = ns.addresses.filter(held => held.family !== 6 || held.link !== link)
  loseRoutes(link, { families: [6], why: 'down' })
}

/** The addresses that lo has by itself as long as it is up. */
export function loopbackAddresses(link: Link): void {
  const { namespace: ns } = link
  const own = (family: 4 | 6) => ns.addresses.filter(held => held.family === family && held.link === link)
  const add = (family: 4 | 6, address: string, length: number) =>
    ns.addresses.push({ family, link, address, prefix: prefixOf(address, length), flags: 0 })
  if (!isLoopback(link) || !link.up) return
  if (own(4).length === 0) add(4, '127.0.0.1', 8)
  forgetDefaults(link)
  if (hasIpv6(link) && !own(6).some(({ address }) => address === '::1')) add(6, '::1', 128)
}

function read(ns: Namespace, { family, index = 0, prefixLength = 0, flags = 0, attributes: a }: Message): Address {
  const known = familyOf.get(family ?? 0)
  const address = a.local ?? a.address
  if (known === undefined || address === undefined) throw new Refused('EINVAL')
  const kept = known === 6 ? (a.flags ?? flags) & addressFlag.nodad : 0
  return { family: known, link: linkAt(ns, index), address, prefix: prefixOf(address, prefixLength), flags: kept }
}

/** IPv4 has an address once a subnet, IPv6 once a link. */
function find(ns: Namespace, { family, link, address, prefix }: Address): Address | undefined {
  return ns.addresses.find(
    held => held.link === link && held.address === address && (family === 6 || held.prefix.length === prefix.length),
  )
}

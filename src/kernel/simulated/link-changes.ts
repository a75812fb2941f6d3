/** RTM_NEWLINK for what stands, RTM_DELLINK → links, and what else changes with them. */
import { iff, type linkMessage } from '../../netlink/messages.js'
import { dropAddresses, endIpv6, leastIpv6Mtu, loopbackAddresses } from './addresses.js'
import { read, withoutMac } from './data.js'
import { isLoopback, type Link, linkAt, linkNamed, type Namespace } from './model.js'
import { Refused } from './refused.js'
import { loseRoutes, reviveRoutes } from './routes.js'

type Message = ReturnType<typeof linkMessage.read>

const [leastMtu, mostMtu] = [68, 65535]

/** In the order in which the kernel does it; what was done before a refusal stays. */
export function changeLink(ns: Namespace, { index = 0, flags = 0, change = 0, attributes: a }: Message): void {
  const link = index === 0 ? linkNamed(ns, a.name ?? '') : linkAt(ns, index)
  if (!link) throw new Refused('ENODEV')
  if (a.info) changeData(link, a.info)
  if (a.address !== undefined) setMac(link, a.address)
  if (a.mtu !== undefined) setMtu(link, a.mtu)
  if (a.master !== undefined) setMaster(link, a.master)
  if ((flags | change) & iff.up) setUp(link, (flags & iff.up) !== 0)
}

function changeData(link: Link, { kind, data }: NonNullable<Message['attributes']['info']>): void {
  if (kind !== link.kind || kind !== 'bridge') throw new Refused('EOPNOTSUPP')
  for (const [type, payload] of data ? read(data) : []) link.data.set(type, payload)
}

function setMac(link: Link, mac: string): void {
  if (withoutMac(link)) throw new Refused('EOPNOTSUPP')
  if (Number.parseInt(mac, 16) & 1) throw new Refused('EADDRNOTAVAIL')
  link.mac = mac
  link.chosen.mac = true
  forgetNeighbors(link)
  if (link.master) follow(link.master)
}

function setMtu(link: Link, mtu: number): void {
  if (!isLoopback(link)) checkMtu(mtu)
  if (link.kind === 'macvlan' && mtu > link.parent!.mtu) throw new Refused('EINVAL')
  // That it is told what it has anyway a bridge does not hear of.
  if (mtu === link.mtu) return
  link.chosen.mtu = true
  resize(link, mtu)
}

/** Whoever stands on the link, or is its bridge, follows. */
function resize(link: Link, mtu: number): void {
  link.mtu = mtu
  if (mtu < leastIpv6Mtu) endIpv6(link)
  for (const above of link.namespace.links.values())
    if (above.kind === 'macvlan' && above.parent === link && above.mtu > mtu) resize(above, mtu)
  if (link.master) follow(link.master)
}

export function checkMtu(mtu: number): void {
  if (mtu < leastMtu) throw new Refused('EINVAL', 'mtu less than device minimum')
  if (mtu > mostMtu) throw new Refused('EINVAL', 'mtu greater than device maximum')
}

function setMaster(link: Link, index: number): void {
  const master = link.namespace.links.get(index)
  if (master && link.master === master) return
  // It is out of its bridge even where the other does not take it.
  release(link)
  if (index === 0) return
  checkPort(link, master)
  enslave(link, master!)
}

export function checkPort(port: Pick<Link, 'namespace'> & Partial<Link>, master: Link | undefined): void {
  if (!master) throw new Refused('EINVAL', 'Invalid master')
  if (master.kind !== 'bridge') throw new Refused('EOPNOTSUPP', 'Device does not allow enslaving to a bridge')
  if (port.kind === 'bridge') throw new Refused('ELOOP', 'Can not enslave a bridge to a bridge')
  if (port.index === 1 && port.name === 'lo') throw new Refused('EINVAL')
  if ([...port.namespace.links.values()].some(({ kind, parent }) => kind === 'macvlan' && parent === port))
    throw new Refused('EBUSY')
}

export function enslave(link: Link, master: Link): void {
  link.master = master
  follow(master)
}

function release(link: Link): void {
  const { master } = link
  link.master = undefined
  if (master) follow(master)
}

/** br_if.c: br_mtu_auto_adjust; br_stp_if.c: br_stp_recalculate_bridge_id. */
function follow(bridge: Link): void {
  const ports = [...bridge.namespace.links.values()].filter(({ master }) => master === bridge)
  const macs = ports.map(({ mac }) => mac!).sort()
  if (!bridge.chosen.mac && macs[0] !== undefined) bridge.mac = macs[0]
  const mtu = ports.length === 0 ? 1500 : Math.min(...ports.map(port => port.mtu))
  if (!bridge.chosen.mtu && bridge.mtu !== mtu) resize(bridge, mtu)
}

export function setUp(link: Link, up: boolean): void {
  if (link.up === up) return
  link.up = up
  if (up) {
    loopbackAddresses(link)
    reviveRoutes(link, [4, 6])
    return
  }
  endIpv6(link)
  loseRoutes(link, { families: [4], why: 'down' })
  forgetNeighbors(link)
}

export function removeLink(ns: Namespace, message: Message): void {
  const link = linkAt(ns, message.index ?? 0)
  if (isLoopback(link)) throw new Refused('EOPNOTSUPP')
  dropLink(link)
}

/** With it go its other end, and what stands on it. */
export function dropLink(link: Link): void {
  const { namespace: ns, peer } = link
  if (!ns.links.delete(link.index)) return
  for (const other of [...ns.links.values()]) {
    if (other.parent === link) dropLink(other)
    if (other.master === link) release(other)
  }
  setUp(link, false)
  release(link)
  loseRoutes(link, { families: [4, 6], why: 'gone' })
  dropAddresses(
    ns,
    ns.addresses.filter(address => address.link === link),
  )
  forgetNeighbors(link)
  if (peer) dropLink(peer)
}

function forgetNeighbors(link: Link): void {
  link.namespace.neighbors = link.namespace.neighbors.filter(held => held.link !== link)
}

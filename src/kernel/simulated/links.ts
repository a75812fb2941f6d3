/** RTM_NEWLINK for what is not there yet, and /dev/net/tun → links (net/core/rtnetlink.c and the drivers of each kind). */
import { iff, linkMessage, vethMessage } from '../../netlink/messages.js'
import type { Device } from '../kernel.js'
import { dataOf, tunData, vxlanBelow, vxlanName } from './data.js'
import { checkMtu, checkPort, enslave, setUp } from './link-changes.js'
import { type Link, linkAt, linkNamed, type Machine, type Namespace, settings } from './model.js'
import { Refused } from './refused.js'

type Message = ReturnType<typeof linkMessage.read>
type Place = Pick<Link, 'namespace' | 'index' | 'name'>

const usualMtu = 1500
const etherLeast = 14 + 60

/** @param body where the message's body stands: what is in it depends on the kind */
export function createLink(
  machine: Machine,
  from: Namespace,
  body: { bytes: Buffer; start: number; end: number },
): void {
  const message = linkMessage.read(body.bytes, body.start, body.end)
  const { attributes: a, flags = 0 } = message
  const kind = a.info?.kind
  const place = placeOf(machine, from, message)
  const master = a.master === undefined ? undefined : place.namespace.links.get(a.master)
  if (a.master !== undefined) checkPort({ namespace: place.namespace }, master)
  const link = kind === 'veth' ? createPair(machine, place, body) : createSingle(machine, place, message)
  if (flags & iff.up) setUp(link, true)
  if (master) enslave(link, master)
}

function createPair(machine: Machine, place: Place, body: { bytes: Buffer; start: number; end: number }): Link {
  const { attributes } = vethMessage.read(body.bytes, body.start, body.end)
  const said = attributes.info?.data?.peer
  if (!said) throw new Refused('EINVAL')
  const other = placeOf(machine, place.namespace, said as Message)
  if (other.namespace === place.namespace && (other.index === place.index || other.name === place.name))
    throw new Refused('EEXIST')
  const [first, second] = [
    make(machine, place, { kind: 'veth', ...chosen(attributes) }),
    make(machine, other, { kind: 'veth', ...chosen(said.attributes) }),
  ]
  for (const [one, peer] of [
    [first, second],
    [second, first],
  ] as const) {
    one.peer = peer
    one.namespace.links.set(one.index, one)
  }
  return first
}

function createSingle(machine: Machine, place: Place, message: Message): Link {
  const { info, link: below } = message.attributes
  const { namespace: ns } = place
  const kind = info?.kind ?? ''
  if (!['bridge', 'vxlan', 'macvlan'].includes(kind)) throw new Refused('EOPNOTSUPP', 'Unknown device type')
  const data = dataOf(kind, info?.data)
  const parent = kind === 'macvlan' ? linkAt(ns, below ?? 0) : vxlanParent(ns, kind, data)
  const said = chosen(message.attributes)
  if (kind === 'macvlan') checkMacvlan(parent!, said.mtu)
  const link = make(machine, place, { ...{ kind, data, parent }, ...said, mtu: said.mtu ?? mtuAbove(kind, parent) })
  ns.links.set(link.index, link)
  return link
}

function vxlanParent(ns: Namespace, kind: string, data: Map<number, Buffer>): Link | undefined {
  const taken = (link: Link) => link.kind === 'vxlan' && vxlanName(link.data) === vxlanName(data)
  if (kind !== 'vxlan') return undefined
  if ([...ns.links.values()].some(taken))
    throw new Refused('EEXIST', 'A VXLAN device with the specified VNI already exists')
  const below = vxlanBelow(data)
  return below === undefined ? undefined : linkAt(ns, below)
}

/** Who takes a link's frames is one alone: a bridge or its macvlans (netdev_rx_handler_register). */
function checkMacvlan(parent: Link, mtu: number | undefined): void {
  if (parent.master) throw new Refused('EBUSY')
  if (mtu !== undefined && mtu > parent.mtu) throw new Refused('EINVAL')
}

function mtuAbove(kind: string, parent: Link | undefined): number {
  return parent === undefined ? usualMtu : kind === 'vxlan' ? Math.max(parent.mtu - 50, etherLeast) : parent.mtu
}

/** /dev/net/tun */
export function createTun(machine: Machine, ns: Namespace, { name, mode, index, owner }: Device): void {
  const place = placeOf(machine, ns, { index, attributes: { name } })
  ns.links.set(
    place.index,
    make(machine, place, { kind: 'tun', data: tunData(mode, owner), mac: mode === 'tun' ? null : undefined }),
  )
}

/** Where a link is to be, if nothing stands there. */
function placeOf(
  machine: Machine,
  from: Namespace,
  { index = 0, attributes: { name = '', namespace: fd } }: Pick<Message, 'index' | 'attributes'>,
): Place {
  const namespace = fd === undefined ? from : machine.descriptors.get(fd)
  if (!namespace) throw new Refused('EBADF')
  if (name === '' || name.length > 15 || /[/:\s]/.test(name)) throw new Refused('EINVAL')
  if (linkNamed(namespace, name) || namespace.links.has(index)) throw new Refused('EEXIST')
  return { namespace, name, index: index || Math.max(...namespace.links.keys()) + 1 }
}

function chosen({ address, mtu }: Pick<Message['attributes'], 'address' | 'mtu'>): {
  mac: string | undefined
  mtu: number | undefined
} {
  if (mtu !== undefined) checkMtu(mtu)
  if (address !== undefined && Number.parseInt(address, 16) & 1) throw new Refused('EADDRNOTAVAIL')
  return { mac: address, mtu }
}

interface Made {
  readonly kind: string
  readonly data?: Map<number, Buffer>
  readonly parent?: Link | undefined
  /** null: it has none. */
  readonly mac?: string | null | undefined
  readonly mtu?: number | undefined
}

function make(machine: Machine, place: Place, { kind, data = new Map(), parent, mac, mtu = usualMtu }: Made): Link {
  const own = mac === null ? undefined : (mac ?? someMac(machine.next()))
  return {
    ...place,
    ...{ kind, data, parent, mac: own, mtu, up: false, master: undefined, peer: undefined },
    chosen: { mac: typeof mac === 'string', mtu: kind !== 'bridge' },
    settings: settings(place.namespace.default),
  }
}

/** Locally administered, as the kernel's random ones are. */
function someMac(number: number): string {
  const octets = [number >>> 24, number >>> 16, number >>> 8, number].map(part => part & 255)
  return [0x02, 0x00, ...octets].map(octet => octet.toString(16).padStart(2, '0')).join(':')
}

/** What a namespace holds → the messages that answer a dump request. */
import { formatAddress } from '../../model/ip.js'
import type { Codec } from '../../netlink/attributes.js'
import { Batch } from '../../netlink/batch.js'
import {
  addressFlag,
  addressMessage,
  afOf,
  iff,
  linkMessage,
  MessageType,
  neighborMessage,
  routeMessage,
  ruleMessage,
  write,
} from '../../netlink/messages.js'
import type { Answer } from '../kernel.js'
import { routesOf } from './connected.js'
import { write as writeData } from './data.js'
import { type Address, isLoopback, type Link, type Namespace, type Neighbor, type Route } from './model.js'
import { Refused } from './refused.js'

const headerLength = 16
const hostScope = 254
/** RT_TABLE_COMPAT: tables that a byte can't hold are in an attribute. */
const compatTable = 252

/** All answers stand in one buffer, as the kernel's do. */
export function answersTo(ns: Namespace, request: Batch): readonly Answer[] {
  const batch = new Batch()
  const all = <M, T>(codec: Codec<M>, items: Iterable<T>, message: (item: T) => M) => {
    for (const item of items) write(batch, [type - 2, 0], [codec, message(item)])
  }
  const type = request.bytes.readUInt16LE(4)
  switch (type) {
    case MessageType.GETLINK:
      all(linkMessage, ns.links.values(), linkBody)
      break
    case MessageType.GETADDR:
      all(addressMessage, ns.addresses, addressBody)
      break
    case MessageType.GETROUTE:
      all(routeMessage, routesOf(ns), routeBody)
      break
    case MessageType.GETRULE:
      all(ruleMessage, ns.rules, rule => rule)
      break
    case MessageType.GETNEIGH:
      all(neighborMessage, ns.neighbors, neighborBody)
      break
    default:
      throw new Refused('EOPNOTSUPP')
  }
  const { bytes, starts } = batch
  return starts.map(start => ({
    ...{ type: type - 2, bytes, start: start + headerLength, end: start + bytes.readUInt32LE(start) },
  }))
}

function linkBody(link: Link): Parameters<typeof linkMessage.write>[1] {
  const { index, name, kind, mac, mtu, master, peer, parent, data } = link
  const below = peer ?? (kind === 'macvlan' ? parent : undefined)
  return {
    index,
    flags:
      (link.up ? iff.up : 0) | (isLoopback(link) ? iff.loopback : 0) | (runs(link) ? iff.running | iff.lowerUp : 0),
    attributes: {
      ...{ name, address: mac, mtu, link: below?.index, master: master?.index },
      ...(kind === '' ? {} : { info: { kind, ...(data.size > 0 ? { data: writeData(data) } : {}) } }),
    },
  }
}

/** Whether it has carrier: a cable at both ends, a bridge at one port, a tap when a program has opened it. */
function runs(link: Link): boolean {
  const { kind, peer, parent, namespace } = link
  if (!link.up || kind === 'tun') return false
  if (kind === 'veth') return peer?.up ?? false
  if (kind === 'macvlan') return runs(parent!)
  return kind !== 'bridge' || [...namespace.links.values()].some(port => port.master === link && runs(port))
}

function addressBody({ family, link, address, prefix, flags }: Address): Parameters<typeof addressMessage.write>[1] {
  const local = family === 4 ? { local: address, address } : { address }
  return {
    ...{ family: afOf[family], prefixLength: prefix.length, index: link.index },
    scope: isLoopback(link) && /^(127\.|::1$)/.test(address) ? hostScope : 0,
    attributes: { ...local, flags: flags | addressFlag.permanent },
  }
}

function routeBody({
  family,
  table,
  to,
  type,
  scope,
  protocol,
  priority,
  src,
  mtu,
  hops,
}: Route): Parameters<typeof routeMessage.write>[1] {
  const [hop, ...others] = hops
  const next = (via: string | undefined) =>
    via === undefined ? {} : family === 4 && via.includes(':') ? { via } : { gateway: via }
  const leads =
    others.length === 0
      ? { oif: hop?.link.index, ...next(hop?.via) }
      : {
          multipath: hops.map(({ link, via, flags, weight }) => {
            return { index: link.index, flags, hops: weight - 1, attributes: next(via) }
          }),
        }
  return {
    ...{ family: afOf[family], dstLength: to.length, table: table < 256 ? table : compatTable },
    ...{ protocol, scope, type, flags: others.length === 0 ? (hop?.flags ?? 0) : 0 },
    attributes: {
      ...{ table, src, dst: to.length === 0 ? undefined : formatAddress(to), priority: priority || undefined },
      ...{ metrics: mtu === undefined ? undefined : { mtu }, ...leads },
    },
  }
}

function neighborBody({ link, dst, lladdr, protocol, ...rest }: Neighbor): Parameters<typeof neighborMessage.write>[1] {
  return { ...rest, index: link.index, attributes: { dst, lladdr, protocol } }
}

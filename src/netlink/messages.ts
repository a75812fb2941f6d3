/** rtnetlink(7) messages ↔ values: the attributes that nstopo writes and compares, by their kernel numbers. */
import rt from 'netlink/dist/rt/gen_structs.js'
import {
  type AttributeTable,
  attributes,
  type Codec,
  ip,
  mac,
  type NumberCodec,
  text,
  u8,
  u16,
  u32,
  u64,
  withHeader,
} from './attributes.js'
import type { Batch } from './batch.js'
import { ifaddrmsg, ifinfomsg, ndmsg, rtmsg, ruleHeader } from './headers.js'
import { multipath, via } from './nexthops.js'

/**
 * Numbers of messages, of routes' types and of their scopes, in the kernel's names. Their types say so in words of their own:
 * whoever has our declarations has not the package that they come from.
 */
export const MessageType: Numbers<`${'NEW' | 'DEL' | 'GET'}${'LINK' | 'ADDR' | 'ROUTE' | 'RULE' | 'NEIGH'}`> =
  rt.MessageType
export const RouteType: Numbers<
  'UNICAST' | 'LOCAL' | 'BROADCAST' | 'BLACKHOLE' | 'UNREACHABLE' | 'PROHIBIT' | 'THROW'
> = rt.RouteType
export const RouteScope: Numbers<'UNIVERSE' | 'LINK' | 'HOST'> = rt.RouteScope

type Numbers<Names extends string> = Readonly<Record<Names, number>>

/** include/uapi/linux/netlink.h */
export const flag = { ack: 4, replace: 0x100, excl: 0x200, create: 0x400, dump: 0x300 } as const
export const iff = { up: 1, loopback: 8, running: 0x40, lowerUp: 0x10000 } as const
export const addressFlag = {
  ...{ secondary: 1, nodad: 2, optimistic: 4, dadfailed: 8 },
  ...{ tentative: 0x40, permanent: 0x80 },
} as const
export const routeFlag = { onlink: 4 } as const
export const neighborState = { permanent: 0x80 } as const
/** AF_INET, AF_INET6 */
export const afOf = { 4: 2, 6: 10 } as const
export const familyOf: ReadonlyMap<number, 4 | 6> = new Map([[afOf[4], 4] as const, [afOf[6], 6] as const])
/** linux/rtnetlink.h: leave out counters, which take most of a link's message. */
export const skipCounters = 8

/** struct rtnl_link_stats64, its first eight counters. */
const stats: Codec<readonly number[]> = {
  least: 64,
  write: () => 0,
  read: (bytes, start) => Array.from({ length: 8 }, (_, i) => u64.read(bytes, start + i * 8, start + i * 8 + 8)),
}

/** Payloads whose layout is not known here, as they came. */
const raw: Codec<Buffer> = {
  least: 0,
  write(batch: Batch, value) {
    const at = batch.reserve(value.length)
    value.copy(batch.bytes, at)
    return value.length
  },
  read: (bytes, start, end) => bytes.subarray(start, end),
}

const portAttributes = {
  address: [1, mac],
  name: [3, text],
  mtu: [4, u32],
  queuesOut: [31, u32],
  queuesIn: [32, u32],
  namespace: [28, u32],
} as const

/** VETH_INFO_PEER (linux/veth.h): the other end, with a header of its own. */
const peerTable = attributes({ peer: [1, withHeader(ifinfomsg, attributes(portAttributes))] })

/** IFLA_INFO_DATA for a kind's own table; `raw` when only read as bytes. */
function linkTable(data: Codec<never> | AttributeTable | Codec<Buffer>) {
  const info = attributes({ kind: [1, text], data: [2, data as Codec<Buffer>] })
  return attributes({
    ...portAttributes,
    link: [5, u32],
    master: [10, u32],
    info: [18, info],
    stats: [23, stats],
    wanted: [29, u32],
    peerNamespace: [37, u32],
  })
}

/** RTM_NEWLINK with IFLA_INFO_DATA as bytes. */
export const linkMessage = withHeader(ifinfomsg, linkTable(raw))

/** RTM_NEWLINK, its name alone. */
export const nameMessage = withHeader(ifinfomsg, attributes({ name: [3, text] }))

/** RTM_NEWLINK of a veth pair. */
export const vethMessage = withHeader(
  ifinfomsg,
  attributes({ ...linkTable(raw).layout, info: [18, attributes({ kind: [1, text], data: [2, peerTable] })] }),
)

/** The payload of a table as bytes, for attributes whose table is chosen at run time. */
export function encode(table: AttributeTable, values: object, scratch: Batch): Buffer {
  scratch.clear()
  table.write(scratch, values)
  return Buffer.from(scratch.bytes.subarray(0, scratch.length))
}

/** RTM_NEWADDR */
export const addressMessage = withHeader(
  ifaddrmsg,
  attributes({ address: [1, ip], local: [2, ip], broadcast: [4, ip], flags: [8, u32], protocol: [11, u8] }),
)

/** RTM_NEWROUTE */
export const routeMessage = withHeader(
  rtmsg,
  attributes({
    ...{ dst: [1, ip], oif: [4, u32], gateway: [5, ip], priority: [6, u32], src: [7, ip] },
    ...{
      metrics: [8, attributes({ mtu: [2, u32] })],
      multipath: [9, multipath],
      table: [15, u32],
      via: [18, via],
      nexthop: [30, u32],
    },
  }),
)

/** Two numbers in one payload (struct fib_rule_port_range, struct fib_rule_uid_range). */
const pair = (one: NumberCodec, size: number): Codec<readonly [number, number]> => ({
  least: 2 * size,
  write(batch, [low, high]) {
    const at = batch.reserve(size * 2)
    batch.bytes.writeUIntLE(low, at, size)
    batch.bytes.writeUIntLE(high, at + size, size)
    return size * 2
  },
  read: (bytes, start) => [one.read(bytes, start, start + size), one.read(bytes, start + size, start + 2 * size)],
})

/** RTM_NEWRULE (linux/fib_rules.h) */
export const ruleMessage = withHeader(
  ruleHeader,
  attributes({
    ...{
      dst: [1, ip],
      src: [2, ip],
      iif: [3, text],
      priority: [6, u32],
      fwmark: [10, u32],
      table: [15, u32],
      fwmask: [16, u32],
    },
    ...{ oif: [17, text], uidrange: [20, pair(u32, 4)], protocol: [21, u8], ipproto: [22, u8] },
    ...{ sport: [23, pair(u16, 2)], dport: [24, pair(u16, 2)] },
  }),
)

/** RTM_NEWNEIGH (linux/neighbour.h) */
export const neighborMessage = withHeader(ndmsg, attributes({ dst: [1, ip], lladdr: [2, mac], protocol: [12, u8] }))

/** Appends one message. */
export function write<T>(
  batch: Batch,
  [type, flags]: readonly [type: number, flags: number],
  [body, value]: readonly [Codec<T>, T],
): void {
  batch.begin(type, flags)
  body.write(batch, value)
  batch.end()
}

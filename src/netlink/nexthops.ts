/** RTA_MULTIPATH: a row of struct rtnexthop, each with attributes of its own (rtnetlink(7)). */
import { attributes, type Codec, ip, u32, type Values } from './attributes.js'
import type { Batch } from './batch.js'

const headerSize = 8
const family6 = 10

/** RTA_VIA: an IPv6 next hop of an IPv4 route (struct rtvia); the family goes before the address. */
export const via: Codec<string> = {
  least: 6,
  write(batch, value) {
    const at = batch.length
    const length = 2 + ip.write(batch, value)
    batch.reserve(2)
    batch.bytes.copyWithin(at + 2, at, at + length - 2)
    batch.bytes.writeUInt16LE(family6, at)
    return length
  },
  read: (bytes, start, end) => ip.read(bytes, start + 2, end),
}

const hopAttributes = attributes({ gateway: [5, ip], via: [18, via], encapType: [21, u32] })

export interface Hop {
  readonly index: number
  /** RTNH_F_* */
  readonly flags: number
  /** The weight less one. */
  readonly hops: number
  readonly attributes: Values<typeof hopAttributes.layout>
}

export const multipath: Codec<readonly Hop[]> = {
  least: headerSize,
  write(batch: Batch, hops) {
    const start = batch.length
    for (const hop of hops) {
      const at = batch.reserve(headerSize)
      const length = headerSize + hopAttributes.write(batch, hop.attributes)
      batch.bytes.writeUInt16LE(length, at)
      batch.bytes[at + 2] = hop.flags
      batch.bytes[at + 3] = hop.hops
      batch.bytes.writeInt32LE(hop.index, at + 4)
    }
    return batch.length - start
  },
  read(bytes, start, end) {
    const hops: Hop[] = []
    for (let at = start; at + headerSize <= end; ) {
      const length = bytes.readUInt16LE(at)
      if (length < headerSize || at + length > end) break
      const values = hopAttributes.read(bytes, at + headerSize, at + length)
      hops.push({ index: bytes.readInt32LE(at + 4), flags: bytes[at + 2]!, hops: bytes[at + 3]!, attributes: values })
      at += (length + 3) & ~3
    }
    return hops
  },
}

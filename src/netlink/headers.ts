/** The fixed headers of rtnetlink(7) messages ↔ values. */
import type { Batch } from './batch.js'
import type { Codec } from './codecs.js'

type Field = readonly [size: 1 | 2 | 4, offset: number]
type Fields = Readonly<Record<string, Field>>
type Header<F extends Fields> = Codec<{ -readonly [K in keyof F]?: number }> & { readonly size: number }

/** Fields are aligned to their size. */
function put({ words, halves, bytes }: Batch, size: 1 | 2 | 4, at: number, value: number): void {
  if (size === 4) words[at >> 2] = value
  else if (size === 2) halves[at >> 1] = value
  else bytes[at] = value
}

const get = {
  1: (bytes: Buffer, at: number) => bytes[at]!,
  2: (bytes: Buffer, at: number) => bytes[at]! | (bytes[at + 1]! << 8),
  4: (bytes: Buffer, at: number) =>
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0,
} as const

/** A struct of unsigned integers; what is left out is zero. */
function struct<const F extends Fields>(size: number, fields: F): Header<F> {
  const entries = Object.entries(fields) as [keyof F, Field][]
  return {
    size,
    least: size,
    write(batch, value) {
      const at = batch.reserve(size)
      for (const [name, [width, offset]] of entries) {
        const number = value[name]
        if (number) put(batch, width, at + offset, number)
      }
      return size
    },
    read(bytes: Buffer, start: number) {
      const value: { [K in keyof F]?: number } = {}
      for (const [name, [width, offset]] of entries) value[name] = get[width](bytes, start + offset)
      return value
    },
  }
}

/** struct ifinfomsg */
export const ifinfomsg = struct(16, { family: [1, 0], type: [2, 2], index: [4, 4], flags: [4, 8], change: [4, 12] })
/** struct ifaddrmsg */
export const ifaddrmsg = struct(8, {
  family: [1, 0],
  prefixLength: [1, 1],
  flags: [1, 2],
  scope: [1, 3],
  index: [4, 4],
})
/** struct rtmsg */
export const rtmsg = struct(12, {
  ...{ family: [1, 0], dstLength: [1, 1], srcLength: [1, 2], tos: [1, 3] },
  ...{ table: [1, 4], protocol: [1, 5], scope: [1, 6], type: [1, 7], flags: [4, 8] },
})
/** struct fib_rule_hdr (linux/fib_rules.h) */
export const ruleHeader = struct(12, {
  ...{ family: [1, 0], dstLength: [1, 1], srcLength: [1, 2], tos: [1, 3] },
  ...{ table: [1, 4], action: [1, 7], flags: [4, 8] },
})
/** struct ndmsg (linux/neighbour.h) */
export const ndmsg = struct(12, { family: [1, 0], index: [4, 4], state: [2, 8], flags: [1, 10], type: [1, 11] })

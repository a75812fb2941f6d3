/** Values ↔ bytes of one attribute's payload. Netlink is in the machine's byte order: little-endian wherever Node runs. */
import type { Batch } from './batch.js'

/** How one payload is laid out. */
export interface Codec<T> {
  /** Appends the payload; returns its length without padding. */
  write(batch: Batch, value: T): number
  /** So many bytes a payload must have to be read at all. */
  readonly least: number
  /** Never looks at what stands before `start` or from `end` on; undefined for bytes that mean nothing. */
  read(bytes: Buffer, start: number, end: number): T | undefined
}

/** Long enough, any bytes are a number. */
export interface NumberCodec extends Codec<number> {
  read(bytes: Buffer, start: number, end: number): number
}

const number = (
  size: number,
  put: (b: Buffer, v: number, at: number) => void,
  get: (b: Buffer, at: number) => number,
): NumberCodec => ({
  least: size,
  write(batch, value) {
    const at = batch.reserve(size)
    put(batch.bytes, value, at)
    return size
  },
  read: (bytes, start) => get(bytes, start),
})

export const u8 = number(
  1,
  (b, v, at) => b.writeUInt8(v, at),
  (b, at) => b.readUInt8(at),
)
export const u16 = number(
  2,
  (b, v, at) => b.writeUInt16LE(v, at),
  (b, at) => b.readUInt16LE(at),
)
export const u32: NumberCodec = {
  least: 4,
  write(batch, value) {
    const at = batch.reserve(4)
    batch.words[at >> 2] = value
    return 4
  },
  read: (bytes, at) => (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0,
}
/** Counters; exact up to 2^53. */
export const u64 = number(
  8,
  (b, v, at) => b.writeBigUInt64LE(BigInt(v), at),
  (b, at) => Number(b.readBigUInt64LE(at)),
)
/** In network byte order, as ports are. */
export const be16 = number(
  2,
  (b, v, at) => b.writeUInt16BE(v, at),
  (b, at) => b.readUInt16BE(at),
)

/** With a NUL at its end. */
export const text: Codec<string> = {
  least: 1,
  write(batch, value) {
    const length = Buffer.byteLength(value) + 1
    const at = batch.reserve(length)
    batch.bytes.write(value, at)
    return length
  },
  read(bytes, start, end) {
    return bytes.toString('utf8', start, end > start && bytes[end - 1] === 0 ? end - 1 : end)
  },
}

const octets = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** `02:00:00:00:00:01` */
export const mac: Codec<string> = {
  least: 1,
  write(batch, value) {
    const at = batch.reserve(6)
    for (let i = 0; i < 6; i++)
      batch.bytes[at + i] = (digit(value.charCodeAt(i * 3)) << 4) | digit(value.charCodeAt(i * 3 + 1))
    return 6
  },
  read(bytes, start, end) {
    let value = ''
    for (let i = start; i < end; i++) value += `${i === start ? '' : ':'}${octets[bytes[i]!]}`
    return value
  },
}

/** The value of a hexadecimal digit's code. */
const digit = (code: number) => (code <= 57 ? code - 48 : (code | 32) - 87)

/** An IPv4 or IPv6 address, which of them its length says; in RFC 5952's text form. */
export const ip: Codec<string> = {
  least: 4,
  write(batch, value) {
    if (value.includes(':')) return write6(batch, value)
    const at = batch.reserve(4)
    let part = 0
    let offset = at
    for (let i = 0; i < value.length; i++) {
      const digit = value.charCodeAt(i) - 48
      if (digit >= 0) part = part * 10 + digit
      else {
        batch.bytes[offset++] = part
        part = 0
      }
    }
    batch.bytes[offset] = part
    return 4
  },
  read(bytes, start, end) {
    if (end - start === 4) return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`
    return end - start === 16 ? read6(bytes, start) : undefined
  },
}

/** RFC 4291 text: groups are written where they belong as they are read, what follows `::` is moved to the end. */
function write6(batch: Batch, value: string): number {
  const at = batch.reserve(16)
  const { bytes } = batch
  let offset = at
  let gap = -1
  let start = 0
  let group = 0
  for (let i = 0; i <= value.length; i++) {
    const char = i < value.length ? value.charCodeAt(i) : colon
    if (char === dot) return write4Tail(batch, [at, offset, gap], value.slice(start))
    if (char !== colon) {
      group = (group << 4) | digit(char)
      continue
    }
    if (i > start) {
      bytes[offset++] = group >> 8
      bytes[offset++] = group
    } else if (i > 0 && i < value.length) gap = offset
    start = i + 1
    group = 0
  }
  if (gap >= 0) moveToEnd(bytes, [at, offset, gap])
  return 16
}

const colon = 58
const dot = 46

/** The dotted end of an IPv4-mapped address. */
function write4Tail({ bytes }: Batch, [at, offset, gap]: readonly [number, number, number], tail: string): number {
  for (const [i, part] of tail.split('.').entries()) bytes[offset + i] = Number(part)
  if (gap >= 0) moveToEnd(bytes, [at, offset + 4, gap])
  return 16
}

function moveToEnd(bytes: Buffer, [at, offset, gap]: readonly [number, number, number]): void {
  const target = at + 16 - (offset - gap)
  bytes.copyWithin(target, gap, offset)
  bytes.fill(0, gap, target)
}

/** RFC 5952: the first of the longest runs of zeros is left out. */
function read6(bytes: Buffer, start: number): string {
  const [from, to] = longestZeros(bytes, start)
  let value = ''
  for (let i = 0; i < 8; i++) {
    if (i === from) value += '::'
    if (i >= from && i < to) continue
    const group = (bytes[start + i * 2]! << 8) | bytes[start + i * 2 + 1]!
    value += i === 0 || i === to ? group.toString(16) : `:${group.toString(16)}`
  }
  return value
}

/** The groups from the first to before the second; a single one is not worth it. */
function longestZeros(bytes: Buffer, start: number): readonly [number, number] {
  let best: readonly [number, number] = [-1, -1]
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && bytes[start + end * 2] === 0 && bytes[start + end * 2 + 1] === 0) end++
    if (end - i > 1 && end - i > best[1] - best[0]) best = [i, end]
    i = Math.max(i, end)
  }
  return best
}

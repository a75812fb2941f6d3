/** IP arithmetic: texts in, families with bits out, and back; exact, and small enough to be checked by eye. */
import type { Family } from './network.js'

export interface Address {
  readonly family: Family
  /** 32 or 128 bits, the first octet highest. */
  readonly bits: bigint
}

/** A prefix as it was written: `bits` keeps what stands beyond `length`; `networkOf` clears it. */
export interface Prefix extends Address {
  /** 0 to 32 or 128 */
  readonly length: number
}

/** How many bits an address of the family has. */
export const width = (family: Family): 32 | 128 => (family === 4 ? 32 : 128)

/**
 * An address, strictly: four decimal numbers without leading zeros (what inet_pton(3) takes), or RFC 4291 text,
 * with an IPv4 tail if it likes; no zone (`%eth0`), no blanks. Undefined if it is none.
 */
export function parseAddress(text: string): Address | undefined {
  const family = text.includes(':') ? 6 : 4
  const bits = family === 4 ? parseV4(text) : parseV6(text)
  return bits === undefined ? undefined : { family, bits: BigInt(bits) }
}

/** `ADDRESS/LENGTH`, the length in decimal without leading zeros; undefined if it is none. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const address = parseAddress(text.slice(0, slash))
  const digits = text.slice(slash + 1)
  if (address === undefined || !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined
  const length = Number(digits)
  return length > width(address.family) ? undefined : { ...address, length }
}

/** An address as the prefix of it alone: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return { family: address.family, bits: address.bits, length: width(address.family) }
}

/** Shortest text (RFC 5952); `::ffff:0:0/96` with an IPv4 tail, as inet_ntop(3) writes it. */
export function formatAddress({ family, bits }: Address): string {
  return family === 4 ? formatV4(Number(bits)) : formatV6(bits)
}

/** `ADDRESS/LENGTH`, bits beyond the length included. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`
}

/** The prefix without the bits beyond its length: 10.0.0.1/24 gives 10.0.0.0/24. */
export function networkOf(prefix: Prefix): Prefix {
  const rest = BigInt(width(prefix.family) - prefix.length)
  return { family: prefix.family, bits: (prefix.bits >> rest) << rest, length: prefix.length }
}

/** The last address of a prefix; for IPv4 shorter than /31 its broadcast address. */
export function lastOf(prefix: Prefix): Address {
  const rest = BigInt(width(prefix.family) - prefix.length)
  return { family: prefix.family, bits: prefix.bits | ((1n << rest) - 1n) }
}

/** The first address that a host may have: IPv4 /31 and /32, IPv6 /127 and /128 have no reserved ones. */
export function firstHost(prefix: Prefix): Address {
  const { family, bits } = networkOf(prefix)
  return { family, bits: bits + (prefix.length >= width(family) - 1 ? 0n : 1n) }
}

/** The last address that a host may have: IPv4 keeps the broadcast address back. */
export function lastHost(prefix: Prefix): Address {
  const { family, bits } = lastOf(prefix)
  return { family, bits: bits - (family === 4 && prefix.length < 31 ? 1n : 0n) }
}

/** Whether the address (or the whole of the other prefix) lies inside. */
export function contains(outer: Prefix, inner: Address | Prefix): boolean {
  if (outer.family !== inner.family || ('length' in inner && inner.length < outer.length)) return false
  const rest = BigInt(width(outer.family) - outer.length)
  return outer.bits >> rest === inner.bits >> rest
}

/** Whether two prefixes share an address: one of them then contains the other. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.length <= b.length ? contains(a, b) : contains(b, a)
}

export type AddressClass = 'unicast' | 'unspecified' | 'loopback' | 'link-local' | 'multicast' | 'broadcast'

/** What an address is for (RFC 6890, RFC 4291); private, documentation and class E ones are unicast, as to the kernel. */
export function classify({ family, bits }: Address): AddressClass {
  if (bits === 0n) return 'unspecified'
  return family === 4 ? classifyV4(Number(bits)) : classifyV6(bits)
}

/** Whether an interface can have the address, as far as the address alone says. */
export function isUnicast(address: Address): boolean {
  const type = classify(address)
  return type === 'unicast' || type === 'loopback' || type === 'link-local'
}

/** Whether it is the network's own or the broadcast address (IPv4), or the subnet-router anycast one (IPv6, all zeros). */
export function isReserved(prefix: Prefix): boolean {
  if (prefix.length >= width(prefix.family) - 1) return false
  return prefix.bits < firstHost(prefix).bits || prefix.bits > lastHost(prefix).bits
}

/** For sorting: by family, then bits, then the shorter prefix first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1
  return a.length - b.length
}

function classifyV4(bits: number): AddressClass {
  const first = bits >>> 24
  if (bits === 0xffffffff) return 'broadcast'
  if (first === 127) return 'loopback'
  if (first >= 224 && first < 240) return 'multicast'
  return bits >>> 16 === 0xa9fe ? 'link-local' : 'unicast'
}

function classifyV6(bits: bigint): AddressClass {
  if (bits === 1n) return 'loopback'
  const first = Number(bits >> 112n)
  if (first >= 0xff00) return 'multicast'
  return (first & 0xffc0) === 0xfe80 ? 'link-local' : 'unicast'
}

function parseV4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return undefined
  let bits = 0
  for (let i = 1; i <= 4; i++) {
    const digits = match[i]!
    const octet = Number(digits)
    if (octet > 255 || (digits.length > 1 && digits[0] === '0')) return undefined
    bits = bits * 256 + octet
  }
  return bits
}

function parseV6(text: string): bigint | undefined {
  const gap = text.indexOf('::')
  const head = groupsOf(gap < 0 ? text : text.slice(0, gap), gap < 0)
  const tail = gap < 0 ? [] : groupsOf(text.slice(gap + 2), true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (gap < 0 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail]
  let bits = 0n
  for (let i = 0; i < 8; i += 2) bits = (bits << 32n) | BigInt(groups[i]! * 65536 + groups[i + 1]!)
  return bits
}

/** The 16-bit groups of one side of `::`; an IPv4 tail makes two. */
function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === '') return []
  const pieces = text.split(':')
  if (pieces.length > 8) return undefined
  const groups: number[] = []
  for (const [i, piece] of pieces.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(piece)) groups.push(Number.parseInt(piece, 16))
    else {
      const v4 = last && i === pieces.length - 1 ? parseV4(piece) : undefined
      if (v4 === undefined) return undefined
      groups.push(v4 >>> 16, v4 & 0xffff)
    }
  }
  return groups
}

function formatV4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

function formatV6(bits: bigint): string {
  if (bits >> 32n === 0xffffn) return `::ffff:${formatV4(Number(bits & 0xffffffffn))}`
  const digits = bits.toString(16).padStart(32, '0')
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(digits.slice(i * 4, i * 4 + 4), 16).toString(16))
  const { start, length } = longestZeros(groups)
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === '0') end++
    if (end - start > best.length) best = { start, length: end - start }
    start = end
  }
  return best
}

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
  const family = familyOf(text)
  const bits = parseBits(family, text)
  return bits === undefined ? undefined : { family, bits }
}

const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4)

function parseBits(family: Family, text: string): bigint | undefined {
  if (family === 6) return parseV6(text)
  const bits = parseV4(text)
  return bits === undefined ? undefined : BigInt(bits)
}

/** `ADDRESS/LENGTH`, the length in decimal without leading zeros; undefined if it is none. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const family = familyOf(text)
  const bits = parseBits(family, text.slice(0, slash))
  const length = parseLength(text, slash + 1)
  if (bits === undefined || length === undefined || length > width(family)) return undefined
  return { family, bits, length }
}

/** One to three decimal digits, up to the end of the text. */
function parseLength(text: string, start: number): number | undefined {
  const digits = text.length - start
  if (digits < 1 || digits > 3 || (digits > 1 && text[start] === '0')) return undefined
  let length = 0
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return undefined
    length = length * 10 + digit
  }
  return length
}

const powers = Array.from({ length: 129 }, (_, exponent) => 1n << BigInt(exponent))

/** How many addresses it has. */
const sizeOf = ({ family, length }: Prefix): bigint => powers[width(family) - length]!

/** An address as the prefix of it alone: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return { family: address.family, bits: address.bits, length: width(address.family) }
}

/** Shortest text (RFC 5952); `::ffff:0:0/96` with an IPv4 tail, as inet_ntop(3) writes it. */
export function formatAddress({ family, bits }: Address): string {
  return family === 4 ? formatV4(Number(bits)) : formatV6(bits)
}

/** The shortest text of an address that was read from `text`: for IPv4 there is only one. */
export function shortest(text: string, address: Address): string {
  return address.family === 4 ? text : formatV6(address.bits)
}

/** `ADDRESS/LENGTH`, bits beyond the length included. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`
}

/** The prefix without the bits beyond its length: 10.0.0.1/24 gives 10.0.0.0/24. */
export function networkOf(prefix: Prefix): Prefix {
  const { family, bits, length } = prefix
  return { family, bits: bits - BigInt.asUintN(width(family) - length, bits), length }
}

/** The last address of a prefix; for IPv4 shorter than /31 its broadcast address. */
export function lastOf(prefix: Prefix): Address {
  return { family: prefix.family, bits: prefix.bits | (sizeOf(prefix) - 1n) }
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
  return (outer.bits ^ inner.bits) < sizeOf(outer)
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
  const { family, bits, length } = prefix
  const rest = width(family) - length
  if (rest < 2) return false
  const host = BigInt.asUintN(rest, bits)
  return host === 0n || (family === 4 && host === sizeOf(prefix) - 1n)
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
  if (bits >= multicast) return 'multicast'
  return bits >= linkLocal && bits < siteLocal ? 'link-local' : 'unicast'
}

/** ff00::, fe80:: and fec0:: */
const multicast = 0xff00n << 112n
const linkLocal = 0xfe80n << 112n
const siteLocal = 0xfec0n << 112n

const dot = 0x2e

/** One walk over the characters: files have thousands of addresses. */
function parseV4(text: string): number | undefined {
  let bits = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === dot) {
      if (digits === 0 || ++dots > 3) return undefined
      bits = bits * 256 + octet
      octet = digits = 0
    } else {
      if (code < 0x30 || code > 0x39 || (digits > 0 && octet === 0)) return undefined
      octet = octet * 10 + code - 0x30
      digits++
      if (octet > 255) return undefined
    }
  }
  return dots === 3 && digits > 0 ? bits * 256 + octet : undefined
}

/** Where IPv6 addresses are put together and taken apart: eight groups of 16 bits, the highest first. */
const groups = new Uint16Array(8)
const octets = new DataView(new ArrayBuffer(16))

function parseV6(text: string): bigint | undefined {
  let gap = text.startsWith('::') ? 0 : -1
  let count = 0
  for (let start = gap === 0 ? 2 : 0; start < text.length; ) {
    const colon = text.indexOf(':', start)
    const end = colon < 0 ? text.length : colon
    const group = parseGroup(text, start, end)
    const tail = group === undefined && colon < 0 ? parseV4(text.slice(start)) : undefined
    if (count + (tail === undefined ? 1 : 2) > 8 || (group ?? tail) === undefined) return undefined
    if (tail !== undefined) groups[count++] = tail >>> 16
    groups[count++] = group ?? tail!
    start = end + 1
    if (text[start] === ':') {
      if (gap >= 0) return undefined
      gap = count
      start++
    } else if (colon >= 0 && start === text.length) return undefined
  }
  if (gap < 0 ? count !== 8 : count === 8) return undefined
  if (gap >= 0) groups.copyWithin(8 - count + gap, gap, count).fill(0, gap, 8 - count + gap)
  for (let i = 0; i < 8; i++) octets.setUint16(2 * i, groups[i]!)
  return (octets.getBigUint64(0) << 64n) | octets.getBigUint64(8)
}

/** One to four hexadecimal digits. */
function parseGroup(text: string, start: number, end: number): number | undefined {
  if (start === end || end > start + 4) return undefined
  let value = 0
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    const letter = code | 0x20
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30
    else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + letter - 0x57
    else return undefined
  }
  return value
}

function formatV4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

function formatV6(bits: bigint): string {
  if (bits >> 32n === 0xffffn) return `::ffff:${formatV4(Number(bits & 0xffffffffn))}`
  octets.setBigUint64(0, bits >> 64n)
  octets.setBigUint64(8, BigInt.asUintN(64, bits))
  for (let i = 0; i < 8; i++) groups[i] = octets.getUint16(2 * i)
  const { start, end } = longestZeros()
  return end - start < 2 ? joinGroups(0, 8) : `${joinGroups(0, start)}::${joinGroups(end, 8)}`
}

function joinGroups(start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += i === start ? groups[i]!.toString(16) : `:${groups[i]!.toString(16)}`
  return text
}

/** The first of the longest runs of zero groups. */
function longestZeros(): { readonly start: number; readonly end: number } {
  let first = 0
  let last = 0
  for (let start = 0; start < 8; start++) {
    let end = start
    while (end < 8 && groups[end] === 0) end++
    if (end - start > last - first) {
      first = start
      last = end
    }
    start = end
  }
  return { start: first, end: last }
}

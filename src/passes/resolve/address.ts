/** Addresses, prefixes and MAC addresses as people write them: texts in, canonical values or diagnostics out. */
import { type Diagnostic, error } from '../../diagnostic.js'
import {
  type Address,
  classify,
  formatAddress,
  formatPrefix,
  hostPrefix,
  isReserved,
  lastHost,
  networkOf,
  type Prefix,
  parseAddress,
  parsePrefix,
  shortest,
  width,
} from '../../model/ip.js'
import type { DraftAddress } from './draft.js'
import type { Item } from './item.js'
import { printable } from './names.js'

/** A value, or what is wrong with it. */
export type Read<T> = { readonly value: T } | { readonly wrong: Diagnostic }

/** Takes the value, or reports what is wrong with it. */
export function take<T>(read: Read<T>, report: (diagnostic: Diagnostic) => void): T | undefined {
  if ('value' in read) return read.value
  report(read.wrong)
  return undefined
}

function refuse(item: Item<string>, message: string, hint?: string): { wrong: Diagnostic } {
  return { wrong: error('bad-address', message, item.at, hint === undefined ? {} : { hint }) }
}

/** An address with its prefix length, as an interface has it; `loopback` is `lo`, which may have any. */
export function readInterfaceAddress(item: Item<string>, loopback: boolean): Read<DraftAddress> {
  const text = item.value
  const prefix = parsePrefix(text)
  if (prefix === undefined) return refuse(item, ...explain(text, loopback))
  const wrong = unfit(prefix, loopback)
  if (wrong) return refuse(item, `${text} ${wrong.message}`, wrong.hint)
  const { family, length } = prefix
  const address = shortest(text.slice(0, text.indexOf('/')), prefix)
  return { value: { family, address, prefixLength: length, at: item.at, prefix, explicit: true } }
}

function explain(text: string, loopback: boolean): [message: string, hint: string] {
  const address = parseAddress(text)
  if (address !== undefined) {
    const length = loopback ? width(address.family) : address.family === 4 ? 24 : 64
    return [`${text} has no prefix length`, `say \`${text}/${length}\`, or whatever the subnet is`]
  }
  const [before, after] = text.split('/')
  const plain = parseAddress(before ?? '')
  if (plain !== undefined && after !== undefined)
    return [`\`${printable(text)}\` has no such prefix length`, `0 to ${width(plain.family)} for ${familyName(plain)}`]
  return [`\`${printable(text)}\` is no address`, 'an address looks like 10.0.0.1/24 or "fd00::1/64"']
}

function unfit(prefix: Prefix, loopback: boolean): { message: string; hint?: string } | undefined {
  const type = classify(prefix)
  if (type === 'loopback' && !loopback) return { message: 'is a loopback address: only lo can have it' }
  if (type !== 'unicast' && type !== 'link-local' && type !== 'loopback')
    return { message: `is no address of one interface: it is ${article(type)} address` }
  if (prefix.length === 0) return { message: 'would hold the whole Internet for its own subnet' }
  if (!isReserved(prefix) || loopback) return undefined
  const network = networkOf(prefix)
  const isNetwork = prefix.bits === network.bits
  const what = isNetwork ? (prefix.family === 4 ? 'the network’s own' : 'every router’s') : 'the broadcast'
  const better = isNetwork ? { ...prefix, bits: prefix.bits + 1n } : { ...prefix, bits: lastHost(prefix).bits }
  return { message: `is ${what} address of ${formatPrefix(network)}`, hint: `${formatPrefix(better)} would do` }
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)
export const familyName = ({ family }: { readonly family: 4 | 6 }): string => `IPv${family}`

/** An address alone. */
export function readAddress(item: Item<string>): Read<Address> {
  const address = parseAddress(item.value)
  if (address !== undefined) return { value: address }
  const prefix = parsePrefix(item.value)
  if (prefix !== undefined)
    return refuse(item, `${item.value}: an address is wanted here, without a prefix length`, formatAddress(prefix))
  return refuse(item, `\`${printable(item.value)}\` is no address`)
}

/** A prefix without bits beyond its length; an address stands for the prefix of it alone. */
export function readPrefix(item: Item<string>): Read<Prefix> {
  const text = item.value
  const address = parseAddress(text)
  if (address !== undefined) return { value: hostPrefix(address) }
  const prefix = parsePrefix(text)
  if (prefix === undefined) {
    const [message, hint] = explain(text, false)
    return refuse(item, message.replace('no address', 'no prefix'), hint.replace('10.0.0.1/24', '10.0.0.0/24'))
  }
  const network = networkOf(prefix)
  if (network.bits !== prefix.bits)
    return refuse(item, `${text} has bits set beyond its length`, `did you mean \`${formatPrefix(network)}\`?`)
  return { value: prefix }
}

/** The prefix of a segment: one that interfaces can have addresses of. */
export function readSubnet(item: Item<string>): Read<Prefix> {
  const read = readPrefix(item)
  if ('wrong' in read) return read
  const { value } = read
  if (parseAddress(item.value)) return refuse(item, ...explain(item.value, false))
  if (value.length < 4 || ['multicast', 'loopback', 'broadcast'].includes(classify(value)))
    return refuse(item, `${item.value} is no subnet that interfaces can have addresses of`)
  return read
}

/** A unicast MAC address, in lower case. */
export function readMac(item: Item<string>): Read<string> {
  const text = item.value
  const mac = text.toLowerCase()
  if (/^([0-9a-f]{1,2}[-:]){5}[0-9a-f]{1,2}$|^[0-9a-f]{12}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/.test(mac) === false)
    return refuse(item, `\`${printable(text)}\` is no MAC address`, 'six bytes such as "02:00:00:00:00:01"')
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac))
    return refuse(item, `\`${text}\` is not how a MAC address is written here`, `"${withColons(mac)}"`)
  if (mac === '00:00:00:00:00:00') return refuse(item, `${text} is no address of an interface`)
  const first = Number.parseInt(mac.slice(0, 2), 16)
  if ((first & 1) === 0) return { value: mac }
  const better = (first & 0xfe).toString(16).padStart(2, '0') + mac.slice(2)
  return refuse(item, `${text} is a multicast address: its first byte is odd`, `"${better}" would do`)
}

function withColons(mac: string): string {
  const bytes = /[-:]/.test(mac) ? mac.split(/[-:]/) : (mac.replace(/\./g, '').match(/../g) ?? [])
  return bytes.map(byte => byte.padStart(2, '0')).join(':')
}

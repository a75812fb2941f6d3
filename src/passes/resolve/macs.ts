/** MAC addresses: lab, node and interface in, the same locally administered unicast address at every run out. */
import { linkKinds } from '../../kinds/index.js'
import type { Draft, DraftInterface, DraftNode } from './draft.js'

/** Gives every interface that has one a MAC address of its own, distinct in the lab; those that the file says stay. */
export function setMacs(lab: string, draft: Draft): void {
  const taken = new Set<string>()
  const open: DraftInterface[] = []
  const withMac = new Set([...linkKinds.values()].filter(kind => kind.hasMac).map(kind => kind.name))
  for (const port of draft.ports) {
    if (port.said.mac) {
      port.mac = port.said.mac.value
      taken.add(port.mac)
    } else if (withMac.has(port.kind)) open.push(port)
  }
  const begin = hash(start, `${lab}\0`)
  let node: DraftNode | undefined
  let ofNode = begin
  for (const port of open) {
    if (port.node !== node) ofNode = hash(begin, `${port.node.name}\0`)
    node = port.node
    const { high, low } = mixed(hash(ofNode, port.name))
    port.mac = format(high, low)
    for (let next = low + 1; taken.has(port.mac); next++) port.mac = format(high, next >>> 0)
    taken.add(port.mac)
  }
}

/** Two runs of FNV-1a, which go on where a text before ended: those of a node's name are the same for all its ports. */
interface Hash {
  readonly a: number
  readonly b: number
}

const start: Hash = { a: 0x811c9dc5, b: 0x9747b28c }

function hash({ a, b }: Hash, text: string): Hash {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x5bd1e995)
  }
  return { a, b }
}

/** 40 bits: a last round that lets every bit of the text reach every bit of the result. */
function mixed({ a, b }: Hash): { readonly high: number; readonly low: number } {
  const first = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  const second = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return { high: (first >>> 24) & 0xff, low: second >>> 0 }
}

const octets = Array.from({ length: 256 }, (_, octet) => `:${octet.toString(16).padStart(2, '0')}`)

function format(high: number, low: number): string {
  return `02${octets[high]}${octets[low >>> 24]}${octets[(low >>> 16) & 255]}${octets[(low >>> 8) & 255]}${octets[low & 255]}`
}

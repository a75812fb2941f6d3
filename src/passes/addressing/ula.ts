/** A lab's name in, its unique local IPv6 /48 out (RFC 4193, its 40 random bits derived from the name). */
import type { Prefix } from '../../model/ip.js'

const links = { family: 6, length: 48 } as const
const loopbacks = { family: 6, length: 64 } as const

/** The same for the same name at every run: links anywhere in `fdXX:XXXX:XXXX::/48`, loopbacks in its last /64. */
export function localPools(lab: string): { readonly links: Prefix; readonly loopbacks: Prefix } {
  const bits = (0xfd_00_0000_0000n | (hash(lab) & 0xff_ffff_ffffn)) << 80n
  return { links: { ...links, bits }, loopbacks: { ...loopbacks, bits: bits | (0xffffn << 64n) } }
}

/** FNV-1a of 64 bits, its halves folded: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): bigint {
  let value = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n)
  return value ^ (value >> 40n)
}

/** Prefixes in, the binary tree of them out: each prefix and each place where two of them part, parents first. */
import { comparePrefixes, contains, formatPrefix, type Prefix, width } from '../../model/ip.js'
import type { Family } from '../../model/network.js'

export interface Trie {
  /** In the order of a walk, parents first; the first is the whole family. */
  readonly prefixes: readonly Prefix[]
  /** -1 for the first. */
  readonly parent: Int32Array
  /** Whether something lies between it and its parent, so that one half of a prefix in between is nobody's. */
  readonly apart: Uint8Array
  /** Which half has nothing in it: 0 or 1; 2 when both have or it is a leaf. */
  readonly empty: Uint8Array
  readonly leaf: Uint8Array
  /** By the prefix's text. */
  readonly numbers: ReadonlyMap<string, number>
}

/** `prefixes` have no bits beyond their length. */
export function buildTrie(family: Family, prefixes: readonly Prefix[]): Trie {
  const sorted = [...prefixes].sort(comparePrefixes)
  const partings = sorted.slice(1).map((prefix, i) => commonPrefix(sorted[i]!, prefix))
  const all = distinct([{ family, bits: 0n, length: 0 }, ...sorted, ...partings].sort(comparePrefixes))
  const parent = new Int32Array(all.length).fill(-1)
  const apart = new Uint8Array(all.length)
  const halves = new Uint8Array(all.length)
  const above: number[] = []
  for (const [i, prefix] of all.entries()) {
    while (above.length > 0 && !contains(all[above[above.length - 1]!]!, prefix)) above.pop()
    const up = above[above.length - 1]
    above.push(i)
    if (up === undefined) continue
    parent[i] = up
    apart[i] = prefix.length > all[up]!.length + 1 ? 1 : 0
    halves[up]! |= 1 << bitAt(prefix, all[up]!.length)
  }
  return {
    prefixes: all,
    parent,
    apart,
    empty: halves.map(mask => (mask === 1 ? 1 : mask === 2 ? 0 : 2)),
    leaf: halves.map(mask => (mask === 0 ? 1 : 0)),
    numbers: new Map(all.map((prefix, i) => [formatPrefix(prefix), i])),
  }
}

/** One half of a prefix: the one whose next bit is `bit`. */
export function halfOf({ family, bits, length }: Prefix, bit: number): Prefix {
  return { family, bits: bits | (BigInt(bit) << BigInt(width(family) - length - 1)), length: length + 1 }
}

/** The half of `outer` that `inner` lies in. */
export function halfTowards(outer: Prefix, inner: Prefix): Prefix {
  return halfOf(outer, bitAt(inner, outer.length))
}

/** The bit at a position that counts from 0 at the left. */
function bitAt({ family, bits }: Prefix, position: number): number {
  return Number((bits >> BigInt(width(family) - 1 - position)) & 1n)
}

function commonPrefix(a: Prefix, b: Prefix): Prefix {
  const whole = width(a.family)
  const differing = (a.bits ^ b.bits).toString(2)
  const equal = differing === '0' ? whole : whole - differing.length
  const length = Math.min(equal, a.length, b.length)
  const rest = BigInt(whole - length)
  return { family: a.family, bits: (a.bits >> rest) << rest, length }
}

function distinct(sorted: readonly Prefix[]): readonly Prefix[] {
  return sorted.filter((prefix, i) => i === 0 || comparePrefixes(sorted[i - 1]!, prefix) !== 0)
}

/** Prefixes in, the binary tree of them out: each prefix and each place where two of them part, parents first. */
import { comparePrefixes, contains, type Prefix, width } from '../../model/ip.js'
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
  /** The number in here of each prefix that was given. */
  readonly numbers: Int32Array
}

/** `given` have no bits beyond their length; some may be equal. */
export function buildTrie(family: Family, given: readonly Prefix[]): Trie {
  const order = Array.from(given.keys()).sort((a, b) => comparePrefixes(given[a]!, given[b]!))
  const all: Prefix[] = [{ family, bits: 0n, length: 0 }]
  for (let i = 0; i < order.length; i++) {
    const prefix = given[order[i]!]!
    all.push(prefix)
    if (i > 0) all.push(commonPrefix(given[order[i - 1]!]!, prefix))
  }
  const bare = distinct(all.sort(comparePrefixes))
  const prefixes = [...bare, ...stepsIn(bare, numbersOf(given, order, bare))].sort(comparePrefixes)
  return { prefixes, numbers: numbersOf(given, order, prefixes), ...shapeOf(prefixes) }
}

/**
 * Prefixes between one and the next but one below it, where the other half is of a prefix around: merging has to weigh
 * both. Over longer gaps the halves outweigh what is at the end.
 */
function stepsIn(prefixes: readonly Prefix[], numbers: Int32Array): readonly Prefix[] {
  const { parent } = shapeOf(prefixes)
  const covered = new Uint8Array(prefixes.length)
  for (const number of numbers) covered[number] = 1
  const steps: Prefix[] = []
  for (let i = 1; i < prefixes.length; i++) {
    const [up, prefix] = [parent[i]!, prefixes[i]!]
    if (covered[up] === 1 && prefix.length === prefixes[up]!.length + 2) steps.push(halfTowards(prefixes[up]!, prefix))
    covered[i]! |= covered[up]!
  }
  return steps
}

/** Where each of the given stands among those of the tree; `order` sorts them. */
function numbersOf(given: readonly Prefix[], order: readonly number[], prefixes: readonly Prefix[]): Int32Array {
  const numbers = new Int32Array(given.length)
  let at = 0
  for (const index of order) {
    while (comparePrefixes(prefixes[at]!, given[index]!) !== 0) at++
    numbers[index] = at
  }
  return numbers
}

function shapeOf(prefixes: readonly Prefix[]): Pick<Trie, 'parent' | 'apart' | 'empty' | 'leaf'> {
  const parent = new Int32Array(prefixes.length).fill(-1)
  const apart = new Uint8Array(prefixes.length)
  const halves = new Uint8Array(prefixes.length)
  for (let i = 1; i < prefixes.length; i++) {
    const prefix = prefixes[i]!
    let up = i - 1
    while (!contains(prefixes[up]!, prefix)) up = parent[up]!
    parent[i] = up
    const { length } = prefixes[up]!
    apart[i] = prefix.length > length + 1 ? 1 : 0
    halves[up]! |= 1 << bitAt(prefix, length)
  }
  const empty = halves.map(mask => (mask === 1 ? 1 : mask === 2 ? 0 : 2))
  return { parent, apart, empty, leaf: halves.map(mask => (mask === 0 ? 1 : 0)) }
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
  const length = Math.min(whole - bitLength(a.bits ^ b.bits), a.length, b.length)
  const rest = BigInt(whole - length)
  return { family: a.family, bits: (a.bits >> rest) << rest, length }
}

/** How many bits a number has, without the zeros before the first one. */
function bitLength(bits: bigint): number {
  let length = 0
  for (let rest = bits; rest !== 0n; rest >>= 32n) length += rest > 0xffff_ffffn ? 32 : 32 - Math.clz32(Number(rest))
  return length
}

function distinct(sorted: readonly Prefix[]): readonly Prefix[] {
  return sorted.filter((prefix, i) => i === 0 || comparePrefixes(sorted[i - 1]!, prefix) !== 0)
}

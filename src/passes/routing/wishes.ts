/**
 * What each part of a tree of prefixes would like to inherit: sets of labels as bits, a few words of 32 a part, so that
 * what two parts have in common is one operation, whatever they are.
 */

export interface Wishes {
  /** Every part takes anything again; labels are below `count`. */
  clear(count: number): void
  /** The part wants this label, too. */
  add(part: number, label: number): void
  /** The part must inherit nothing, because an address in it has no route. */
  forbid(part: number): void
  /** The part wants what the other does, too. */
  join(part: number, other: number): void
  /** Whether it wants some labels, rather than nothing or anything. */
  some(part: number): boolean
  /** Whether two that joined in it wanted the same. */
  agreed(part: number): boolean
  has(part: number, label: number): boolean
  /** The smallest label that it wants. */
  first(part: number): number
}

const anything = 0
const nothing = 1
const labels = 2
const agreed = 3

/** Two that meet want what both like, or where that is nothing, what either likes. */
export function createWishes(size: number): Wishes {
  const state = new Uint8Array(size)
  let words = 1
  let bits = new Int32Array(size)

  const add = (part: number, label: number) => {
    if (state[part] === nothing) return
    const word = part * words + (label >> 5)
    const bit = 1 << label
    if ((bits[word]! & bit) !== 0) {
      if (words > 1) bits.fill(0, part * words, part * words + words)
      bits[word] = bit
      state[part] = agreed
    } else {
      bits[word]! |= bit
      if (state[part] === anything) state[part] = labels
    }
  }

  const join = (part: number, other: number) => {
    if (state[other] === anything || state[part] === nothing) return
    if (state[other] === nothing) {
      state[part] = nothing
      return
    }
    const to = part * words
    const from = other * words
    let shared = 0
    for (let word = 0; word < words; word++) shared |= bits[to + word]! & bits[from + word]!
    for (let word = 0; word < words; word++)
      bits[to + word] = shared === 0 ? bits[to + word]! | bits[from + word]! : bits[to + word]! & bits[from + word]!
    if (state[part] !== agreed) state[part] = shared === 0 ? labels : agreed
  }

  return {
    clear(count) {
      state.fill(anything)
      words = Math.max(1, (count + 31) >> 5)
      if (bits.length < size * words) bits = new Int32Array(size * words)
      else bits.fill(0)
    },
    add,
    forbid(part) {
      state[part] = nothing
    },
    join,
    some: part => state[part]! >= labels,
    agreed: part => state[part] === agreed,
    has: (part, label) => label >= 0 && (bits[part * words + (label >> 5)]! & (1 << label)) !== 0,
    first(part) {
      let word = part * words
      while (bits[word] === 0) word++
      return (word - part * words) * 32 + 31 - Math.clz32(bits[word]! & -bits[word]!)
    },
  }
}

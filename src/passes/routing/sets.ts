/** Sets of small numbers, each stored once and called by a number, so that equal sets are equal numbers. */

export interface Sets {
  /** The number of the set of one member. */
  single(member: number): number
  union(a: number, b: number): number
  /** Undefined when they share nothing. */
  intersection(a: number, b: number): number | undefined
  /** Numbers of sets are below it. */
  count(): number
  /** Ascending. */
  members(set: number): readonly number[]
}

export function createSets(): Sets {
  const sets: (readonly number[])[] = []
  const numbers = new Map<string, number>()
  const singles: number[] = []
  const unions = new Map<number, number>()
  const intersections = new Map<number, number | undefined>()
  const intern = (members: readonly number[]) => {
    const text = members.join()
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, sets.length)
    return sets.push(members) - 1
  }
  const single = (member: number) => {
    const known = singles[member]
    if (known !== undefined) return known
    const set = intern([member])
    singles[member] = set
    return set
  }
  const union = (a: number, b: number) => {
    if (a === b) return a
    const pair = pairOf(a, b)
    return unions.get(pair) ?? remember(unions, pair, intern(merge(sets[a]!, sets[b]!)))
  }
  const intersection = (a: number, b: number) => {
    if (a === b) return a
    const pair = pairOf(a, b)
    if (intersections.has(pair)) return intersections.get(pair)
    const shared = sets[a]!.filter(member => sets[b]!.includes(member))
    return remember(intersections, pair, shared.length === 0 ? undefined : intern(shared))
  }
  return { single, union, intersection, count: () => sets.length, members: set => sets[set]! }
}

const pairOf = (a: number, b: number) => Math.min(a, b) * 0x4000000 + Math.max(a, b)

const merge = (a: readonly number[], b: readonly number[]) => [...new Set([...a, ...b])].sort((x, y) => x - y)

function remember<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value)
  return value
}

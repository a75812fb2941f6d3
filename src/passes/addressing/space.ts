/** A pool's free room: ranges that are kept back in, aligned blocks out, the largest first so that none is wasted. */
import { lastOf, networkOf, overlaps, type Prefix, width } from '../../model/ip.js'

/** Addresses from `start` up to, not including, `end`. */
interface Range {
  readonly start: bigint
  readonly end: bigint
}

export interface Space {
  readonly pool: Prefix
  /** Ascending, apart from each other. */
  readonly free: readonly Range[]
}

export const rangeOf = (prefix: Prefix): Range => ({ start: networkOf(prefix).bits, end: lastOf(prefix).bits + 1n })

export function createSpace(pool: Prefix, kept: readonly Prefix[]): Space {
  const network = networkOf(pool)
  return without({ pool: network, free: [rangeOf(network)] }, kept)
}

/** The space less what the prefixes cover. */
export function without(space: Space, prefixes: readonly Prefix[]): Space {
  const holes = prefixes
    .filter(prefix => overlaps(prefix, space.pool))
    .map(rangeOf)
    .sort((a, b) => (a.start < b.start ? -1 : 1))
  const free: Range[] = []
  let next = 0
  for (let { start, end } of space.free) {
    while (next < holes.length && holes[next]!.end <= start) next++
    for (let i = next; i < holes.length && holes[i]!.start < end; i++) {
      if (holes[i]!.start > start) free.push({ start, end: holes[i]!.start })
      if (holes[i]!.end > start) start = holes[i]!.end
    }
    if (start < end) free.push({ start, end })
  }
  return { pool: space.pool, free }
}

/** Those of the prefixes that are wholly free, each only once; of two that overlap, the one that starts first. */
export function stillFree(space: Space, prefixes: readonly Prefix[]): readonly Prefix[] {
  const sorted = [...prefixes].sort((a, b) => (a.bits === b.bits ? a.length - b.length : a.bits < b.bits ? -1 : 1))
  const kept: Prefix[] = []
  let next = 0
  let from = 0n
  for (const prefix of sorted) {
    const { start, end } = rangeOf(prefix)
    while (next < space.free.length && space.free[next]!.end <= start) next++
    const room = space.free[next]
    if (prefix.family !== space.pool.family || start < from || room === undefined) continue
    if (start < room.start || end > room.end) continue
    kept.push(prefix)
    from = end
  }
  return kept
}

/** Up to `count` blocks of one length, in order, and the space that is left. */
export function carve(space: Space, length: number, count: number): { blocks: readonly Prefix[]; rest: Space } {
  const { family } = space.pool
  const shift = BigInt(width(family) - length)
  const size = 1n << shift
  const blocks: Prefix[] = []
  const free: Range[] = []
  for (const range of space.free) {
    const first = ((range.start + size - 1n) >> shift) << shift
    let at = first
    for (; blocks.length < count && at + size <= range.end; at += size) blocks.push({ family, bits: at, length })
    if (at === first) free.push(range)
    else
      for (const left of [
        { start: range.start, end: first },
        { start: at, end: range.end },
      ])
        if (left.start < left.end) free.push(left)
  }
  return { blocks, rest: { pool: space.pool, free } }
}

/** Addresses of the pool that something else has. */
export function occupied(space: Space): bigint {
  const { start, end } = rangeOf(space.pool)
  return space.free.reduce((sum, range) => sum - (range.end - range.start), end - start)
}

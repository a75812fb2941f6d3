/** One pool and those who draw on it in, a prefix for each out: kept where they have one, else the next that is free. */
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Path } from '../../model/document.js'
import {
  firstHost,
  formatPrefix,
  hostPrefix,
  lastHost,
  networkOf,
  type Prefix,
  parsePrefix,
  width,
} from '../../model/ip.js'
import type { Demand } from './demand.js'
import { carve, occupied, type Space, stillFree, without } from './space.js'

/** A pool with those who draw on it. */
export interface Draw {
  readonly what: 'links' | 'loopbacks'
  readonly pool: Prefix
  readonly demands: readonly Demand[]
}

export interface Drawn {
  readonly given: ReadonlyMap<Demand, Prefix>
  readonly diagnostics: readonly Diagnostic[]
}

export function drawFrom(
  draw: Draw,
  whole: Space,
  more: { readonly assigned: Readonly<Record<string, readonly string[]>>; readonly at: Path },
): Drawn {
  const space = draw.what === 'loopbacks' ? withoutEdges(whole) : whole
  const given = new Map(keepAssigned(draw, space, more.assigned))
  let left = without(space, [...given.values()])
  const missing = groupByLength(draw, given)
  let served = 0
  for (const [length, demands] of [...missing].sort(([a], [b]) => a - b)) {
    const { blocks, rest } = carve(left, length, demands.length)
    left = rest
    served += blocks.length
    for (const [i, block] of blocks.entries()) given.set(demands[i]!, block)
  }
  const wanted = [...missing.values()].reduce((sum, demands) => sum + demands.length, 0)
  return { given, diagnostics: served === wanted ? [] : [poolFull(draw, whole, { given: given.size, at: more.at })] }
}

/** A loopback address that ends in .0 or .255 is allowed and surprises. */
function withoutEdges(space: Space): Space {
  const { family, bits } = space.pool
  const [first, last] = [firstHost(space.pool).bits, lastHost(space.pool).bits]
  const edges = [...(bits < first ? [bits] : []), ...(family === 4 && bits < first ? [last + 1n] : [])]
  return without(
    space,
    edges.map(edge => hostPrefix({ family, bits: edge })),
  )
}

function keepAssigned(
  draw: Draw,
  space: Space,
  assigned: Readonly<Record<string, readonly string[]>>,
): [Demand, Prefix][] {
  const owners = new Map<Prefix, Demand>()
  for (const demand of draw.demands)
    for (const text of Object.hasOwn(assigned, demand.key) ? assigned[demand.key]! : []) {
      const prefix = parsePrefix(text)
      if (prefix?.family === draw.pool.family && fits(draw, demand, prefix)) owners.set(networkOf(prefix), demand)
    }
  return stillFree(space, [...owners.keys()]).map(prefix => [owners.get(prefix)!, prefix])
}

/** A LAN that has lost ends need not be renumbered. */
function fits(draw: Draw, demand: Demand, prefix: Prefix): boolean {
  const wanted = lengthOf(draw, demand)
  return demand.lan && prefix.family === 4 ? prefix.length <= wanted : prefix.length === wanted
}

function groupByLength(draw: Draw, given: ReadonlyMap<Demand, Prefix>): ReadonlyMap<number, readonly Demand[]> {
  const groups = new Map<number, Demand[]>()
  for (const demand of draw.demands) {
    if (given.has(demand)) continue
    const length = lengthOf(draw, demand)
    const group = groups.get(length)
    if (group === undefined) groups.set(length, [demand])
    else group.push(demand)
  }
  return groups
}

function lengthOf({ what, pool }: Draw, { lan, size }: Demand): number {
  const whole = width(pool.family)
  if (what === 'loopbacks') return whole
  if (!lan && size <= 2) return whole - 1
  return pool.family === 6 ? 64 : whole - bitsFor(BigInt(Math.max(size, 2) + 2))
}

/** How many bits count `size` things. */
function bitsFor(size: bigint): number {
  return size <= 1n ? 0 : (size - 1n).toString(2).length
}

function poolFull(draw: Draw, space: Space, more: { readonly given: number; readonly at: Path }): Diagnostic {
  const { family } = draw.pool
  const whole = width(family)
  const wanted = draw.demands.reduce((sum, demand) => sum + (1n << BigInt(whole - lengthOf(draw, demand))), 2n)
  const length = Math.max(0, Math.min(draw.pool.length - 1, whole - bitsFor(wanted + occupied(space))))
  const things = draw.what === 'links' ? 'segments' : 'loopback addresses'
  const message = `${formatPrefix(draw.pool)} has room for ${more.given} of ${draw.demands.length} ${things}`
  const hint = `a larger pool, such as ${formatPrefix(networkOf({ ...draw.pool, length }))}`
  return error('pool-full', message, [...more.at, draw.what], { hint })
}

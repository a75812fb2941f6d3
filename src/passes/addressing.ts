/** Hands out addresses: what segments and loopbacks want in, prefixes from the pools, and a subnet's free hosts, out. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { Path } from '../model/document.js'
import {
  contains,
  firstHost,
  formatAddress,
  formatPrefix,
  hostPrefix,
  lastHost,
  networkOf,
  type Prefix,
  parseAddress,
  parsePrefix,
  width,
} from '../model/ip.js'
import type { Family } from '../model/network.js'
import { orderNodes } from './addressing/order.js'
import { carve, createSpace, occupied, type Space, stillFree, without } from './addressing/space.js'
import { localPools } from './addressing/ula.js'

/** A segment or a loopback that wants a prefix of its own. */
export interface Demand {
  /** A name that survives other changes: `a:eth0|b:eth0`, `lan1`, `lo:r1`. */
  readonly key: string
  /** Ends that need an address. */
  readonly size: number
  /** A LAN gets a /64 for IPv6, and never an IPv4 /31. */
  readonly lan: boolean
  /** The nodes that stand on it: neighbours get neighbouring prefixes. */
  readonly nodes: readonly string[]
  readonly at: Path
  readonly families: readonly Family[]
}

/** What the file's `addressing` says, and what it uses elsewhere. */
export interface Pools {
  readonly lab: string
  /** At most one prefix a family. */
  readonly links: readonly string[]
  readonly loopbacks: readonly string[]
  /** False: no IPv6 prefixes are made up; a pool that the file names counts nevertheless. */
  readonly ipv6: boolean
  /** Prefixes that the file uses explicitly: never handed out. */
  readonly taken: readonly string[]
  readonly at: Path
}

export interface Assignment {
  /** By `Demand.key`, at most one a family, IPv4 first. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>
  readonly diagnostics: readonly Diagnostic[]
}

/** A pool with those who draw on it. */
interface Draw {
  readonly what: 'links' | 'loopbacks'
  readonly pool: Prefix
  readonly demands: readonly Demand[]
}

interface Drawn {
  readonly given: ReadonlyMap<Demand, Prefix>
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Gives every segment and loopback a prefix of each family that it wants and that has a pool: two ends an IPv4 /31 and
 * an IPv6 /127, a LAN the smallest IPv4 prefix that fits and a /64, a loopback /32 and /128. Who has a fitting one in
 * `assigned` keeps it, and the others are placed around; errors are `pool-full`, one for each pool.
 */
export function assignPools(
  links: readonly Demand[],
  loopbacks: readonly Demand[],
  pools: Pools,
  assigned: Readonly<Record<string, readonly string[]>> = {},
): Assignment {
  const order = orderNodes(links, loopbacks)
  const prefixes = new Map<string, string[]>()
  const diagnostics: Diagnostic[] = []
  const kept = pools.taken.flatMap(text => parsePrefix(text) ?? [])
  const draws = drawsOf(sortByNodes(links, order), sortByNodes(loopbacks, order), pools)
  for (const draw of draws) {
    const inside = draws.filter(other => isInside(other, draw)).map(other => other.pool)
    const drawn = drawFrom(draw, createSpace(draw.pool, [...kept, ...inside]), { assigned, at: pools.at })
    diagnostics.push(...drawn.diagnostics)
    for (const [{ key }, prefix] of drawn.given) {
      kept.push(prefix)
      prefixes.set(key, [...(prefixes.get(key) ?? []), formatPrefix(prefix)])
    }
  }
  return { prefixes, diagnostics }
}

/**
 * The next free host addresses of a subnet, in order: `count` of them, none of `taken`. Undefined when there are not as
 * many. Linear in both, so ask once for all ends of a segment.
 */
export function fillSubnet(prefix: string, taken: readonly string[], count: number): readonly string[] | undefined {
  const subnet = parsePrefix(prefix)
  if (subnet === undefined) return undefined
  const used = new Set(taken.map(text => parseAddress(text)?.bits))
  const last = lastHost(subnet).bits
  const free: string[] = []
  for (let bits = firstHost(subnet).bits; free.length < count; bits++) {
    if (bits > last) return undefined
    if (!used.has(bits)) free.push(formatAddress({ family: subnet.family, bits }))
  }
  return free
}

/** By the order of the nodes they join: those of the foremost node first, and among them the nearest neighbour's. */
function sortByNodes(demands: readonly Demand[], order: ReadonlyMap<string, number>): readonly Demand[] {
  const places = new Map(
    demands.map(demand => [demand, demand.nodes.map(node => order.get(node)!).sort((a, b) => a - b)]),
  )
  return [...demands].sort((a, b) => {
    const [x, y] = [places.get(a)!, places.get(b)!]
    return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0)
  })
}

/** Loopbacks first, so that where both have the same pool the links are placed around them; IPv4 before IPv6. */
function drawsOf(links: readonly Demand[], loopbacks: readonly Demand[], pools: Pools): readonly Draw[] {
  const local = pools.ipv6 ? localPools(pools.lab) : undefined
  const draws = (what: Draw['what'], demands: readonly Demand[]) => {
    const own = pools[what].flatMap(text => parsePrefix(text) ?? [])
    const made = own.length > 0 && own.every(pool => pool.family === 4) && local !== undefined ? [local[what]] : []
    return [...own, ...made].map(pool => ({
      what,
      pool: networkOf(pool),
      demands: demands.filter(demand => demand.families.includes(pool.family)),
    }))
  }
  return [...draws('loopbacks', loopbacks), ...draws('links', links)].sort((a, b) => a.pool.family - b.pool.family)
}

function isInside(inner: Draw, outer: Draw): boolean {
  return inner.what !== outer.what && inner.pool.length > outer.pool.length && contains(outer.pool, inner.pool)
}

function drawFrom(
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

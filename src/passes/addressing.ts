/** Hands out addresses: what segments and loopbacks want in, prefixes from the pools, and a subnet's free hosts, out. */
import type { Diagnostic } from '../diagnostic.js'
import { contains, firstHost, formatPrefix, lastHost, networkOf, type Prefix, parsePrefix } from '../model/ip.js'
import type { Demand, Pools } from './addressing/demand.js'
import { type Draw, drawFrom } from './addressing/draw.js'
import { orderNodes, sortByNodes } from './addressing/order.js'
import { createSpace } from './addressing/space.js'
import { localPools } from './addressing/ula.js'

export type { Demand, Pools }

export interface Assignment {
  /** By `Demand.key`, at most one a family, IPv4 first. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>
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
 * The next free host addresses of a subnet, in order, with its length: `count` of them, none of `taken`. Undefined when
 * there are not as many. Linear in both, so ask once for all ends of a segment.
 */
export function fillSubnet(subnet: Prefix, taken: readonly bigint[], count: number): readonly Prefix[] | undefined {
  const { family, length } = subnet
  const used = new Set(taken)
  const last = lastHost(subnet).bits
  const free: Prefix[] = []
  for (let { bits } = firstHost(subnet); free.length < count; bits++) {
    if (bits > last) return undefined
    if (!used.has(bits)) free.push({ family, bits, length })
  }
  return free
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

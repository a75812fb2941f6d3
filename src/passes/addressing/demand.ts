/** Who wants addresses, and where they may come from. */
import type { Path } from '../../model/document.js'
import type { Family } from '../../model/network.js'

/** A segment or a loopback that wants a prefix of its own. */
export interface Demand {
  /** A name that survives other changes: `a|b`, `lan1`, `lo:r1`. */
  readonly key: string
  /** Ends that need an address. */
  readonly size: number
  /** A LAN gets a /64 for IPv6, and never an IPv4 /31. */
  readonly lan: boolean
  /** The nodes that stand on it: neighbours get neighbouring prefixes. */
  readonly nodes: readonly string[]
  readonly at: Path
  /** None for a segment that has its prefixes already, and only tells who are neighbours. */
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

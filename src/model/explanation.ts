/** What `explain` finds out: the way of a packet, node by node, and why it ends where it ends. */
import type { Path } from './document.js'
import type { End, Family } from './network.js'

export const endings = [
  ...(['no-route', 'blackhole', 'unreachable', 'prohibit', 'rule', 'no-address'] as const),
  ...(['link-down', 'no-carrier', 'no-neighbour', 'wrong-neighbour', 'silent-neighbour', 'duplicate-address'] as const),
  ...(['forwarding-off', 'rp-filter', 'filtered', 'mtu', 'loop', 'ttl', 'outside', 'unknown'] as const),
] as const

export type Ending = (typeof endings)[number]

/** Why a packet goes no further than a node. */
export interface Reason {
  readonly node: string
  readonly why: Ending
  /** In plain words, without the node: `no route to 10.0.2.0/24 in table 100 (rule 1000, line 31)`. */
  readonly text: string
  /** What the file says of it. */
  readonly at?: Path
  /** Nothing but this explains what was seen; it was not seen itself. */
  readonly likely?: true
}

/** What a node does with the packet. */
export interface Hop {
  readonly node: string
  /** By which interface it comes; none where it begins. */
  readonly in?: string
  /** By which it leaves; none where it arrives, or ends. */
  readonly out?: string
  /** The next hop, where it is not the destination itself. */
  readonly via?: string
  /** The destination of the route that was chosen. */
  readonly route?: string
  readonly table?: number
  /** The priority of the rule that chose the table, unless it is one of the kernel’s own. */
  readonly rule?: number
  /** The route, in the file. */
  readonly at?: Path
  /** Interfaces of switches on the way to the next hop. */
  readonly through: readonly End[]
}

export interface Way {
  readonly hops: readonly Hop[]
  /** None where it arrives. */
  readonly end?: Reason
}

/** One family’s way there and back. */
export interface Passage {
  readonly family: Family
  /** That the node chose, or has; none where it knows no way. */
  readonly source?: string
  readonly destination: string
  /** An echo request was answered, after so many milliseconds. */
  readonly milliseconds?: number
  readonly there: Way
  /** None where nothing arrives. */
  readonly back?: Way
  /** Why there was no answer. */
  readonly reason?: Reason & { readonly direction: 'there' | 'back' }
}

export interface Explanation {
  readonly lab: string
  readonly from: string
  readonly to: string
  readonly passages: readonly Passage[]
}

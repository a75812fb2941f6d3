/** What a plan asks of a machine, in figures: what there will be in addition to what there is. */
import type { Family, IsolatedKind, Limits } from './network.js'

export interface Needs {
  readonly lab: string
  readonly namespaces: number
  /** In the mount namespace of the run: a pin for each new node, and a new lab's own folders. */
  readonly mounts: number
  /** How many links are made, by kind; a veth pair is one. */
  readonly links: ReadonlyMap<string, number>
  /** Links that no message makes, only /dev/net/tun. */
  readonly devices: number
  readonly addresses: number
  readonly routes: number
  /** Families that are used at all, and those that rules are made for. */
  readonly families: ReadonlySet<Family>
  readonly ruled: ReadonlySet<Family>
  /** Entries of the neighbour tables, which are one for all namespaces: see `passes/needs/neighbours.ts`. */
  readonly neighbours: ReadonlyMap<Family, number>
  /** The bridge that has the most ports at any moment of the plan, if it gains one. */
  readonly fullest?: { readonly node: string; readonly bridge: string; readonly ports: number }
  /** The longest name of a node that is made. */
  readonly longest: string
  /** What those nodes want that become more than networks, where any do. */
  readonly hosts?: HostNeeds
}

export interface HostNeeds {
  readonly count: number
  /** How many namespaces of each kind, besides the network's. */
  readonly kinds: ReadonlyMap<IsolatedKind | 'uts', number>
  /** How many hosts want a limit of each. */
  readonly limits: ReadonlyMap<keyof Limits, number>
  /** That are started, with the hosts' own first ones. */
  readonly processes: number
  /** Of these, the ones that the lab's supervisor holds. */
  readonly supervised: number
}

/** What a simulated machine is made of; a new namespace, and what stands in one. */
import { formatPrefix, networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import type { SimulatedHost } from './hosts.js'
import { failed, Refused } from './refused.js'
import { kernelRules, type Rule } from './rules.js'

export interface Machine {
  readonly labs: Map<string, SimulatedLab>
  /** The namespace that nstopo was started in. */
  readonly home: Namespace
  /** Namespaces by the descriptors that are open on them. */
  readonly descriptors: Map<number, Namespace>
  readonly locks: Set<string>
  /** A number that nothing else has: an inode, a descriptor, the end of a MAC address. */
  next(): number
}

export interface SimulatedLab {
  /** As JSON: what was saved is nobody's to change. */
  record: string
  readonly nodes: Map<string, Namespace>
}

export interface Namespace {
  readonly inode: number
  readonly links: Map<number, Link>
  addresses: Address[]
  /** But for those that follow from the addresses; see connected.ts. */
  routes: Route[]
  rules: Rule[]
  neighbors: Neighbor[]
  /** What was written: settings of the namespace, of all interfaces, and of those to come. */
  readonly settings: Map<string, string>
  readonly all: Settings
  readonly default: Settings
  host?: SimulatedHost | undefined
}

/** Values by name, with `*` for the interface, as far as they are not the usual ones. */
export interface Settings {
  readonly values: Map<string, string>
  /** IPv4's that do not follow `default` any more (net/ipv4/devinet.c: devinet_copy_dflt_conf). */
  readonly own: Set<string>
}

export interface Link {
  readonly namespace: Namespace
  readonly index: number
  readonly name: string
  readonly kind: string
  mac: string | undefined
  mtu: number
  /** A bridge follows its ports' MTU, and the lowest of their MACs, until it is told its own. */
  readonly chosen: { mac: boolean; mtu: boolean }
  up: boolean
  master: Link | undefined
  readonly parent: Link | undefined
  peer: Link | undefined
  /** IFLA_INFO_DATA's payloads by their number. */
  readonly data: Map<number, Buffer>
  readonly settings: Settings
}

export interface Address {
  readonly family: Family
  readonly link: Link
  readonly address: string
  readonly prefix: Prefix
  /** IFA_F_* */
  flags: number
}

export interface Route {
  readonly family: Family
  readonly table: number
  readonly to: Prefix
  readonly type: number
  readonly scope: number
  readonly protocol: number
  readonly priority: number
  src: string | undefined
  readonly mtu?: number | undefined
  readonly hops: readonly RouteHop[]
  /** The one that the kernel had made, of which it took the place; one for another address comes beside it. */
  readonly replaces?: Route | undefined
}

export interface RouteHop {
  readonly link: Link
  readonly via: string | undefined
  readonly flags: number
  readonly weight: number
  /** Its link is down, or has no IPv4 any more, while other hops are well. */
  dead?: boolean
}

export interface Neighbor {
  readonly family: number
  readonly link: Link
  readonly dst: string
  readonly lladdr: string
  readonly state: number
  readonly protocol: number
}

export function machine(): Machine {
  let last = 4026532000
  const next = () => ++last
  return { labs: new Map(), home: namespace(next()), descriptors: new Map(), locks: new Set(), next }
}

/** lo, down, and the rules that every namespace has. */
export function namespace(inode: number): Namespace {
  const made: Namespace = {
    ...{ inode, links: new Map(), addresses: [], routes: [], rules: [...kernelRules], neighbors: [] },
    ...{ settings: new Map(), all: settings(), default: settings() },
  }
  const chosen = { mac: true, mtu: true }
  const lo = { namespace: made, index: 1, name: 'lo', kind: '', mac: '00:00:00:00:00:00', mtu: 65536, chosen }
  const alone = { up: false, master: undefined, parent: undefined, peer: undefined, data: new Map() }
  made.links.set(1, { ...lo, ...alone, settings: settings() })
  return made
}

/** What an interface starts with. */
export function settings(from?: Settings): Settings {
  return { values: new Map(from?.values), own: new Set(from?.own) }
}

export function linkAt(ns: Namespace, index: number): Link {
  const found = ns.links.get(index)
  if (!found) throw new Refused('ENODEV')
  return found
}

export function linkNamed(ns: Namespace, name: string): Link | undefined {
  for (const link of ns.links.values()) if (link.name === name) return link
  return undefined
}

export function nodeOf(lab: SimulatedLab | undefined, node: string): Namespace {
  const found = lab?.nodes.get(node)
  if (!found) throw failed(`open the namespace of ${node}`, 'ENOENT')
  return found
}

export const isLoopback = (link: Link): boolean => link.index === 1 && link.name === 'lo'

export const prefixOf = (address: string, length: number): Prefix => parsePrefix(`${address}/${length}`)!

/** Whether two addresses are of one subnet. */
export const sameSubnet = (a: Address, b: Address): boolean =>
  a.link === b.link && formatPrefix(networkOf(a.prefix)) === formatPrefix(networkOf(b.prefix))

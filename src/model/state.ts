/** What the kernel holds, or should: desired and observed are one type. */
import type { Path } from './document.js'
import type { Family, FileEntry, HostEntry, NeighborEntry, ProcessEntry, RouteEntry, RuleEntry } from './network.js'

/** Marks routes, rules and neighbours as ours (`rtm_protocol` and its kin; rtnetlink(7) leaves 4 to 255 to users). */
export const ownProtocol = 110

interface Common {
  /** The node whose namespace holds it. */
  readonly node: string
  /** The YAML it came from; none for what was only observed. */
  readonly at?: Path
}

export interface Namespace extends Common {
  readonly type: 'namespace'
  /** Of the namespace file; observed only. */
  readonly inode?: number
}

export interface Link extends Common {
  readonly type: 'link'
  readonly name: string
  /** `veth`, `bridge`, …, `loopback`; what the kernel says for kinds that nstopo doesn't know. */
  readonly kind: string
  /** Its number in its namespace; chosen when planning, and never a difference. */
  readonly index?: number
  readonly mac?: string
  readonly mtu: number
  readonly up: boolean
  /** The bridge it is a port of. */
  readonly master?: string
  /** The link it stands on, in the same namespace. */
  readonly parent?: string
  /** A veth's other end; observed, it is what the peer's index says, or none if that is outside of the lab. */
  readonly peer?: { readonly node: string; readonly name: string }
  /** Observed: the index of the peer or parent (`IFLA_LINK`). */
  readonly linkIndex?: number
  /** The kind's own settings, all of them. */
  readonly data: Readonly<Record<string, string | number | boolean>>
  /** Observed: settings that the kernel has changed for a while by itself, which are no difference. */
  readonly unsettled?: readonly string[]
  /** Has carrier; observed only, never a difference. */
  readonly running?: boolean
}

export interface Address extends Common {
  readonly type: 'address'
  readonly dev: string
  readonly family: Family
  readonly address: string
  readonly prefixLength: number
  /** Duplicate-address detection is wanted (IPv6). */
  readonly dad: boolean
  /** Observed: `kernel` for link-local and router-advertised ones. */
  readonly origin?: 'kernel'
  /** Observed: goes when the first address of its subnet goes (IFA_F_SECONDARY). */
  readonly secondary?: boolean
  /** Observed: it can't be used, for duplicate detection goes on, or somebody else has it (RFC 4862). */
  readonly detection?: 'pending' | 'failed'
}

export interface Route extends Common, Omit<RouteEntry, 'at'> {
  readonly type: 'route'
  /** As in /etc/iproute2/rt_protos; ours is 110. */
  readonly protocol: number
}

export interface Rule extends Common, Omit<RuleEntry, 'at'> {
  readonly type: 'rule'
  readonly protocol: number
}

export interface Neighbor extends Common, Omit<NeighborEntry, 'at'> {
  readonly type: 'neighbor'
  readonly protocol: number
}

export interface Sysctl extends Common {
  readonly type: 'sysctl'
  /** With dots; interface names that hold dots are written with slashes, as sysctl(8) does. */
  readonly name: string
  readonly value: string
}

/** A node's other namespaces and its cgroup, held by the node's init. */
export interface Host extends Common, Omit<HostEntry, 'at' | 'files' | 'processes'> {
  readonly type: 'host'
  /** Of the node's init, as the machine sees it; observed only. */
  readonly pid?: number
}

export type File = Common &
  FileEntry & {
    readonly type: 'file'
    /** Tells what it is made from: another digest, other contents. */
    readonly digest: string
  }

export interface Process extends Common, Omit<ProcessEntry, 'at'> {
  readonly type: 'process'
  /** Tells the files of its node, `hosts` and `dns` apart: it is started anew when they change. */
  readonly files: string
  /** Observed only. */
  readonly seen?: ProcessSeen
}

export interface ProcessSeen {
  readonly state: 'starting' | 'running' | 'ready' | 'stopped' | 'exited' | 'failed'
  /** As the machine sees it. */
  readonly pid?: number
  /** Of the last end: `exit 1`, `SIGKILL`, `unknown`. */
  readonly ended?: string
  readonly restarts: number
  /** Milliseconds since 1970 of the last start. */
  readonly since?: number
  /** It lives, but its supervisor was killed. */
  readonly unsupervised?: true
}

export type Resource = Namespace | Link | Address | Route | Rule | Neighbor | Sysctl | Host | File | Process
export type ResourceType = Resource['type']
export type ResourceOf<T extends ResourceType> = Extract<Resource, { type: T }>

/**
 * A node's settings by name. Most nodes have just those that their kind has: `shared` then holds the values, one map for all
 * of them, and what is done with a setting can be done once for all.
 */
export type Settings = ReadonlyMap<string, Sysctl> & { readonly shared?: ReadonlyMap<string, string> }

/** What one namespace holds, each kind of resource by its key. */
export type NodeState = {
  readonly [T in Exclude<ResourceType, 'namespace' | 'sysctl'>]: ReadonlyMap<string, ResourceOf<T>>
} & { readonly namespace: Namespace; readonly sysctl: Settings }

/** By node. */
export type State = ReadonlyMap<string, NodeState>

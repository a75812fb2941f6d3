/** A resolved topology: nothing is left to inherit, number, name or look up. */
import type { Assertion } from './assertion.js'
import type { Path } from './document.js'

export type Family = 4 | 6

export interface Network {
  readonly lab: string
  /** In the order of the file; a LAN's switch stands after them, in the order of the links. */
  readonly nodes: readonly Node[]
  /** Veth pairs, in the order of the file. */
  readonly wires: readonly Wire[]
  readonly segments: readonly Segment[]
  /** Subnets and loopback addresses that came from the pools of `addressing`, by a name that survives other changes. */
  readonly assigned: Readonly<Record<string, readonly string[]>>
  /** What has to be true of it, in the order of the file. */
  readonly tests: readonly Assertion[]
}

export interface Node {
  readonly name: string
  readonly kind: 'host' | 'router' | 'switch'
  readonly at: Path
  readonly interfaces: readonly Interface[]
  readonly routes: readonly RouteEntry[]
  readonly rules: readonly RuleEntry[]
  readonly neighbors: readonly NeighborEntry[]
  /** By name with dots, such as `net.ipv4.ip_forward`; only what the file says. */
  readonly sysctls: ReadonlyMap<string, { readonly value: string; readonly at: Path }>
  readonly labels: Readonly<Record<string, string>>
  /** What makes it a whole host; none for a node of which the file says nothing but its network. */
  readonly host?: HostEntry
}

/** Besides network and UTS, which every node has (namespaces(7)). */
export type IsolatedKind = 'mount' | 'pid' | 'ipc' | 'user' | 'cgroup' | 'time'

/** What a node has of its own besides its network. */
export interface HostEntry {
  readonly hostname: string
  /** In the order of `IsolatedKind`; with what follows from others: files and `pid` want `mount`. */
  readonly isolate: readonly IsolatedKind[]
  /** Seconds that its clocks are ahead of the machine's (time_namespaces(7)). */
  readonly time?: { readonly monotonic: number; readonly boottime: number }
  readonly limits?: Limits
  /** How its ids are mapped to the machine's (user_namespaces(7)). */
  readonly users?: { readonly uids: readonly IdRange[]; readonly gids: readonly IdRange[] }
  /** Variables of what runs in it. */
  readonly environment: Readonly<Record<string, string>>
  readonly files: readonly FileEntry[]
  readonly processes: readonly ProcessEntry[]
  readonly at: Path
}

export interface Limits {
  /** Bytes */
  readonly memory?: number
  /** Processors' worth of time: 0.5 is half of one. */
  readonly cpu?: number
  /** Processes and threads. */
  readonly pids?: number
}

export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

/** What stands at a path of the node's own view; the machine's file of that path stays as it is. */
export type FileEntry = {
  readonly path: string
  /** Such as 0o644; without it, that of the machine's file or of what it is made from. */
  readonly mode?: number
  readonly at?: Path
} & FileSource

export type FileSource =
  | { readonly kind: 'content'; readonly content: string }
  /** A file or folder of the machine itself, seen there too. */
  | { readonly kind: 'bind'; readonly from: string }
  /** A copy of it that is the node's own. */
  | {
      readonly kind: 'copy'
      readonly from: string /** Of what is copied, when the file was read. */
      readonly digest?: string
    }
  /** An empty folder of so many bytes. */
  | { readonly kind: 'tmpfs'; readonly size: number }

export interface ProcessEntry {
  readonly name: string
  readonly command: readonly string[]
  readonly ready?: Ready
  /** What must be ready before; resolved. */
  readonly needs: readonly ProcessName[]
  readonly restart: 'no' | 'on-failure' | 'always'
  /** A name or a number, as the node's own view has it. */
  readonly user?: string
  readonly workdir?: string
  /** With the node's. */
  readonly environment: Readonly<Record<string, string>>
  readonly stop: { readonly signal: string /** Seconds */; readonly grace: number }
  /** Bytes of output that are kept. */
  readonly log: number
  readonly at: Path
}

export interface ProcessName {
  readonly node: string
  readonly process: string
}

/** When a process counts as ready, and after how many seconds without it is given up. */
export type Ready = { readonly timeout: number } & (
  | { readonly by: 'listen'; readonly protocol: 'tcp' | 'udp'; readonly port: number }
  | { readonly by: 'command'; readonly command: readonly string[] }
  /** A regular expression that a line of its output matches. */
  | { readonly by: 'log'; readonly pattern: string }
  | { readonly by: 'after'; readonly seconds: number }
)

/** Names an interface, as `node:interface` does. */
export interface End {
  readonly node: string
  readonly interface: string
}

export interface Interface {
  readonly name: string
  /** A kind of the registry (`veth`, `bridge`, `vxlan` …) or `loopback`. */
  readonly kind: string
  readonly at: Path
  readonly addresses: readonly InterfaceAddress[]
  /** Lower case with colons; every kind that has one gets one, said or derived. */
  readonly mac?: string
  /** Bytes; as a fresh `up` sets it. */
  readonly mtu: number
  readonly up: boolean
  /** False: no IPv6 at all on it, not even a link-local address. */
  readonly ipv6: boolean
  readonly dad: boolean
  /** The other end of a veth pair. */
  readonly peer?: End
  /** The bridge of the same node that it is a port of. */
  readonly bridge?: string
  /** The interface of the same node that it stands on (macvlan, vxlan with `dev`). */
  readonly parent?: string
  /** What its kind's own keys say, defaults filled in by the kind. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Of the way out of it, for computed routes. */
  readonly cost: number
}

/** Both in their shortest text form (RFC 5952). */
export interface InterfaceAddress {
  readonly family: Family
  readonly address: string
  readonly prefixLength: number
  readonly at: Path
}

/** A veth pair. */
export interface Wire {
  readonly ends: readonly [End, End]
  readonly at: Path
}

/** What shares one broadcast domain: a veth pair between two nodes, or all that meets in switches. */
export interface Segment {
  /** Ends with a place in the segment: not the switches' ports, but a switch's own `br0` if it has addresses. */
  readonly ends: readonly End[]
  /** False: left out of computed routes. */
  readonly routing: boolean
  readonly at: Path
}

export type RouteAction = 'unicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'local'

export interface NextHop {
  readonly via?: string
  /** An interface of the node; resolved, never left out for a way that has one. */
  readonly dev?: string
  /** 1 to 256 */
  readonly weight: number
  readonly onlink: boolean
}

export interface RouteEntry {
  readonly family: Family
  /** A prefix in its shortest form, `0.0.0.0/0` and `::/0` for `default`. */
  readonly to: string
  readonly action: RouteAction
  /** Empty for actions that lead nowhere. */
  readonly nextHops: readonly NextHop[]
  readonly table: number
  /** As the kernel holds it: 0 (IPv4) and 1024 (IPv6) when unsaid. */
  readonly metric: number
  readonly src?: string
  readonly mtu?: number
  readonly at?: Path
}

export type RuleAction = 'table' | 'blackhole' | 'unreachable' | 'prohibit'

export interface RuleEntry {
  readonly family: Family
  readonly priority: number
  readonly not: boolean
  /** Prefixes in their shortest form. */
  readonly from?: string
  readonly to?: string
  readonly iif?: string
  readonly oif?: string
  readonly fwmark?: number
  readonly fwmask?: number
  /** Protocol number */
  readonly ipproto?: number
  /** Inclusive */
  readonly sport?: readonly [number, number]
  readonly dport?: readonly [number, number]
  readonly uidrange?: readonly [number, number]
  readonly tos?: number
  readonly action: RuleAction
  /** With the action `table`. */
  readonly table?: number
  readonly at?: Path
}

export interface NeighborEntry {
  readonly family: Family
  readonly to: string
  readonly mac: string
  readonly dev: string
  readonly at?: Path
}

/** What commands hand to their renderers. */
import type { Diagnostic } from '../diagnostic.js'
import type { Document } from './document.js'
import type { Network } from './network.js'
import type { Change, LabRecord, Operation, Plan, RefusedOperation } from './plan.js'
import type { NodeState, ProcessSeen, State } from './state.js'

/** What came of a run: a value unless an error stood in its way; the text that diagnostics point into. */
export interface Result<T> {
  readonly value?: T
  readonly diagnostics: readonly Diagnostic[]
  readonly document?: Document
}

/** A topology, compiled. */
export interface Compiled {
  readonly document: Document
  readonly network: Network
  /** What the kernel should hold. */
  readonly state: State
}

export interface Planned {
  readonly compiled: Compiled
  readonly plan: Plan
  readonly changes: readonly Change[]
}

export interface UpReport {
  readonly lab: string
  /** Whether the lab was there before. */
  readonly fresh: boolean
  readonly nodes: number
  readonly links: number
  readonly operations: readonly Operation[]
  /** How many of them were done, before anything was undone. */
  readonly done: number
  readonly refused: readonly RefusedOperation[]
  /** Whether what had been done was undone after a refusal. */
  readonly undone: boolean
  readonly milliseconds: number
  /** What is there now; none where something was refused. */
  readonly network?: Network
}

export interface DownReport {
  readonly lab: string
  /** False when it was not up, which is no error. */
  readonly wasUp: boolean
  readonly nodes: number
  /** Who still keeps namespaces alive. */
  readonly holders: readonly {
    readonly node: string
    readonly pid: number
    readonly command: string
    readonly how: string
  }[]
  /** Paths where somebody has mounted something of theirs: left as they are. */
  readonly left: readonly string[]
  readonly milliseconds: number
}

export interface GcReport {
  /** Labs that a killed run had left half made or half gone, and what became of them. */
  readonly labs: readonly { readonly lab: string; readonly done: 'removed' | 'restored' }[]
  /** Other things that were left behind, in plain words. */
  readonly removed: readonly string[]
  /** Nothing was done: this is what would be. */
  readonly dry: boolean
}

export interface DiffReport {
  readonly lab: string
  readonly up: boolean
  /** missing, changed and stale; then foreign. */
  readonly changes: readonly Change[]
  /** Whether they count: exit status 1. */
  readonly differs: boolean
}

/** What `watch` tells, as it happens. */
export type WatchEvent = {
  readonly lab: string
  /** Milliseconds since 1970 */
  readonly at: number
  /** How many differences there are now. */
  readonly differences: number
  /** The text that the changes' places point into. */
  readonly document?: Document
} & (
  | {
      /** At the beginning; differences that are new, or gone; what there is after another run applied another file. */
      readonly event: 'start' | 'drift' | 'mended' | 'changed'
      readonly changes: readonly Change[]
    }
  | { readonly event: 'healed'; readonly operations: readonly Operation[] }
  /** These differences came back so often that the next try waits. */
  | { readonly event: 'postponed'; readonly changes: readonly Change[]; readonly milliseconds: number }
  | { readonly event: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  /** More happened than could be heard: all was compared afresh. */
  | { readonly event: 'overflow' }
  /** The lab was taken down. */
  | { readonly event: 'down' }
)

export interface LabStatus {
  readonly lab: string
  /** `damaged` where what stands in the record's place is none; `unknown` for another user's lab. */
  readonly state: LabRecord['state'] | 'damaged' | 'unknown'
  readonly record?: LabRecord
  readonly nodes: number
}

export interface Counters {
  readonly rxBytes: number
  readonly rxPackets: number
  readonly rxErrors: number
  readonly rxDropped: number
  readonly txBytes: number
  readonly txPackets: number
  readonly txErrors: number
  readonly txDropped: number
}

export interface NodeInspection {
  readonly node: string
  readonly kind: string
  readonly labels: Readonly<Record<string, string>>
  /** For `nsenter --net=` and `ip -n`. */
  readonly namespace: { readonly path: string; readonly name: string; readonly inode: number }
  readonly state: NodeState
  /** What a host uses of what can be limited: bytes, and processes with their threads. */
  readonly usage?: { readonly memory?: number; readonly pids?: number }
  /** By link name. */
  readonly counters: Readonly<Record<string, Counters>>
  /** Processes whose network namespace it is. */
  readonly processes: readonly { readonly pid: number; readonly command: string }[]
}

/** A program of the file, and how it is. */
export interface ProcessStatus {
  readonly process: string
  /** `missing`: the file says it, and nobody has it in hand. */
  readonly state: ProcessSeen['state'] | 'missing'
  readonly pid?: number
  /** Of the last end: `exit 1`, `SIGKILL`, `unknown`. */
  readonly ended?: string
  readonly restarts: number
  /** Milliseconds since 1970 of the last start. */
  readonly since?: number
  /** It runs, but its supervisor was killed. */
  readonly unsupervised?: true
  readonly command: readonly string[]
}

export interface ProcessReport {
  readonly lab: string
  readonly nodes: readonly {
    readonly node: string
    readonly init?: number
    readonly processes: readonly ProcessStatus[]
    /** What else runs in it. */
    readonly others: readonly { readonly pid: number; readonly command: string }[]
  }[]
}

/** What came of starting or stopping processes. */
export interface OrderReport {
  readonly lab: string
  readonly processes: readonly (ProcessStatus & { readonly node: string })[]
  readonly milliseconds: number
}

/** A namespace of a node, and whose it is besides. */
export interface NodeNamespace {
  /** As lsns(8) calls it. */
  readonly type: 'net' | 'uts' | 'mnt' | 'pid' | 'ipc' | 'user' | 'cgroup' | 'time'
  readonly inode: number
  /** Who enters the node comes into this one. */
  readonly entered: boolean
  /** It is the machine's own. */
  readonly machine: boolean
  /** Other nodes of the lab that have it too. */
  readonly nodes: readonly string[]
  /** The node's programs that are in it. */
  readonly programs: readonly { readonly pid: number; readonly command: string }[]
}

export interface NamespaceReport {
  readonly lab: string
  readonly nodes: readonly {
    readonly node: string
    /** The process that holds them, where the node is a whole host. */
    readonly init?: number
    readonly namespaces: readonly NodeNamespace[]
  }[]
}

export interface Inspection {
  readonly lab: string
  readonly record?: LabRecord
  readonly nodes: readonly NodeInspection[]
}

export type { State }

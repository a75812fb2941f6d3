/** What commands hand to their renderers. */
import type { Diagnostic } from '../diagnostic.js'
import type { Document } from './document.js'
import type { Network } from './network.js'
import type { Change, LabRecord, Operation, Plan, RefusedOperation } from './plan.js'
import type { NodeState, State } from './state.js'

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
  readonly refused: readonly RefusedOperation[]
  /** Whether what had been done was undone after a refusal. */
  readonly undone: boolean
  readonly milliseconds: number
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
  readonly milliseconds: number
}

export interface DiffReport {
  readonly lab: string
  readonly up: boolean
  /** missing, changed and stale; then foreign. */
  readonly changes: readonly Change[]
  /** Whether they count: exit status 1. */
  readonly differs: boolean
}

export interface LabStatus {
  readonly lab: string
  readonly state: 'up' | 'building' | 'unknown'
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
  /** By link name. */
  readonly counters: Readonly<Record<string, Counters>>
  /** Processes whose network namespace it is. */
  readonly processes: readonly { readonly pid: number; readonly command: string }[]
}

export interface Inspection {
  readonly lab: string
  readonly record?: LabRecord
  readonly nodes: readonly NodeInspection[]
}

export type { State }

/** What is to be done, and what came of it. */
import type { Link, Process, Resource } from './state.js'

export type Verb = 'create' | 'update' | 'remove'

/** A property that is held otherwise than it should be. */
export interface FieldChange {
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** One difference between desired and observed. */
export type Change =
  | { readonly state: 'missing'; readonly desired: Resource }
  | {
      readonly state: 'changed'
      readonly desired: Resource
      readonly observed: Resource
      readonly fields: readonly FieldChange[]
    }
  /** Made by an earlier `up`, no longer said. */
  | { readonly state: 'stale'; readonly observed: Resource }
  /** Put there by hand or by a daemon. */
  | { readonly state: 'foreign'; readonly observed: Resource }

/** One step of a plan; a veth pair is one step for both of its ends. */
export interface Operation {
  readonly verb: Verb
  /** What there will be; for `remove`, what there was. */
  readonly resource: Resource
  /** What there was, for `update`. */
  readonly before?: Resource
  readonly changes?: readonly FieldChange[]
  /** The other end of a veth pair that is made or removed. */
  readonly partner?: Link
  /** Why this is done, where the file doesn't say so itself: `was lost with r1:eth0, which is replaced`. */
  readonly because?: string
  /** Identifiers of what must be done before, and of what this does, besides those of its resource. */
  readonly needs?: readonly string[]
  readonly provides?: readonly string[]
}

/** What a lab's supervisor is asked for. */
export type Order =
  | { readonly do: 'start'; readonly process: Process }
  /** Told by its name: it may be one that the file does not say any more. Else it is remembered, to be started again. */
  | { readonly do: 'stop'; readonly node: string; readonly name: string; readonly forget: boolean }

export interface Plan {
  readonly lab: string
  /** In an order that satisfies every need. */
  readonly operations: readonly Operation[]
  /** Differs when the kernel holds something else than when the plan was made. */
  readonly fingerprint: string
}

/** One operation that the kernel refused. */
export interface RefusedOperation {
  readonly operation: Operation
  /** Such as `EEXIST`, and strerror(3)'s text for it. */
  readonly errno: string
  readonly text: string
  /** The kernel's own words (extended acknowledgement), where it gave some. */
  readonly message?: string
  /** The attribute that was refused, in the kernel's name, such as `IFLA_MTU`. */
  readonly attribute?: string
  /** Of what takes several steps, the one that was refused, in plain words: `make a user namespace`. */
  readonly step?: string
  /** The last lines of a process that did not become ready. */
  readonly output?: readonly string[]
}

/** What was applied to a lab: enough to compile it again, whatever happened to the file. */
export interface Applied {
  readonly source: {
    readonly text: string
    readonly path?: string
    readonly label: string
    readonly variables: Readonly<Record<string, string>>
    readonly assigned: Readonly<Record<string, readonly string[]>>
    /** Digests of what the text names, by path. */
    readonly files?: Readonly<Record<string, string>>
  }
  /**
   * By node, the keys of what it was given and what looks like the kernel's own: `sysctl net.…`, `address eth0 fe80::1/64`.
   * Version 0.1 kept none.
   */
  readonly blending?: Readonly<Record<string, readonly string[]>>
}

/** What is kept of a lab that is up, in a file of its own tmpfs. */
export interface LabRecord extends Applied {
  /** Of this format. */
  readonly version: 1
  readonly lab: string
  /** /proc/sys/kernel/random/boot_id */
  readonly boot: string
  /**
   * `building` until every operation is done, `kept` where one was refused and what was done is left for a look, `leaving`
   * once it is being taken away. A lab that nobody holds and that is building or leaving was left so by a killed run.
   */
  readonly state: 'building' | 'up' | 'kept' | 'leaving'
  /** Of a change in place that is not done yet. */
  readonly change?: UnfinishedChange
  readonly links: number
  /** Milliseconds since 1970 */
  readonly created: number
  readonly owner: number
  /** nstopo's version that applied it. */
  readonly by: string
}

/** What a change in place has to know when the run that began it was killed. */
export interface UnfinishedChange {
  /** The lab as it was; none where namespaces were taken over. */
  readonly before?: LabRecord
  /** What runs that were killed before this one had begun to make of it. */
  readonly tried: readonly Applied[]
  /** What others had put there: it may go along with what is changed, and is put back. */
  readonly foreign: readonly Resource[]
}

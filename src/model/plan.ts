/** What is to be done, and what came of it. */
import type { Place } from './document.js'
import type { Link, Resource } from './state.js'

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
}

/** What is kept of a lab that is up, in a file of its own tmpfs. */
export interface LabRecord {
  /** Of this format. */
  readonly version: 1
  readonly lab: string
  /** /proc/sys/kernel/random/boot_id */
  readonly boot: string
  /** Inode of the mount namespace that the lab's names live in. */
  readonly mountNamespace: number
  /** `building` until every operation is done. */
  readonly state: 'building' | 'up'
  /** What was applied last: enough to compile it again, whatever happened to the file. */
  readonly source: {
    readonly text: string
    readonly path?: string
    readonly label: string
    readonly variables: Readonly<Record<string, string>>
    readonly assigned: Readonly<Record<string, readonly string[]>>
  }
  /** Inode of each node's network namespace. */
  readonly nodes: Readonly<Record<string, number>>
  /**
   * By node, the keys of what it was given and what looks like the kernel's own: `sysctl net.…`, `address eth0 fe80::1/64`.
   * Version 0.1 kept none.
   */
  readonly blending?: Readonly<Record<string, readonly string[]>>
  readonly links: number
  /** Milliseconds since 1970 */
  readonly created: number
  readonly owner: number
  /** nstopo's version that applied it. */
  readonly by: string
}

/** A place with its file, as reports give it. */
export interface FilePlace extends Place {
  readonly file: string
}

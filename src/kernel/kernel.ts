/** The only door to the machine: what passes and commands may ask of it. All calls are synchronous. */
import type { LabRecord } from '../model/plan.js'
import type { Trace } from '../model/trace.js'
import type { Batch, Body } from '../netlink/batch.js'

/** A system call or a message that the kernel refused. Thrown by everything here that has no other way to say so. */
export class SystemError extends Error {
  constructor(
    /** In plain words: `pin the namespace of h1`. */
    readonly operation: string,
    /** Such as `EPERM`. */
    readonly errno: string,
    /** strerror(3)'s words for it. */
    readonly text: string,
  ) {
    super(`${operation}: ${errno} (${text})`)
  }
}

/** How many nodes' descriptors are good at a time. */
export const descriptorsAtOnce = 16

/** A message of a batch that the kernel refused. */
export interface Refusal {
  /** Of the message in its batch, from 0. */
  readonly index: number
  readonly errno: string
  readonly text: string
  /** The kernel's own words (NLMSGERR_ATTR_MSG). */
  readonly message?: string
  /** The attribute that was refused (found by NLMSGERR_ATTR_OFFS), in the kernel's name, such as `IFLA_MTU`. */
  readonly attribute?: string
}

/** Who keeps a node alive. */
export interface Holder {
  readonly node: string
  readonly pid: number
  readonly command: string
  readonly how: 'process' | 'descriptor' | 'mount'
}

/**
 * The nodes of one lab. `node` is a node's name; `undefined` is the namespace that nstopo was started in.
 * Calls may leave the thread in a node, where the next one often works too: `home` brings it back.
 */
export interface LabSpace {
  readonly lab: string
  /** Whether the lab's own tmpfs stands. */
  readonly exists: boolean
  /** Mounts the lab's tmpfs. */
  create(): void
  record(): LabRecord | undefined
  /** Written beside, synced, and renamed into place. */
  saveRecord(record: LabRecord): void
  /** Nodes that are pinned, all or of some, with the inode of their namespace; also those that are only in /run/netns as LAB.NODE. */
  nodes(only?: ReadonlySet<string>): ReadonlyMap<string, number>
  /** So many nodes will be made: what can be done before their names are known may begin. */
  expectNodes(count: number): void
  /** Makes and pins an empty network namespace. */
  createNode(node: string): void
  /** Unpins a node and ends its processes. */
  removeNode(node: string): void
  /** A descriptor of the node's namespace, good until `descriptorsAtOnce` others were asked for. */
  descriptor(node: string): number
  /** Sends every message, in as few system calls as the kernel allows; goes on after a refusal. */
  send(node: string | undefined, batch: Batch): readonly Refusal[]
  /** Every message that answers to a single dump request, good until the next dump; asked again when one was interrupted. */
  dump(node: string | undefined, request: Batch): readonly Answer[]
  /** Makes a tap or tun interface that stays: no message can, only /dev/net/tun. */
  createDevice(node: string, device: Device): void
  /**
   * From now on these nodes will be asked for their settings, in this order, and probably have these: a second thread may
   * look, too. What it has seen is forgotten when others are expected, or none.
   */
  expectSettings(nodes: readonly string[], settings: ReadonlyMap<string, string>): void
  /** The values in the order of the names, without the newline at their end; undefined where there is no such file. */
  readSysctls(node: string, names: readonly string[]): readonly (string | undefined)[]
  writeSysctl(node: string, name: string, value: string): void
  /** Processes whose network namespace is the node's. */
  processes(node: string): readonly Holder[]
  /** Takes everything away: how many nodes there were, and who still holds one. */
  remove(): { readonly nodes: number; readonly holders: readonly Holder[] }
  /** Brings the thread back to the first namespace; to be called before awaiting and before starting programs. */
  home(): void
  /** Comes home, and closes every descriptor that is held open. */
  close(): void
}

/** An interface whose other side is a program (Documentation/networking/tuntap.rst). */
export interface Device {
  readonly name: string
  readonly mode: 'tap' | 'tun'
  readonly index: number
  /** The user who may open it without further rights. */
  readonly owner?: number
}

/** One netlink message: its type, and where in a buffer stands what comes after its header. */
export interface Answer extends Body {
  readonly type: number
}

export interface Lock {
  release(): void
}

/** A line of `doctor`. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** Without it nothing works. */
  readonly core: boolean
  readonly finding: string
  /** The command that mends it. */
  readonly fix?: string
}

export interface Kernel {
  /** Where the time of a run is written down, when somebody asked where it goes; see timed.ts. */
  readonly trace?: Trace
  /** Loads what calls the machine, which the first call that needs it does otherwise. */
  prepare(): void
  /** Labs that are up, whoever made them. */
  labs(): readonly string[]
  space(lab: string): LabSpace
  /** Holds the lab until released or until the process dies; `{ pid, command }` of the holder when it is taken. */
  lock(lab: string): Lock | { readonly pid: number; readonly command: string }
  /** What a new namespace has. */
  freshSysctls(names: readonly string[]): ReadonlyMap<string, string>
  bootId(): string
  mountNamespace(): number
  checks(): readonly Check[]
  /** Becomes a command in a node: returns only to throw. */
  enter(space: LabSpace, node: string, command: readonly string[], environment: Readonly<Record<string, string>>): never
  /** Why nodes can't be made here (not root, inside `ip netns exec` …), or undefined. */
  obstacle(): { readonly message: string; readonly hint: string; readonly permission: boolean } | undefined
}

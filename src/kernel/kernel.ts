/** The only door to the machine: what passes and commands may ask of it. All calls are synchronous. */
import type { Socket } from 'node:net'
import type { Needs } from '../model/needs.js'
import type { LabRecord, Order } from '../model/plan.js'
import type { File, Host, Process } from '../model/state.js'
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

/** What stands where a node's name belongs, and is not ours. */
export interface Stranger {
  readonly node: string
  readonly path: string
  /** Of a namespace. */
  readonly inode?: number
  /** Where a link leads. */
  readonly target?: string
  /** It is the machine's own namespace, or the one that nstopo was started in: nobody may take that over. */
  readonly machine?: true
}

/** A lab's record, or why what stands in its place is none. */
export interface Recorded {
  readonly record?: LabRecord
  /** In plain words: `is cut off`. */
  readonly damage?: string
}

export interface Removed {
  /** How many nodes there were. */
  readonly nodes: number
  /** Who still keeps one alive. */
  readonly holders: readonly Holder[]
  /** Paths where somebody has mounted something of theirs: left as they are. */
  readonly left: readonly string[]
}

/**
 * The nodes of one lab. `node` is a node's name; `undefined` is the namespace that nstopo was started in.
 * Calls may leave the thread in a node, where the next one often works too: `home` brings it back.
 */
export interface LabSpace {
  readonly lab: string
  /** Whether the lab's own tmpfs stands. */
  readonly exists: boolean
  /** Whether a run that was killed may have left anything of it, or of the state folder. */
  readonly traces: boolean
  /** Mounts the lab's tmpfs, in which the record is from its first moment. */
  create(record: LabRecord): void
  record(): Recorded
  /** Written beside, synced, and renamed into place. */
  saveRecord(record: LabRecord): void
  /** From now on the record says that the lab is leaving. */
  leave(): void
  /** Puts what is no record out of the way; where it is now. */
  setAside(): string
  /** The lab's nodes, all or of some, with the inode of their namespace: those that we made or took over, and no others. */
  nodes(only?: ReadonlySet<string>): ReadonlyMap<string, number>
  /** What stands where these nodes are to be, and is not ours. */
  strangers(nodes: Iterable<string>): readonly Stranger[]
  /** Namespaces that somebody made under nodes' names count as nodes; with the next record they are ours. */
  adopt(strangers: readonly Stranger[]): void
  /** Every node gets back the name that a killed run has not given it, or taken, and no name is left without its node. */
  mend(): void
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
  /**
   * Makes the node's other namespaces and its cgroup, and starts the init that holds them; ends what an earlier init has
   * left. @throws SystemError whose operation says which step of it was refused
   */
  createHost(host: Host): void
  /** Its name and its limits, which change in place. */
  updateHost(host: Host): void
  /** Ends the node's init, and whatever runs in its namespaces; its network stays. */
  removeHost(node: string): void
  /** The file stands at its path of the node's own view, in the place of what stood there. */
  putFile(file: File): void
  removeFile(node: string, path: string): void
  /** What is left of hosts whose init has ended, or that were not made whole, goes with all that runs in them. */
  mendHosts(): void
  /** What the node has besides its network, as it is now. */
  readHost(node: string): HostSeen
  /** What it uses of what can be limited; undefined where nobody counts. */
  usage(node: string): Usage | undefined
  /** Files that hold what a process has written, the oldest first; some may not be there yet. */
  outputs(node: string, process: string): readonly string[]
  /**
   * Starts and stops processes, each when what it needs is ready. Returns when all that were to start are ready and all that
   * were to stop are gone, or with what failed; the others then go on as they are.
   */
  supervise(orders: readonly Order[], options?: SuperviseOptions): Promise<readonly OrderRefusal[]>
  /**
   * Opens a file as the node's own view has it: whatever is a link there leads nowhere outside of it. The descriptor is the
   * caller's to close. @param flags as open(2) has them @throws SystemError
   */
  openFile(node: string, path: string, flags: number): number
  /** Processes whose network namespace is the node's, or the one that stands in its place. */
  processes(node: string): readonly Holder[]
  /** The namespaces of nodes, of all kinds, and the programs in them; by node. */
  namespaces(nodes: readonly string[]): ReadonlyMap<string, readonly NamespaceSeen[]>
  /**
   * Hears of whatever happens in these nodes from now on, without keeping them alive. Of neighbours that a node learns by
   * itself only where they are of interest: with traffic, they come and go all the time.
   */
  listen(nodes: readonly string[], options: ListenOptions): Listening
  /** Takes everything of the lab away, but not what is kept: namespaces that were taken over. */
  remove(keep?: ReadonlySet<string>): Removed
  /** Does what does not wait while the thread is in the node's network namespace, and comes home. */
  inside<T>(node: string, work: () => T): T
  /** Brings the thread back to the first namespace; to be called before awaiting and before starting programs. */
  home(): void
  /** Comes home, and closes every descriptor that is held open. */
  close(): void
}

/** As /proc/PID/ns and lsns(8) call them. */
export const namespaceTypes = ['net', 'uts', 'mnt', 'pid', 'ipc', 'user', 'cgroup', 'time'] as const
export type NamespaceType = (typeof namespaceTypes)[number]

/** A namespace that a node has, or that programs of it are in (namespaces(7)). */
export interface NamespaceSeen {
  readonly type: NamespaceType
  readonly inode: number
  /** Who enters the node comes into this one. Where it is none of them, a new one is made for who enters. */
  readonly entered: boolean
  /** The one that the machine's first process is in. */
  readonly machine: boolean
  /** Those of the node that are in it. */
  readonly programs: readonly Program[]
}

export interface Program {
  readonly pid: number
  readonly command: string
}

/** What a node has besides its network. Without `host` its init does not live, and there is nothing else. */
export interface HostSeen {
  readonly host?: Host
  readonly files: readonly File[]
  readonly processes: readonly Process[]
}

/** Of a host, at this moment. */
export interface Usage {
  /** Bytes */
  readonly memory?: number
  /** Processes and threads. */
  readonly pids?: number
}

export interface SuperviseOptions {
  readonly signal?: AbortSignal | undefined
  /** Told whenever one more is ready or gone. */
  readonly progress?: ((done: number) => void) | undefined
}

/** An order that came to nothing. */
export interface OrderRefusal {
  /** Of the order, from 0. */
  readonly index: number
  /** In plain words: `ended with status 1 before it was ready`. */
  readonly reason: string
  /** The last lines of its output. */
  readonly output: readonly string[]
}

/** An interface whose other side is a program (Documentation/networking/tuntap.rst). */
export interface Device {
  readonly name: string
  readonly mode: 'tap' | 'tun'
  readonly index: number
  /** The user who may open it without further rights. */
  readonly owner?: number
}

export interface ListenOptions {
  readonly neighbors: (node: string) => boolean
  /** Bytes that events may take until they are read; without it, enough for some thousands. */
  readonly room?: number
}

/** What was heard of a lab since one last asked. */
export interface Heard {
  /** In which something happened, or whose namespace is gone. */
  readonly nodes: ReadonlySet<string>
  /** More happened than could be kept: it may have been anything, anywhere. */
  readonly overflow: boolean
  /** The lab's record, its lock, or a name of its nodes may be another now, or gone. */
  readonly names: boolean
}

export interface Listening {
  /** Waits until something was heard and it is quiet again; at most so many milliseconds, and not after the signal. */
  next(within: number | undefined, signal?: AbortSignal): Promise<Heard>
  close(): void
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

/** What this machine has too little of for what is about to be done. */
export interface Shortage {
  /** In plain words, with the figures. */
  readonly message: string
  /** The command that mends it. */
  readonly fix: string
  /** Whether the kernel would certainly refuse; else it may, or things go badly. */
  readonly fatal: boolean
}

/** Why nothing can be done here. */
export interface Obstacle {
  readonly message: string
  readonly hint: string
  readonly because: 'permission' | 'limit' | 'place'
}

/** What to become in a node. */
export interface Entry {
  readonly command: readonly string[]
  /** What this process was started with, say; a host's own environment goes over it. */
  readonly environment: Readonly<Record<string, string>>
  /** What was asked for this time; it goes over all. */
  readonly variables?: Readonly<Record<string, string>>
  /** A name or a number, as the node's own view has it. */
  readonly user?: string | undefined
  readonly workdir?: string | undefined
}

/** An echo request (RFC 792, RFC 4443), sent by a socket of ours that is opened in the node. */
export interface Echo {
  readonly to: string
  /** Of the whole packet with its IP header; it is then not to be fragmented. 84 (IPv4) or 104 (IPv6) unless said. */
  readonly bytes?: number
  /** Milliseconds to wait for the answer. */
  readonly within: number
}

/** After how many milliseconds the answer came, or what the kernel refused, such as `EPERM`; neither when none came in time. */
export interface EchoAnswer {
  readonly milliseconds?: number
  readonly errno?: string
}

/** Where a socket leads. */
export interface Far {
  readonly address: string
  readonly port: number
}

/** A dump of one of nf_tables’ lists (linux/netfilter/nf_tables.h). */
export type FilterList = 'tables' | 'chains' | 'rules'

/**
 * Questions and packets of our own, asked and sent from inside a node. Sockets are opened there and used outside, so that
 * what is waited for keeps the thread nowhere.
 */
export interface Probes {
  /** What the kernel says to each question about one thing, such as the way to an address; good until the next question. */
  ask(node: string, questions: Batch): readonly (Answer | Refusal)[]
  /** Empty where the node filters nothing, or the kernel can’t. */
  filters(node: string, list: FilterList): readonly Answer[]
  echo(node: string, echo: Echo): Promise<EchoAnswer>
  /** A TCP connection. @throws SystemError ECONNREFUSED and its like, ETIMEDOUT when the time is over */
  connect(node: string, far: Far, within: number): Promise<Socket>
  /** What answers to a datagram; undefined when nothing does in time. @throws SystemError as `connect` */
  datagram(
    node: string,
    far: Far,
    sent: { readonly bytes: Buffer; readonly within: number },
  ): Promise<Buffer | undefined>
  /** Takes TCP connections in the node at a port that is free. @throws SystemError EADDRNOTAVAIL for an address that it lacks */
  serve(
    node: string,
    address: string,
    taken: (socket: Socket) => void,
  ): Promise<{ readonly port: number; close(): void }>
}

/** Executes the words (program and arguments) with that environment and no other, before it returns. */
export type Starter<T> = (words: readonly [string, ...string[]], environment: Readonly<Record<string, string>>) => T

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
  /** Whether a run holds the lab just now: asking is in nobody's way, as trying the lock would be. */
  held(lab: string): boolean
  /** Removes what no lab that stands, and no run that goes on, needs any more: in plain words, what was removed, or would be. */
  sweep(dry: boolean): readonly string[]
  /** What a new namespace has. */
  freshSysctls(names: readonly string[]): ReadonlyMap<string, string>
  bootId(): string
  /** Whose this process is, as the machine knows him: the user outside of a user namespace, in which he is root. */
  user(): number
  checks(): readonly Check[]
  /**
   * What would fail on the way, or go badly, for want of room, rights or parts of the kernel; the machine is only looked at.
   * Nothing is said where a figure can't be known. This process's own limit of descriptors is raised where it may be.
   */
  shortages(needs: Needs): readonly Shortage[]
  /** Becomes a command in a node, in all of the node's namespaces: returns only to throw. */
  enter(space: LabSpace, node: string, entry: Entry): never
  /** Questions and packets of our own, from inside of the nodes of a lab. */
  probes(space: LabSpace): Probes
  /** Starts a command in a node, in all of the node's namespaces, beside this process. @throws SystemError */
  start<T>(space: LabSpace, node: string, entry: Entry, start: Starter<T>): T
  /** Why nodes can't be made here (not root, inside `ip netns exec` …), or undefined. */
  obstacle(): Obstacle | undefined
}

/** The kernel → what a lab's namespaces hold. */
import type { LabSpace } from '../kernel/kernel.js'
import type { Link, NodeState, ResourceOf, Settings, State, Sysctl } from '../model/state.js'
import type { Batch, Body } from '../netlink/batch.js'
import { kindOf, type ReadContext, readLinkName } from '../resources/index.js'

export interface ObserveOptions {
  /**
   * What the result is compared with. Where a veth's peer cannot be told for sure, the one that is wanted is believed to be
   * it, and the kernel's own routes and rules are passed over where nothing can differ from them.
   */
  readonly desired?: State
  /** Those are wanted too. */
  readonly complete?: boolean
  /** Which sysctls to read in a node: only those that somebody said something about. */
  readonly sysctls: (node: string) => Iterable<string>
  /** All of the lab's, unless some are named. */
  readonly nodes?: ReadonlySet<string>
  /** What the others are known to hold: peers of the links that are read. */
  readonly others?: State
}

type Dumped = 'link' | 'address' | 'route' | 'rule' | 'neighbor'

/** The requests are the same for every namespace. */
const requests = new Map<Dumped, Batch>()

/** Reads everything that the lab's nodes hold. */
export function observe(space: LabSpace, options: ObserveOptions): State {
  const state = new Map<string, NodeState>()
  const standing = space.nodes(options.nodes)
  announce(space, standing.keys(), options.desired)
  for (const [node, inode] of standing) state.set(node, observeNode(space, [node, inode], options))
  // What was seen now says nothing of later.
  space.expectSettings([], new Map())
  space.home()
  return withPeers(state, options)
}

/** The settings that most nodes share are probably what they should be. */
function announce(space: LabSpace, nodes: Iterable<string>, desired: State | undefined): void {
  const sharing = new Map<ReadonlyMap<string, string>, string[]>()
  for (const node of nodes) {
    const shared = desired?.get(node)?.sysctl.shared
    if (shared) append(sharing, shared, node)
  }
  const [most] = [...sharing].sort(([, a], [, b]) => b.length - a.length)
  if (most) space.expectSettings(most[1], most[0])
}

function observeNode(space: LabSpace, [node, inode]: readonly [string, number], options: ObserveOptions): NodeState {
  const names = new Map<number, string>()
  const said = options.complete ? undefined : options.desired?.get(node)
  const context: ReadContext = { node, linkName: index => names.get(index), ...(said ? { said } : {}) }
  const answers = (type: Dumped) => space.dump(node, requestFor(type))
  const held = <T extends Dumped>(type: T) => readAll(type, answers(type), context)
  const links = answers('link')
  // Links name others (bridges, parents), so the names come first.
  for (const link of links) {
    const named = readLinkName(link)
    if (named) names.set(...named)
  }
  return {
    namespace: { type: 'namespace', node, inode },
    link: readAll('link', links, context),
    address: held('address'),
    route: held('route'),
    rule: held('rule'),
    neighbor: held('neighbor'),
    sysctl: readSysctls(space, node, {
      names: [...options.sysctls(node)],
      desired: options.desired?.get(node)?.sysctl,
    }),
    ...readHost(space, node),
  }
}

const nothing = new Map<string, never>()
/** Most nodes are networks only, and share this. */
const plain = { host: nothing, file: nothing, process: nothing } satisfies Partial<NodeState>

function readHost(space: LabSpace, node: string): Pick<NodeState, 'host' | 'file' | 'process'> {
  const { host, files, processes } = space.readHost(node)
  if (!host) return plain
  return {
    host: new Map([['', host]]),
    file: new Map(files.map(file => [file.path, file])),
    process: new Map(processes.map(process => [process.name, process])),
  }
}

function requestFor(type: Dumped): Batch {
  const known = requests.get(type) ?? kindOf(type).request!()
  requests.set(type, known)
  return known
}

function readAll<T extends Dumped>(
  type: T,
  bodies: readonly Body[],
  context: ReadContext,
): ReadonlyMap<string, ResourceOf<T>> {
  const { key, read } = kindOf(type)
  const map = new Map<string, ResourceOf<T>>()
  for (const body of bodies) {
    const resource = read!(body, context)
    if (resource) map.set(key(resource), resource as ResourceOf<T>)
  }
  return map
}

interface Wanted {
  readonly names: readonly string[]
  readonly desired: Settings | undefined
}

/** Where nothing differs, what is held is what is desired itself: there are thirty settings a node. */
function readSysctls(space: LabSpace, node: string, { names, desired }: Wanted): Settings {
  const values = space.readSysctls(node, names).map(value => value && tidy(value))
  if (desired && desired.size === names.length && areDesired(desired, names, values)) return desired
  const settings = new Map<string, Sysctl>()
  for (const [index, value] of values.entries()) {
    const name = names[index]!
    if (value !== undefined) settings.set(name, { type: 'sysctl', node, name, value })
  }
  return settings
}

function areDesired(desired: Settings, names: readonly string[], values: readonly (string | undefined)[]): boolean {
  const { shared } = desired
  const wanted = shared ? (name: string) => shared.get(name) : (name: string) => desired.get(name)?.value
  return names.every((name, index) => wanted(name) === values[index])
}

/** Some have several values with blanks between them. */
function tidy(value: string): string {
  return value.length < 2 ? value : value.replace(/\s+/g, ' ').trim()
}

/** A veth's two ends name each other's index; indexes are unique in labs that nstopo made. */
function withPeers(state: Map<string, NodeState>, { desired, others = new Map() }: ObserveOptions): State {
  const byIndex = new Map<number, Link[]>()
  for (const { link } of new Map([...others, ...state]).values())
    for (const l of link.values()) if (l.kind === 'veth') append(byIndex, l.index!, l)
  for (const [node, held] of state) {
    const link = new Map<string, Link>()
    for (const [name, l] of held.link)
      link.set(name, l.kind === 'veth' ? withPeer(l, byIndex.get(l.linkIndex ?? 0) ?? [], desired) : l)
    state.set(node, { ...held, link })
  }
  return state
}

function withPeer(l: Link, candidates: readonly Link[], desired: State | undefined): Link {
  const fitting = candidates.filter(other => other.linkIndex === l.index && other !== l)
  const wanted = desired?.get(l.node)?.link.get(l.name)?.peer
  const peer = fitting.find(other => other.node === wanted?.node && other.name === wanted.name) ?? fitting[0]
  return peer === undefined ? l : { ...l, peer: { node: peer.node, name: peer.name } }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** The kernel → what a lab's namespaces hold. */
import type { LabSpace } from '../kernel/kernel.js'
import type { Link, NodeState, Resource, ResourceOf, ResourceType, State, Sysctl } from '../model/state.js'
import type { Batch } from '../netlink/batch.js'
import { kindOf, type ReadContext } from '../resources/index.js'

export interface ObserveOptions {
  /** Which sysctls to read in a node: only those that somebody said something about. */
  readonly sysctls: (node: string) => Iterable<string>
  /** Where a veth's peer cannot be told for sure, the one that is wanted is believed to be it. */
  readonly desired?: State
  /** All of the lab's, unless some are named. */
  readonly nodes?: readonly string[]
}

const read = ['address', 'route', 'rule', 'neighbor'] as const
type Dumped = (typeof read)[number] | 'link'

/** The requests are the same for every namespace. */
const requests = new Map<Dumped, readonly Batch[]>()

/** Reads everything that the lab's nodes hold. */
export function observe(space: LabSpace, options: ObserveOptions): State {
  const state = new Map<string, NodeState>()
  const only = options.nodes && new Set(options.nodes)
  for (const [node, inode] of space.nodes()) {
    if (!only || only.has(node)) state.set(node, observeNode(space, [node, inode], options))
  }
  space.home()
  return withPeers(state, options.desired)
}

function observeNode(space: LabSpace, [node, inode]: readonly [string, number], options: ObserveOptions): NodeState {
  const names = new Map<number, string>()
  const context: ReadContext = { node, linkName: index => names.get(index) }
  // Links first, for their names, and once more for those that name others (bridges, parents).
  const bodies = answers(space, node, 'link')
  for (const body of bodies) rememberName(names, readAs('link', body, context))
  const links = byKey(
    'link',
    bodies.map(body => readAs('link', body, context)),
  )
  const [address, route, rule, neighbor] = read.map(type =>
    byKey(
      type,
      answers(space, node, type).map(body => readAs(type, body, context)),
    ),
  )
  return {
    namespace: { type: 'namespace', node, inode },
    link: links,
    ...({ address, route, rule, neighbor } as Pick<NodeState, (typeof read)[number]>),
    sysctl: readSysctls(space, node, options.sysctls(node)),
  }
}

function answers(space: LabSpace, node: string, type: Dumped): readonly Buffer[] {
  const batches = requests.get(type) ?? kindOf(type).requests!()
  requests.set(type, batches)
  return batches.flatMap(batch => space.dump(node, batch).map(answer => answer.body))
}

function readAs<T extends Dumped>(type: T, body: Buffer, context: ReadContext): ResourceOf<T> | undefined {
  return kindOf(type).read!(body, context) as ResourceOf<T> | undefined
}

function rememberName(names: Map<number, string>, link: Link | undefined): void {
  if (link) names.set(link.index!, link.name)
}

function byKey<T extends ResourceType>(
  type: T,
  resources: readonly (ResourceOf<T> | undefined)[],
): ReadonlyMap<string, ResourceOf<T>> {
  const { key } = kindOf(type)
  const map = new Map<string, ResourceOf<T>>()
  for (const resource of resources) if (resource) map.set(key(resource as Resource), resource)
  return map
}

function readSysctls(space: LabSpace, node: string, names: Iterable<string>): ReadonlyMap<string, Sysctl> {
  const settings = new Map<string, Sysctl>()
  for (const name of names) {
    const value = space.readSysctl(node, name)
    if (value !== undefined)
      settings.set(name, { type: 'sysctl', node, name, value: value.replace(/\s+/g, ' ').trim() })
  }
  return settings
}

/** A veth's two ends name each other's index; indexes are unique in labs that nstopo made. */
function withPeers(state: Map<string, NodeState>, desired: State | undefined): State {
  const byIndex = new Map<number, Link[]>()
  for (const { link } of state.values())
    for (const l of link.values()) if (l.kind === 'veth') append(byIndex, l.index!, l)
  for (const [node, held] of state) {
    const link = new Map(held.link)
    for (const l of held.link.values())
      if (l.kind === 'veth') link.set(l.name, withPeer(l, byIndex.get(l.linkIndex ?? 0) ?? [], desired))
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

/** What each resource is to the passes: how it is named, read, compared, written and printed. */
import type { FieldChange, Operation, Order, Verb } from '../model/plan.js'
import type { File, Host, NodeState, Resource } from '../model/state.js'
import type { Batch, Body } from '../netlink/batch.js'

/** What reading a namespace's answers needs to know of it. */
export interface ReadContext {
  readonly node: string
  /** Undefined for an index that the namespace doesn't have. */
  linkName(index: number): string | undefined
  /**
   * What is compared with what is read. Of routes and rules that the kernel makes by itself, most are then passed over:
   * only what is said of the same name can differ from one. Without it, all are read.
   */
  readonly said?: NodeState
}

/** What writing a message needs to know of the machine. */
export interface WriteContext {
  /** The number of a link; throws for one that neither exists nor is planned. */
  index(node: string, link: string): number
  /** A descriptor of a node's namespace. */
  descriptor(node: string): number
}

/** How an operation is carried out: by a message from a namespace, or by a call. */
export type Act =
  | { readonly by: 'message' /** undefined: from the machine's own namespace */; readonly from: string | undefined }
  | { readonly by: 'create-node'; readonly node: string }
  | { readonly by: 'remove-node'; readonly node: string }
  | { readonly by: 'sysctl'; readonly node: string; readonly name: string; readonly value: string }
  | { readonly by: 'create-host' | 'update-host'; readonly host: Host }
  | { readonly by: 'remove-host'; readonly node: string }
  | { readonly by: 'put-file'; readonly file: File }
  | { readonly by: 'remove-file'; readonly node: string; readonly path: string }
  /** Collected, as messages are: processes start side by side. */
  | { readonly by: 'order'; readonly order: Order }
  | {
      readonly by: 'device'
      readonly node: string
      readonly name: string
      readonly mode: 'tap' | 'tun'
      readonly index: number
      readonly owner?: number
    }

export interface ResourceKind<R extends Resource> {
  readonly type: R['type']
  /** Tells it from others of its kind in the same node. */
  key(resource: R): string
  /** In plain words: `address 10.0.0.1/24 on eth0`. */
  name(resource: R): string
  /** The properties in which `observed` is not as `desired` wants it. */
  compare(desired: R, observed: R): readonly FieldChange[]
  /** Whether the kernel makes these changes in place. */
  updatable(changes: readonly FieldChange[], observed: R): boolean
  /** The kernel's own, ours by its mark, or unmarked. */
  owner(observed: R): 'kernel' | 'marked' | 'unmarked'
  /** Whether a desired one, once it is there, looks like the kernel's own: then only a record can tell. */
  blends?(desired: R): boolean
  /** Identifiers of what must be done before it is made or changed; see `id`. */
  needs(resource: R): readonly string[]
  /** Identifiers of what stands once it is made or changed. */
  provides(resource: R, verb: Verb): readonly string[]
  act(operation: Operation): Act
  /** Appends the messages for an operation that goes by message. */
  write?(batch: Batch, operation: Operation, context: WriteContext): void
  /** The message that asks for all of them in one namespace. */
  request?(): Batch
  /** Undefined for what is never shown. */
  read?(body: Body, context: ReadContext): R | undefined
  /** Commands of iproute2 and procps that do the same, word by word. */
  words(operation: Operation, lab: string): readonly (readonly string[])[]
}

/** Identifiers for needs. */
export const id = {
  namespace: (node: string) => nameOf(idsOf(node), 'namespace', node),
  /** What interfaces of the node start with. */
  defaults: (node: string) => nameOf(idsOf(node), 'defaults', node),
  /** Every route of the node. */
  routes: (node: string) => nameOf(idsOf(node), 'routes', node),
  /** The link exists. */
  link: (node: string, link: string) => nameOf(linkIdsOf(node, link), 'link', node, link),
  /** The link is as it should be: up, in its bridge. */
  ready: (node: string, link: string) => nameOf(linkIdsOf(node, link), 'ready', node, link),
  /** The link with all the addresses that the file gives it. */
  addresses: (node: string, link: string) => nameOf(linkIdsOf(node, link), 'addresses', node, link),
  /** The IPv6 settings of one link. */
  settings: (node: string, link: string) => nameOf(linkIdsOf(node, link), 'settings', node, link),
  host: (node: string) => `host ${node}`,
  file: (node: string, path: string) => `file ${node} ${path}`,
  process: (node: string, name: string) => `process ${node} ${name}`,
  address: (node: string, address: string) => `address ${node} ${address}`,
  sysctl: (node: string, name: string) => `sysctl ${node} ${name}`,
} as const

/** A plan asks for the same few of every node again and again, so each is made once. */
interface NodeIds {
  namespace?: string
  defaults?: string
  routes?: string
  readonly links: Map<string, LinkIds>
}

interface LinkIds {
  link?: string
  ready?: string
  addresses?: string
  settings?: string
}

const ids = new Map<string, NodeIds>()

/** Identifiers are made for one plan, and are as many as its resources. */
export function forgetIds(): void {
  ids.clear()
}

function idsOf(node: string): NodeIds {
  const known = ids.get(node)
  if (known) return known
  const made: NodeIds = { links: new Map() }
  ids.set(node, made)
  return made
}

function linkIdsOf(node: string, link: string): LinkIds {
  const { links } = idsOf(node)
  const known = links.get(link)
  if (known) return known
  const made: LinkIds = {}
  links.set(link, made)
  return made
}

function nameOf<W extends string>(known: { [what in W]?: string }, what: W, node: string, link = ''): string {
  const name = known[what]
  if (name !== undefined) return name
  const made = `${what} ${node} ${link}`
  known[what] = made
  return made
}

/** The namespace's name for iproute2. */
export function namespaceName(lab: string, node: string): string {
  return `${lab}.${node}`
}

/** Whether two values of plain data are equal; a property of `undefined` is none. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) && a.length !== (b as readonly unknown[]).length) return false
  const [one, other] = [a, b] as Record<string, unknown>[]
  for (const key in one) if (!same(one[key], other![key])) return false
  for (const key in other) if (one![key] === undefined && other[key] !== undefined) return false
  return true
}

/** Compares the named fields of two resources. */
export function differences<R>(fields: readonly (keyof R & string)[], desired: R, observed: R): readonly FieldChange[] {
  const changes: FieldChange[] = []
  for (const field of fields) {
    const [from, to] = [observed[field], desired[field]]
    if (!same(from, to)) changes.push({ field, from, to })
  }
  return changes
}

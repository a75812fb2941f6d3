/** What the parts of the library share of a lab: its kernel, its name, and what is open in its nodes. */
import type { Kernel, LabSpace } from '../kernel/kernel.js'
import { LabError } from './failure.js'

export interface Context {
  readonly name: string
  readonly kernel: Kernel
  /** What closes this program's sockets, with the node that each is in: an open one keeps the node's network alive. */
  readonly open: Map<() => void, string>
  /** Programs that were run, for the report of a failure: texts that grow while they run. */
  readonly ran: Ran[]
}

export interface Ran {
  readonly node: string
  readonly command: readonly string[]
  /** What it has written so far. */
  readonly text: () => string
}

/** Closes what is open in the nodes that do not stay. */
export function closeOthers({ open }: Context, staying: ReadonlySet<string>): void {
  for (const [close, node] of open)
    if (!staying.has(node)) {
      open.delete(close)
      close()
    }
}

const mostRemembered = 50

/** The last ones, for the report of a failure. */
export function remember({ ran }: Context, one: Ran): void {
  ran.push(one)
  if (ran.length > mostRemembered) ran.shift()
}

/** What is held of the lab's nodes is let go at the end: they may be others by the next call. */
export function withSpace<T>({ kernel, name }: Context, work: (space: LabSpace) => T): T {
  const space = kernel.space(name)
  try {
    return work(space)
  } finally {
    space.close()
  }
}

export function nodesOf(context: Context): readonly string[] {
  return withSpace(context, space => [...space.nodes().keys()])
}

/** @throws LabError that names those that there are */
export function checkedNode(context: Context, node: string): string {
  const all = nodesOf(context)
  if (all.includes(node)) return node
  const shown = all.length > 12 ? [...all.slice(0, 12), '…'] : all
  throw new LabError(`the lab ${context.name} has no node ${node}; there is ${shown.join(', ') || 'none: it is down'}`)
}

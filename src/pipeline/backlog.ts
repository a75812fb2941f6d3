/** What was heard of a lab → what has to be looked at next. */
import type { Heard } from '../kernel/kernel.js'

export interface Backlog {
  readonly nodes: ReadonlySet<string>
  /** Everything is to be compared. */
  readonly all: boolean
  readonly names: boolean
  readonly overflow: boolean
  /** When everything is compared without being asked to, of `performance.now()`. */
  readonly due: number
}

/** At first, nothing is known of anything. */
export const unseen: Backlog = {
  nodes: new Set(),
  all: true,
  names: true,
  overflow: false,
  due: Number.POSITIVE_INFINITY,
}

export function withHeard(backlog: Backlog, heard: Heard, now: number): Backlog {
  const overflow = backlog.overflow || heard.overflow
  return {
    ...{ due: backlog.due, overflow, names: backlog.names || heard.names },
    nodes: new Set([...backlog.nodes, ...heard.nodes]),
    all: backlog.all || overflow || now >= backlog.due,
  }
}

/** What is left when it was all looked at. @param every milliseconds until that is due again */
export function lookedAt(backlog: Backlog, now: number, every: number | undefined): Backlog {
  const due = backlog.all && every !== undefined ? now + every : backlog.due
  return { nodes: new Set(), all: false, names: false, overflow: false, due }
}

export function isEmpty({ nodes, all, names }: Backlog): boolean {
  return nodes.size === 0 && !all && !names
}

/** Where the time of a run goes: work in, its spans taken down in a trace, when somebody asked for one. */

/** What is timed: a phase of the program, or a call of the kernel. */
export interface About {
  readonly name: string
  readonly category: 'phase' | 'kernel'
  /** The kernel's name of the message, such as `RTM_NEWLINK`. */
  readonly message?: string
  /** How many messages, or calls. */
  readonly count?: number
  /** What else is known: the node, how many answers came. */
  readonly more?: Readonly<Record<string, string | number>>
}

/** Milliseconds since the process began. */
export interface Span extends About {
  readonly start: number
  readonly duration: number
  /** Inside of how many others: the nearest one before with a smaller depth is the one that it is a part of. */
  readonly depth: number
}

/** Takes spans down, of one run at a time. */
export interface Trace {
  /** Does the work as a part of the span that is open; a promise's lasts until it is kept. */
  span<T>(about: About, work: () => T): T
}

/** Does the work, as a phase of the trace if there is one. */
export function traced<T>(trace: Trace | undefined, name: string, work: () => T): T {
  return trace ? trace.span({ name, category: 'phase' }, work) : work()
}

/** Who watches where this process's time goes, when `--timings` or `--profile` asked for it; nobody otherwise. */
import type { Kernel } from '../../src/kernel/kernel.js'
import type { Trace } from '../../src/model/trace.js'
import type { Timings } from '../../src/render/schemas/envelope.js'

export interface Watch {
  readonly trace: Trace
  /** The kernel with each of its calls in the trace. */
  kernel(kernel: Kernel): Kernel
  /** What `--json` prints of it, so that nothing else is printed at the end; undefined when `--timings` was not given. */
  document(): Timings | undefined
  /** Tells what was asked for, once; returns the exit status, which is another when the trace can't be written. */
  end(status: number): number
}

/** Milliseconds since the process began: when its first line ran, and when the command was loaded. */
export interface Marks {
  readonly begun: number
  readonly loaded: number
}

let watch: Watch | undefined

export function watching(): Watch | undefined {
  return watch
}

/** A process runs one command. */
export function watchBy(found: Watch): void {
  watch = found
}

/** Does the work, as a phase if somebody watches. */
export function watched<T>(name: string, work: () => T): T {
  return watch ? watch.trace.span({ name, category: 'phase' }, work) : work()
}

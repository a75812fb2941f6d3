/** How many namespaces are about to be wanted in; descriptors of new ones out, made by a second thread meanwhile. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Whoever takes nothing loses nothing: what is not there yet, the first thread makes by itself. */
export interface Ahead {
  /** A descriptor of a new namespace, to be closed by who takes it; undefined where none is there just now. */
  take(): number | undefined
  /** The second thread ends, and closes what was not taken. */
  stop(): void
}

/** Where the two threads meet: numbers in shared memory, then a ring of descriptors. */
export const meeting = { stop: 0, made: 1, taken: 2, elsewhere: 3, ring: 4 } as const
export const ringSize = 128

const beside = fileURLToPath(new URL('ahead-thread.cjs', import.meta.url))

/** Starting a thread takes as long as making 60 namespaces. */
const fewest = 100

/**
 * Making a namespace is half of the kernel's work for a lab, and needs the lock of the other half (RTNL) for a small part
 * of it alone: with two threads a chain of 1000 is up in four fifths of the time. Undefined where it would not help: for
 * few nodes, on one processor, and in a checkout that is not built.
 */
export function makeAhead(count: number, script = beside): Ahead | undefined {
  if (count < fewest || availableParallelism() < 2 || !existsSync(script)) return undefined
  const { Worker } = createRequire(import.meta.url)('node:worker_threads') as typeof import('node:worker_threads')
  const shared = new Int32Array(new SharedArrayBuffer(4 * (meeting.ring + ringSize)))
  const worker = new Worker(script, { workerData: { shared, count } })
  // Whatever becomes of it, the first thread goes on.
  worker.on('error', () => {})
  worker.unref()
  return { take: () => take(shared), stop: () => stop(shared) }
}

function take(shared: Int32Array): number | undefined {
  const taken = shared[meeting.taken]!
  if (taken === Atomics.load(shared, meeting.made)) {
    Atomics.add(shared, meeting.elsewhere, 1)
    return undefined
  }
  const descriptor = shared[meeting.ring + (taken % ringSize)]!
  Atomics.store(shared, meeting.taken, taken + 1)
  Atomics.notify(shared, meeting.taken)
  return descriptor
}

function stop(shared: Int32Array): void {
  Atomics.store(shared, meeting.stop, 1)
  Atomics.notify(shared, meeting.taken)
}

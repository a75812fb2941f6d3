/** How many namespaces are about to be wanted in; descriptors of new ones out, made by a second thread meanwhile. */
import { hasDescriptors } from './limits/descriptors.js'
import { scriptOf, startThread } from './second-thread.js'

/** Whoever takes nothing loses nothing: what is not there yet, the first thread makes by itself. */
export interface NamespacesAhead {
  /** A descriptor of a new namespace, to be closed by who takes it; undefined where none is there just now. */
  take(): number | undefined
  /** The second thread ends, and closes what was not taken. */
  stop(): void
}

/** Where the two threads meet: numbers in shared memory, then a ring of descriptors. */
export const meeting = { stop: 0, made: 1, taken: 2, elsewhere: 3, ring: 4 } as const
export const ringSize = 128

/**
 * Making a namespace is half of the kernel's work for a lab, and needs the lock of the other half (RTNL) for a small part
 * of it alone: with two threads a chain of 1000 is up in seven eighths of the time. Undefined where it would not help.
 */
export function makeNamespacesAhead(count: number, script = scriptOf('namespaces')): NamespacesAhead | undefined {
  // Where there is room for few, the first thread has it.
  if (!hasDescriptors(2 * ringSize)) return undefined
  const shared = new Int32Array(new SharedArrayBuffer(4 * (meeting.ring + ringSize)))
  if (!startThread(script, { shared, count }, count)) return undefined
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

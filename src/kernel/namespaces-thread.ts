/** The second thread: makes namespaces, and puts their descriptors where the first takes them (see `namespaces-ahead.ts`). */
import { workerData } from 'node:worker_threads'
import { CLONE_NEWNET, O_CLOEXEC } from '../../native/constants.js'
import { close, open, unshare } from '../../native/libc.js'
import { makeRoom } from './kept.js'
import { meeting, ringSize } from './namespaces-ahead.js'

const { shared, count } = workerData as { readonly shared: Int32Array; readonly count: number }

const load = (index: number): number => Atomics.load(shared, index)

/** Until there are as many as are wanted; the first thread's own count too. */
function makeAll(): void {
  for (let made = 0; made + load(meeting.elsewhere) < count; made++) {
    const taken = load(meeting.taken)
    if (made - taken === ringSize) Atomics.wait(shared, meeting.taken, taken)
    if (load(meeting.stop) === 1 || unshare(CLONE_NEWNET) < 0) return
    const descriptor = open('/proc/thread-self/ns/net', O_CLOEXEC, 0)
    if (descriptor < 0) return
    shared[meeting.ring + (made % ringSize)] = descriptor
    Atomics.store(shared, meeting.made, made + 1)
  }
}

/** After `stop` nobody takes any more. */
function closeRest(): void {
  while (load(meeting.stop) === 0) Atomics.wait(shared, meeting.taken, load(meeting.taken), 10)
  for (let taken = load(meeting.taken); taken < load(meeting.made); taken++)
    close(shared[meeting.ring + (taken % ringSize)]!)
}

makeRoom(2 * ringSize)
makeAll()
closeRest()

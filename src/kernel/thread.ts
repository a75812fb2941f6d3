/** Which network namespace the main thread is in: it goes to others to work there, and comes home before anything else runs. */
import { stat } from 'node:fs'
import { constants as os } from 'node:os'
import { CLONE_NEWNET, O_CLOEXEC } from '../../native/constants.js'
import { close, open, setns, unshare } from '../../native/libc.js'
import { checked } from './errors.js'
import { makeNamespacesAhead, type NamespacesAhead } from './namespaces-ahead.js'

/** The namespace that nstopo was started in. */
let first: number | undefined
/** Names the namespace that the thread is in now; undefined at home. Threads are the process's, so this is too. */
let current: string | undefined

/** Whether the thread is in the namespace of that name. */
export function isAt(name: string): boolean {
  return current === name
}

/** Switches to a namespace; the descriptor is asked for only when the thread is elsewhere. */
export function goTo(name: string, descriptor: () => number): void {
  if (current === name) return
  const fd = descriptor()
  leaveHome()
  checked(setns(fd, CLONE_NEWNET), () => `enter the namespace of ${name}`)
  current = name
}

/** Switches to a new, empty namespace, which lives as long as the thread is in it or it is pinned. */
export function goToNew(name: string): void {
  leaveHome()
  const made = () => `make a network namespace for ${name}`
  const spare = spares.pop() ?? ahead?.take()
  if (spare === undefined) checked(unshareSoon(), made)
  else {
    const entered = setns(spare, CLONE_NEWNET)
    close(spare)
    checked(entered, made)
  }
  current = name
}

const tries = 40
const betweenTries = 25

/**
 * The kernel frees namespaces later than their last user leaves, and counts them until then: where the limit is reached
 * (ENOSPC), room may come of itself within a moment.
 */
function unshareSoon(): number {
  for (let left = tries; ; left--) {
    const result = unshare(CLONE_NEWNET)
    if (result !== -os.errno.ENOSPC || left === 0) return result
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenTries)
  }
}

/**
 * Looks around in a new namespace. It is kept for the next `goToNew`: the kernel's worker that frees one would be in the
 * way of those who make others, for some 10 ms.
 */
export function inNew<T>(look: () => T): T {
  return orHome(() => {
    goHome()
    goToNew('a scratch namespace')
    const seen = look()
    spares.push(checked(open('/proc/thread-self/ns/net', O_CLOEXEC, 0), 'keep the scratch namespace'))
    goHome()
    return seen
  })
}

/** Opens something in a new namespace that is nobody else's, and lives as long as what was opened. */
export function openInNew(open: () => number): number {
  return orHome(() => {
    goHome()
    goToNew('a scratch namespace')
    const opened = open()
    goHome()
    return opened
  })
}

/** Descriptors of namespaces that are new and nobody's. */
const spares: number[] = []
let ahead: NamespacesAhead | undefined

/** So many are wanted soon: a second thread begins to make them. */
export function expectNew(count: number): void {
  prepareHome()
  goHome()
  ahead ??= makeNamespacesAhead(count)
}

/** Lets go of new namespaces that nobody took. */
export function dropSpares(): void {
  ahead?.stop()
  ahead = undefined
  for (const spare of spares.splice(0)) close(spare)
}

/** Comes back to the namespace that nstopo was started in. */
export function goHome(): void {
  if (current === undefined) return
  checked(setns(first!, CLONE_NEWNET), 'return to the first namespace')
  current = undefined
}

/** Runs `work`; if it throws, the thread comes home first. */
export function orHome<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    goHome()
    throw error
  }
}

function leaveHome(): void {
  if (current !== undefined) return
  prepareHome()
  // Nobody can forget to come home: whatever called us, this runs before the event loop does.
  queueMicrotask(goHome)
}

function prepareHome(): void {
  first ??= prepare()
}

function prepare(): number {
  // libuv starts its pool threads at their first work, in the namespace of that moment, for good: so now.
  stat('/', () => {})
  const first = openFirst()
  // The root of a user namespace may leave the machine's own network namespace, and never come back: home is an empty one.
  if (setns(first, CLONE_NEWNET) !== -os.errno.EPERM) return first
  close(first)
  checked(unshareSoon(), 'make a network namespace to come back to')
  return openFirst()
}

function openFirst(): number {
  return checked(open('/proc/thread-self/ns/net', O_CLOEXEC, 0), 'open the first namespace')
}

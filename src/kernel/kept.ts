/** Descriptors by name, opened when asked for; past a limit, the one that was not asked for longest is closed. */
import { F_DUPFD_CLOEXEC } from '../../native/constants.js'
import { close, fcntl } from '../../native/libc.js'

export interface Kept {
  get(name: string): number
  /** Takes one over that was opened elsewhere. */
  put(name: string, descriptor: number): void
  forget(name: string): void
  clear(): void
}

/** At most `limit` descriptors, which `open` opens; those handed out stay good until `limit` others were asked for. */
export function kept(limit: number, open: (name: string) => number): Kept {
  // A Map keeps the order of insertion, and what is asked for is inserted anew: the first is the oldest.
  const held = new Map<string, number>()
  const put = (name: string, descriptor: number) => {
    held.set(name, descriptor)
    if (held.size > limit) forget(held.keys().next().value!)
  }
  const forget = (name: string) => {
    const descriptor = held.get(name)
    if (descriptor !== undefined) close(descriptor)
    held.delete(name)
  }
  const get = (name: string) => {
    const descriptor = held.get(name)
    if (descriptor === undefined) {
      const opened = open(name)
      put(name, opened)
      return opened
    }
    held.delete(name)
    held.set(name, descriptor)
    return descriptor
  }
  return { get, put, forget, clear: () => [...held.keys()].forEach(forget) }
}

/**
 * Makes room for that many descriptors at once. A process begins with room for 64; where it needs more, and has several
 * threads, the kernel waits for RCU, some 25 ms: better in a thread for which nobody waits.
 */
export function makeRoom(count: number): void {
  const high = fcntl(0, F_DUPFD_CLOEXEC, count - 1)
  if (high >= 0) close(high)
}

/** Descriptors by name, opened when asked for; past a limit, the one that was not asked for longest is closed. */
import { F_DUPFD_CLOEXEC, RLIMIT_NOFILE } from '../../native/constants.js'
import { close, fcntl, getrlimit } from '../../native/libc.js'

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
    makeRoom(descriptor)
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

/** A process starts with room for 64 descriptors. */
const almostFull = 56
let roomy = false

/**
 * The kernel doubles a process's table of descriptors each time it is full, and with several threads, as Node has, each
 * time waits for RCU: some 10 ms. Asking for a high number once makes room for all of them.
 */
function makeRoom(descriptor: number): void {
  if (roomy || descriptor < almostFull) return
  roomy = true
  const high = fcntl(descriptor, F_DUPFD_CLOEXEC, 2 * descriptorBudget() - 1)
  if (high >= 0) close(high)
}

/** How many of a sort to hold open: a quarter of what the process may have, at least 200 and at most 2048. */
export function descriptorBudget(): number {
  const limit = Buffer.alloc(16)
  const soft = getrlimit(RLIMIT_NOFILE, limit) < 0 ? 1024 : Number(limit.readBigUInt64LE(0))
  return Math.min(Math.max(Math.floor(soft / 4), 200), 2048)
}

/** A process, told by its number and its start, in; that very one signalled or watched, never one that got the number later (pidfd_open(2)). */
import { close, pidfdOpen, pidfdSendSignal } from '../../../native/libc.js'
import { isAlive, processStat } from './living.js'
import type { Identity } from './steps.js'

/** A process that is there now. */
export function identify(pid: number): Identity | undefined {
  const stat = processStat(pid)
  return stat && { pid, start: stat.start }
}

/** A descriptor of just that process, to be closed; undefined where it has ended. */
export function openProcess(identity: Identity): number | undefined {
  const pidfd = pidfdOpen(identity.pid, 0)
  if (pidfd < 0) return undefined
  // Only with the descriptor in hand a number can't change its owner any more.
  if (isAlive(identity)) return pidfd
  close(pidfd)
  return undefined
}

/** Whether it was there to be told. */
export function signalProcess(identity: Identity, signal: number): boolean {
  const pidfd = openProcess(identity)
  if (pidfd === undefined) return false
  const result = pidfdSendSignal(pidfd, signal, null, 0)
  close(pidfd)
  return result === 0
}

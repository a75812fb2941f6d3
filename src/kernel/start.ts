/** A node in; what has to be executed, and from where, for a program of it to be started while this process goes on, out. */
import { CLONE_NEWUTS, O_CLOEXEC } from '../../native/constants.js'
import { close, open, setns } from '../../native/libc.js'
import type { Door } from './enter.js'
import { checked } from './errors.js'
import { intoHost, ownSys, stepsAs } from './host/into.js'
import { launcher } from './host/launch.js'
import { livingHost, type Place, recordedInit } from './host/living.js'
import { enterUts } from './host/uts.js'
import { type Entry, type Starter, SystemError } from './kernel.js'
import { pinPath } from './names.js'
import { goHome, goTo } from './thread.js'

/**
 * Calls `start` where the words that it is given lead into the node. Into a host the launcher goes by itself; into a plain
 * node the thread goes first, and comes back.
 * @throws SystemError ESRCH where the node's host has ended
 */
export function startIn<T>(place: Place, { node, open: opened }: Door, entry: Entry, start: Starter<T>): T {
  const { command, user, workdir } = entry
  const host = livingHost(place, node)
  const environment = { ...entry.environment, ...host?.host.environment, ...entry.variables }
  if (host) {
    const child = host.host.isolate.includes('pid') ? 'wait' : 'become'
    return start(intoHost(host, command, { user, workdir, child }), environment)
  }
  if (recordedInit(place, node))
    throw new SystemError(`enter the host ${node}`, 'ESRCH', 'its init has ended: nstopo up makes it anew')
  goTo(pinPath(place.names, node), opened)
  try {
    return inUts(place, node, () => start(launcher([...ownSys, ...stepsAs({ user, workdir })], command), environment))
  } finally {
    goHome()
  }
}

/** The thread has the node's hostname for the time of `work`. */
function inUts<T>(place: Place, node: string, work: () => T): T {
  const own = checked(open('/proc/thread-self/ns/uts', O_CLOEXEC, 0), 'open our UTS namespace')
  try {
    enterUts(place.names, node)
    return work()
  } finally {
    const back = setns(own, CLONE_NEWUTS)
    close(own)
    checked(back, 'return to our UTS namespace')
  }
}

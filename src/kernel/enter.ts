/** A node and a command in; what leads there out: to become it, or to have it started beside this process (setns(2), execve(2)). */
import { become } from './become.js'
import { intoHost, intoPlain } from './host/into.js'
import { livingHost, type Place, recordedInit } from './host/living.js'
import { type Entry, type Starter, SystemError } from './kernel.js'

/**
 * This process's image is replaced, so nothing of ours stays behind. Returns only to throw; of what is refused on the way it is
 * the launcher that tells (host/launch.ts), as of a command that is not there (127) or can't be executed (126).
 * @throws SystemError ESRCH where the node's host has ended
 */
export function enterNode(place: Place, node: string, entry: Entry): never {
  return startIn(place, node, entry, become)
}

/**
 * Calls `start` with the words, and the environment, that lead into the node.
 * @throws SystemError ESRCH where the node's host has ended
 */
export function startIn<T>(place: Place, node: string, { command, ...entry }: Entry, start: Starter<T>): T {
  const host = livingHost(place, node)
  if (!host && recordedInit(place, node))
    throw new SystemError(`enter the host ${node}`, 'ESRCH', 'its init has ended: nstopo up makes it anew')
  const environment = { ...entry.environment, ...host?.host.environment, ...entry.variables }
  return start(host ? intoHost(host, command, entry) : intoPlain(place.names, node, command, entry), environment)
}

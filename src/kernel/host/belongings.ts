/** Nodes in; the namespaces that are theirs alone, by which whatever runs in them is found, out (proc_pid_ns(5)). */
import { list } from '../folders.js'
import { ancestors, residentsOf, type Wanted } from '../holders.js'
import { utsPath } from '../names.js'
import { inodeOf, linkTarget, ownerOf, withDescriptor } from '../nsfs.js'
import { endProcesses } from '../processes.js'
import { madeInside } from './descent.js'
import { isAlive, madeHost, type Place, recordedInit } from './living.js'
import { hasUsers } from './make.js'

const kinds = ['mnt', 'pid', 'uts', 'ipc', 'user', 'cgroup', 'time'] as const

/**
 * All but the network. What is pinned, or held by an init that lives, is nobody else's: a number that stands somewhere
 * else may have a new owner, so it is never taken from there. What the machine's first process is in is left out, too.
 */
export function belongings(place: Place, nodes: Iterable<string>): Wanted {
  const found = knownHosts(place, nodes).flatMap(node => ownOf(place, node).map(name => [name, node] as const))
  if (found.length === 0) return new Map()
  const machines = new Set(['1', 'self'].flatMap(process => namespacesOf(process)))
  const own = new Map(found.filter(([name]) => !machines.has(name)))
  return new Map([...own, ...madeInside(own)])
}

/** Those that have, or had, more than their network. */
export function knownHosts({ names: { folder } }: Place, nodes: Iterable<string>): readonly string[] {
  const known = new Set([...list(`${folder}/uts`), ...list(`${folder}/host`)])
  return known.size === 0 ? [] : [...nodes].filter(node => known.has(node))
}

function ownOf(place: Place, node: string): readonly string[] {
  const path = utsPath(place.names, node)
  const uts = inodeOf(path)
  const init = recordedInit(place, node)
  return [
    ...(uts === undefined ? [] : [`uts:[${uts}]`, ...usersOf(place, node, path)]),
    ...(init && isAlive(init) ? namespacesOf(`${init.pid}`) : []),
  ]
}

/** The users of a host that has its own: they own its pinned host name, whether its init lives or not. */
function usersOf(place: Place, node: string, pinned: string): readonly string[] {
  const made = madeHost(place, node)
  const owner = made && hasUsers(made.host) ? withDescriptor(pinned, ownerOf) : undefined
  return owner === undefined ? [] : [`user:[${owner}]`]
}

function namespacesOf(process: string): readonly string[] {
  return kinds.flatMap(kind => linkTarget(`/proc/${process}/ns/${kind}`) ?? [])
}

/** Ends what is in a host, asked first and then told; but not this process, nor those that started it. */
export function endResidents(find: () => Wanted): void {
  const spared = ancestors()
  endProcesses(() => residentsOf(find()).filter(pid => !spared.has(pid)))
}

/** Nodes in; the namespaces that are theirs alone, by which whatever runs in them is found, out (proc_pid_ns(5)). */
import { list } from '../folders.js'
import { ancestors, residentsOf, type Wanted } from '../holders.js'
import { utsPath } from '../names.js'
import { inodeOf, linkTarget } from '../nsfs.js'
import { endProcesses } from '../processes.js'
import { isAlive, type Place, recordedInit } from './living.js'

const kinds = ['mnt', 'pid', 'uts', 'ipc', 'user', 'cgroup', 'time'] as const

/**
 * All but the network. What is pinned, or held by an init that lives, is nobody else's: a number that stands somewhere
 * else may have a new owner, so it is never taken from there. What the machine's first process is in is left out, too.
 */
export function belongings(place: Place, nodes: Iterable<string>): Wanted {
  const found = knownHosts(place, nodes).flatMap(node => ownOf(place, node).map(name => [name, node] as const))
  if (found.length === 0) return new Map()
  const machines = new Set(['1', 'self'].flatMap(process => namespacesOf(process)))
  return new Map(found.filter(([name]) => !machines.has(name)))
}

/** Those that have, or had, more than their network. */
export function knownHosts({ names: { folder } }: Place, nodes: Iterable<string>): readonly string[] {
  const known = new Set([...list(`${folder}/uts`), ...list(`${folder}/host`)])
  return known.size === 0 ? [] : [...nodes].filter(node => known.has(node))
}

function ownOf(place: Place, node: string): readonly string[] {
  const uts = inodeOf(utsPath(place.names, node))
  const init = recordedInit(place, node)
  return [...(uts === undefined ? [] : [`uts:[${uts}]`]), ...(init && isAlive(init) ? namespacesOf(`${init.pid}`) : [])]
}

function namespacesOf(process: string): readonly string[] {
  return kinds.flatMap(kind => linkTarget(`/proc/${process}/ns/${kind}`) ?? [])
}

/** Ends what is in a host, asked first and then told; but not this process, nor those that started it. */
export function endResidents(find: () => Wanted): void {
  const spared = ancestors()
  endProcesses(() => residentsOf(find()).filter(pid => !spared.has(pid)))
}

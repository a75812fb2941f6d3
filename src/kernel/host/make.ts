/** A host in; the steps that make its namespaces and end as its init out (namespaces(7)). */
import type { Host } from '../../model/state.js'
import { namespacePath } from '../namespaces.js'
import { lastGroup } from './ids.js'
import { ownSys } from './into.js'
import { initPath, type Place } from './living.js'
import type { Kind, Step } from './steps.js'

/**
 * What of the mounts belongs to the machine's user namespace is done before the node's is made; what the node's root shall
 * own, afterwards; what a namespace's first process alone can do, after the fork.
 */
export function initSteps(place: Place, host: Host, groups: readonly string[] = []): readonly Step[] {
  const { isolate, users, time } = host
  const has = (kind: Host['isolate'][number]) => isolate.includes(kind)
  const owned = hasUsers(host)
  const inner: readonly Kind[] = [
    ...(owned && has('mount') ? (['mnt'] as const) : []),
    'uts',
    ...(['ipc', 'cgroup', 'pid', 'time'] as const).filter(has),
  ]
  return [
    { do: 'start', path: initPath(place, host.node) },
    ...groups.map(path => ({ do: 'group', path }) as const),
    { do: 'net', path: namespacePath(place.names, host.node) },
    ...(has('mount') ? ownMounts(place) : []),
    ...(owned ? openNetwork() : []),
    ...(owned ? [{ do: 'users', uids: users?.uids ?? [rootAlone], gids: users?.gids ?? [rootAlone] } as const] : []),
    { do: 'unshare', kinds: inner },
    ...(time && has('time') ? [{ do: 'offsets', ...time } as const] : []),
    ...(has('pid') || has('time') ? [{ do: 'fork' } as const] : []),
    { do: 'hostname', name: host.hostname },
    ...(has('mount') ? ownView(has) : []),
    { do: 'hold', title: `nstopo-init ${place.names.lab} ${host.node}` },
  ]
}

/** Whether its root is not the machine's. */
export const hasUsers = ({ isolate, users }: Host) => users !== undefined || isolate.includes('user')
/**
 * A node's network belongs to the machine's user namespace, as it is there before its host: root of another has no rights
 * over it. Low ports are open to all (passes/lower/settings.ts); pings may be sent, too (icmp(7)).
 */
const openNetwork = (): readonly Step[] => [
  { do: 'write', path: '/proc/sys/net/ipv4/ping_group_range', text: `0 ${lastGroup()}` },
]
/** A user namespace of which nothing more is said: its root is the machine's. */
const rootAlone = { inside: 0, outside: 0, count: 1 }

/**
 * What the machine mounts and unmounts later is seen, nothing is sent back; the state folder is no host's business, and
 * the pins in it would keep other nodes alive.
 */
function ownMounts({ home }: Place): readonly Step[] {
  return [...ownSys, { do: 'detach', path: home }]
}

/** Of a host's own: what its programs leave in /run, its processes, its queues and shared memory, its cgroups. */
function ownView(has: (kind: Host['isolate'][number]) => boolean): readonly Step[] {
  return [
    { do: 'mount', type: 'tmpfs', path: '/run', options: 'mode=755,size=10%' },
    { do: 'mkdir', path: '/run/lock', mode: 0o1777 },
    ...(has('pid') ? [{ do: 'mount', type: 'proc', path: '/proc' } as const] : []),
    ...(has('cgroup') ? [{ do: 'mount', type: 'cgroup2', path: '/sys/fs/cgroup' } as const] : []),
    ...(has('ipc') ? ownQueues : []),
  ]
}

const ownQueues: readonly Step[] = [
  { do: 'mount', type: 'mqueue', path: '/dev/mqueue' },
  { do: 'mount', type: 'tmpfs', path: '/dev/shm', options: 'mode=1777' },
]

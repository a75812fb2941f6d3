/** Why nodes can't be made here, before anything is touched. */
import { readFileSync, readlinkSync } from 'node:fs'
import { isPrivileged } from './capability.js'
import { unless } from './errors.js'
import { ancestors } from './holders.js'
import type { Obstacle } from './kernel.js'
import { fewDescriptors } from './limits/descriptors.js'
import { isMounted } from './mounts.js'
import { whyForbidden } from './rootless/forbidden.js'

/** @param home the state folder */
export function findObstacle(home: string): Obstacle | undefined {
  if (!isPrivileged()) return notPermitted()
  const few = fewDescriptors()
  if (few) return { message: few.message, hint: few.fix, because: 'limit' }
  // Where the first process is, names are made for everybody. The rest is for those elsewhere: a long list, with many nodes.
  if (mountNamespaceOf(process.pid) === mountNamespaceOf(1)) return undefined
  if (!receivesMounts(home) && !isApart()) return undefined
  return {
    message:
      'this shell is in a mount namespace of its own (inside ip netns exec or nstopo exec?): names made here are broken outside',
    hint: 'run it outside, or: nsenter --target 1 --mount --net -- nstopo …',
    because: 'place',
  }
}

/** Root without rights can do what an ordinary user can. */
function notPermitted(): Obstacle {
  const why = whyForbidden()
  const again = 'nothing seems to forbid user namespaces now: try it again'
  return { message: why?.message ?? again, hint: why?.fix ?? 'nstopo doctor', because: 'permission' }
}

/** Whether those who started this process have another mount namespace, which sees nothing of what is mounted in this one. */
function isApart(): boolean {
  const own = mountNamespaceOf(process.pid)
  const others = [1, ...ancestors()].map(mountNamespaceOf)
  return others.some(other => other !== undefined && other !== own) && !sharesMounts()
}

/** Undefined for a process that one may not look at. */
function mountNamespaceOf(pid: number): string | undefined {
  return unless(['ENOENT', 'EACCES', 'EPERM'], () => readlinkSync(`/proc/${pid}/ns/mnt`))
}

/** Whether what is mounted here reaches others (`shared:`), as in a service whose unit says so. */
function sharesMounts(): boolean {
  return mounts().some(({ point, options }) => point === '/' && options.includes('shared:'))
}

/** Whether the folder is on a mount that only receives what others mount (`master:`, mount_namespaces(7)) and sends nothing. */
function receivesMounts(folder: string): boolean {
  const below = isMounted(folder) ? folder : folder.slice(0, folder.lastIndexOf('/')) || '/'
  const holding = mounts().filter(({ point }) => point === '/' || below === point || below.startsWith(`${point}/`))
  // Of two mounts on one point the later hides the earlier.
  const nearest = holding.reduce((best, mount) => (mount.point.length >= best.point.length ? mount : best), {
    point: '',
    options: '',
  })
  return nearest.options.includes('master:')
}

/** Where folders are mounted: pins of namespaces, of which there may be thousands, are files. */
function mounts(): readonly ReturnType<typeof parseMount>[] {
  const lines = readFileSync('/proc/thread-self/mountinfo', 'utf8').trim().split('\n')
  return lines.filter(line => !line.includes(' net:[')).map(parseMount)
}

/** Mount point and optional fields of a line of proc_pid_mountinfo(5), where blanks are written as \040. */
function parseMount(line: string): { readonly point: string; readonly options: string } {
  const fields = line.split(' ')
  const point = (fields[4] ?? '').replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
  return { point, options: fields.slice(6, fields.indexOf('-')).join(' ') }
}

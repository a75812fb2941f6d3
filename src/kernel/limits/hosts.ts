/** What the hosts of a plan want → what this machine has too little of, or lacks, of namespaces and processes (namespaces(7)). */
import { existsSync } from 'node:fs'
import type { HostNeeds } from '../../model/needs.js'
import type { Shortage } from '../kernel.js'
import { more, type Roots, readSetting, readText, roundUp } from './figures.js'
import { setting } from './namespaces.js'

type Kind = HostNeeds['kinds'] extends ReadonlyMap<infer K, number> ? K : never

/** What each kind is called under /proc/PID/ns, in user.max_…_namespaces, and in the kernel's configuration. */
const names: Readonly<Record<Kind, { readonly link: string; readonly short: string; readonly option: string }>> = {
  uts: { link: 'uts', short: 'uts', option: 'UTS_NS' },
  mount: { link: 'mnt', short: 'mnt', option: 'NAMESPACES' },
  pid: { link: 'pid', short: 'pid', option: 'PID_NS' },
  ipc: { link: 'ipc', short: 'ipc', option: 'IPC_NS' },
  user: { link: 'user', short: 'user', option: 'USER_NS' },
  cgroup: { link: 'cgroup', short: 'cgroup', option: 'CGROUPS' },
  time: { link: 'time', short: 'time', option: 'TIME_NS' },
}

export function hostShortages({ kinds, processes }: HostNeeds, roots: Roots): readonly Shortage[] {
  return [
    ...[...kinds].flatMap(([kind, count]) => missingKind(kind, count, roots)),
    ...[...kinds].flatMap(([kind, count]) => fewOf(kind, count, roots)),
    ...fewProcesses(processes, roots),
  ]
}

function missingKind(kind: Kind, count: number, { proc }: Roots): readonly Shortage[] {
  const { link, option } = names[kind]
  if (!existsSync(`${proc}/self/ns`) || existsSync(`${proc}/self/ns/${link}`)) return []
  const message = `this kernel has no ${kind} namespaces, and the lab wants ${count}`
  return [{ message, fix: `a kernel with CONFIG_${option}`, fatal: true }]
}

/** Who uses how many is told to nobody, so only what the limit alone says is certain. */
function fewOf(kind: Kind, count: number, roots: Roots): readonly Shortage[] {
  const name = `user.max_${names[kind].short}_namespaces`
  const limit = readSetting(name, roots)
  if (limit === undefined || count <= limit) return []
  const message = `the lab wants ${more(count, `${kind} namespace`)}, and ${name} is ${limit}`
  return [{ message, fix: setting(name, roundUp(1.25 * (limit + count))), fatal: true }]
}

/** Numbers are given to threads; each limit holds for all of them together (proc_sys_kernel(5)). */
function fewProcesses(wanted: number, roots: Roots): readonly Shortage[] {
  // `0.00 0.01 0.05 1/123 4567`: the second figure of the fourth are the threads that there are (proc_loadavg(5)).
  const threads = Number(/\/(\d+) /.exec(readText(`${roots.proc}/loadavg`) ?? '')?.[1] ?? Number.NaN)
  return ['kernel.pid_max', 'kernel.threads-max'].flatMap(name => {
    const limit = readSetting(name, roots)
    if (limit === undefined || !(threads + wanted > limit)) return []
    const left = `${Math.max(0, limit - threads)} are left of ${name} = ${limit}`
    const fix = setting(name, roundUp(1.25 * (threads + wanted)))
    return [{ message: `the lab wants ${more(wanted, 'process', 'es')}, and ${left}`, fix, fatal: true }]
  })
}

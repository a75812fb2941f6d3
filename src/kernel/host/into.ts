/** A node in; the steps that take a process into all of its namespaces out: of a host, by its living init, or of a plain one. */
import type { Names } from '../names.js'
import { namespacePath } from '../namespaces.js'
import { linkTarget } from '../nsfs.js'
import { launcher } from './launch.js'
import type { LivingHost } from './living.js'
import type { Identity, Step } from './steps.js'

/** Who one is there, and where: a name or a number, as the node's own view has it, and a folder. */
export interface As {
  readonly user?: string | undefined
  readonly workdir?: string | undefined
}

export interface IntoOptions extends As {
  /**
   * `wait`: the process stays and waits for a child, which is in the host's PID namespace: signals and exit status pass
   * through it, and the child does not outlive it. `become`: it is the command in the end, and, where the host has a PID
   * namespace of its own, not in it: only children can be.
   */
  readonly child: 'wait' | 'become'
}

/**
 * What to execute for a command in a host, words alone: no shell. Its environment is what it is started with. A step that
 * is refused ends it with status 125, and says so on its standard error (`refusalIn`).
 */
export function intoHost(host: LivingHost, command: readonly string[], as: As = {}): readonly [string, ...string[]] {
  return launcher(stepsInto(host, { ...as, child: childOf(host) }), command)
}

/** The same into a plain node; native/init/way.c goes by these steps, too. */
export function intoPlain(
  names: Names,
  node: string,
  command: readonly string[],
  as: As,
): readonly [string, ...string[]] {
  const steps: readonly Step[] = [
    { do: 'net', path: namespacePath(names, node) },
    { do: 'uts', folder: names.folder, node },
    ...ownSys,
    ...stepsAs(as),
  ]
  return launcher(steps, command)
}

/** For those who only come as they are: what native/init/way.c does, too. */
export function wayInto(host: LivingHost): readonly Step[] {
  const variables = Object.entries(host.host.environment ?? {})
  return [
    ...variables.map(([name, value]) => ({ do: 'variable', name, value }) as const),
    ...stepsInto(host, { child: childOf(host) }),
  ]
}

const childOf = ({ host }: LivingHost) => (host.isolate.includes('pid') ? 'wait' : 'become')

export function stepsInto({ init, groups }: LivingHost, { child, ...as }: IntoOptions): readonly Step[] {
  return [
    ...groups.map(path => ({ do: 'group', path }) as const),
    ...(sharesMounts(init) ? besideMounts(init) : [{ do: 'enter', init, kinds: 'all' } as const]),
    ...(child === 'wait' ? [{ do: 'wait' } as const] : []),
    ...stepsAs(as),
  ]
}

/** The last ones. */
function stepsAs({ user, workdir }: As): readonly Step[] {
  return [
    ...(user === undefined ? [] : [{ do: 'user', name: user } as const]),
    ...(workdir === undefined ? [] : [{ do: 'workdir', path: workdir } as const]),
  ]
}

/** Whether the host has the machine's mounts, and so a /sys that shows the machine's interfaces. */
function sharesMounts({ pid }: Identity): boolean {
  return linkTarget(`/proc/${pid}/ns/mnt`) === linkTarget('/proc/self/ns/mnt')
}

/** Its root may have no rights over its network, and a /sys that shows it is made before one is that. */
const besideMounts = (init: Identity): readonly Step[] => [
  { do: 'enter', init, kinds: ['net'] },
  ...ownSys,
  { do: 'enter', init, kinds: ['user', 'uts', 'ipc', 'cgroup', 'pid', 'time'] },
]

/** Mounts of one's own, with a /sys that shows the node's interfaces. */
export const ownSys: readonly Step[] = [
  { do: 'unshare', kinds: ['mnt'] },
  { do: 'propagation', kind: 'slave' },
  { do: 'detach', path: '/sys' },
  { do: 'mount', type: 'sysfs', path: '/sys' },
]

/** A living init in; the steps that take a process into every namespace of its host out. */
import { linkTarget } from '../nsfs.js'
import { launcher } from './launch.js'
import type { LivingHost } from './living.js'
import type { Identity, Step } from './steps.js'

export interface IntoOptions {
  /** A name or a number, as the host's own view has it. */
  readonly user?: string | undefined
  readonly workdir?: string | undefined
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
export function intoHost(
  host: LivingHost,
  command: readonly string[],
  options: IntoOptions,
): readonly [string, ...string[]] {
  return launcher(stepsInto(host, options), command)
}

export function stepsInto({ init, groups }: LivingHost, options: IntoOptions): readonly Step[] {
  return [
    ...groups.map(path => ({ do: 'group', path }) as const),
    ...(sharesMounts(init) ? besideMounts(init) : [{ do: 'enter', init, kinds: 'all' } as const]),
    ...(options.child === 'wait' ? [{ do: 'wait' } as const] : []),
    ...stepsAs(options),
  ]
}

/** The last ones: who it is, and where. */
export function stepsAs({ user, workdir }: Omit<IntoOptions, 'child'>): readonly Step[] {
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

/** What is to be done, typed, in; the words that dist/init takes for it out: native/init/init.c says what each does. */

/** Namespaces by their names under /proc/PID/ns. */
export type Kind = 'user' | 'mnt' | 'uts' | 'ipc' | 'net' | 'cgroup' | 'pid' | 'time'

export type Step =
  | { readonly do: 'enter'; readonly init: Identity; readonly kinds: readonly Kind[] | 'all' }
  | { readonly do: 'net' | 'group' | 'workdir' | 'start' | 'detach'; readonly path: string }
  | { readonly do: 'uts'; readonly folder: string; readonly node: string }
  | { readonly do: 'user' | 'hostname'; readonly name: string }
  | { readonly do: 'variable'; readonly name: string; readonly value: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'hold'; readonly title: string }
  | { readonly do: 'wait' | 'fork' | 'door' | 'tell' }
  /** A descriptor. */
  | { readonly do: 'report'; readonly fd: number }
  | { readonly do: 'descriptors'; readonly most: number }
  | { readonly do: 'unshare'; readonly kinds: readonly Kind[] }
  | { readonly do: 'users'; readonly uids: readonly Range[]; readonly gids: readonly Range[] }
  /** Seconds. */
  | { readonly do: 'offsets'; readonly monotonic: number; readonly boottime: number }
  | { readonly do: 'propagation'; readonly kind: 'slave' | 'private' }
  | { readonly do: 'mount'; readonly type: string; readonly path: string; readonly options?: string }
  | { readonly do: 'mkdir'; readonly path: string; readonly mode: number }
  | { readonly do: 'renew'; readonly path: string; readonly without: readonly string[] }
  /** Of an ordinary user, whose folder it is. */
  | { readonly do: 'alone'; readonly path: string; readonly guest: number }
  | { readonly do: 'join'; readonly path: string }
  | { readonly do: 'first'; readonly title: string }
  /** A descriptor. */
  | { readonly do: 'await'; readonly fd: number }
  | { readonly do: 'tend'; readonly path: string; readonly title: string }
  /** Without ranges one's own id alone is mapped. */
  | { readonly do: 'mine'; readonly uids?: readonly Range[]; readonly gids?: readonly Range[] }

/** A process, whoever else gets its number later. */
export interface Identity {
  readonly pid: number
  /** Clock ticks from boot to its start: field 22 of proc_pid_stat(5). */
  readonly start: number
}

export interface Range {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

export function words(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(step => [step.do, ...argumentsOf(step)])
}

function argumentsOf(step: Step): readonly string[] {
  switch (step.do) {
    case 'enter':
      return [`${step.init.pid}`, `${step.init.start}`, step.kinds === 'all' ? step.kinds : step.kinds.join()]
    case 'net':
    case 'group':
    case 'workdir':
    case 'start':
    case 'detach':
    case 'join':
      return [step.path]
    case 'uts':
      return [step.folder, step.node]
    case 'user':
    case 'hostname':
      return [step.name]
    case 'variable':
      return [`${step.name}=${step.value}`]
    case 'write':
      return [step.path, step.text]
    case 'hold':
    case 'first':
      return [step.title]
    case 'wait':
    case 'fork':
    case 'door':
    case 'tell':
      return []
    case 'report':
    case 'await':
      return [`${step.fd}`]
    case 'descriptors':
      return [`${step.most}`]
    case 'unshare':
      return [step.kinds.join()]
    case 'users':
      return [mapOf(step.uids), mapOf(step.gids)]
    case 'offsets':
      return [`${step.monotonic}`, `${step.boottime}`]
    case 'propagation':
      return [step.kind]
    case 'mount':
      return [step.type, step.path, step.options ?? '-']
    case 'mkdir':
      return [step.path, step.mode.toString(8)]
    case 'renew':
      return [step.path, step.without.join()]
    case 'alone':
      return [step.path, `${step.guest}`]
    case 'tend':
      return [step.path, step.title]
    case 'mine':
      return [step.uids, step.gids].map(ranges => (ranges ? mapOf(ranges) : '-'))
  }
}

/** Lines of /proc/PID/uid_map (user_namespaces(7)). */
function mapOf(ranges: readonly Range[]): string {
  return ranges.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join()
}

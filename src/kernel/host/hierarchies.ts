/** What is mounted in; the trees of control groups that hosts get a group in out (cgroups(7), proc_pid_mountinfo(5)). */
import { type Roots, readText, roots as real } from '../limits/figures.js'

/** What a limit is one of, in the kernel's words. */
export type Controller = 'memory' | 'cpu' | 'pids'

export const controllers: readonly Controller[] = ['memory', 'cpu', 'pids']

/** A tree of groups. */
export interface Hierarchy {
  readonly version: 1 | 2
  /** Its uppermost group that is to be seen. */
  readonly root: string
  /** What may limit there. */
  readonly controllers: readonly Controller[]
  readonly readOnly: boolean
}

interface Mount {
  readonly root: string
  readonly point: string
  readonly type: string
  readonly options: readonly string[]
  readonly readOnly: boolean
}

/** Version 2 where it is mounted, as it knows processes even where it limits nothing, and of version 1 what limits. */
export function findHierarchies({ proc }: Roots = real): readonly Hierarchy[] {
  const seen = new Set<string>()
  const mounts = (readText(`${proc}/self/mountinfo`) ?? '').split('\n').flatMap(line => {
    const found = read(line)
    if (!found || seen.has(found.device)) return []
    seen.add(found.device)
    return [found.mount]
  })
  return mounts.map(hierarchy).filter(({ version, controllers }) => version === 2 || controllers.length > 0)
}

function read(line: string): { readonly device: string; readonly mount: Mount } | undefined {
  if (!line.includes(' - cgroup')) return undefined
  const [left = '', right = ''] = line.split(' - ')
  const [, , device = '', root = '', point = '', flags = ''] = left.split(' ')
  const [type = '', , options = ''] = right.split(' ')
  // Blanks in paths are written as \040: nobody mounts these there.
  if (point.includes('\\')) return undefined
  const all = options.split(',')
  const readOnly = flags.split(',').includes('ro') || all.includes('ro')
  return { device, mount: { root, point, type, options: all, readOnly } }
}

function hierarchy({ point, type, options, readOnly }: Mount): Hierarchy {
  const version = type === 'cgroup2' ? 2 : 1
  const names = version === 2 ? (readText(`${point}/cgroup.controllers`) ?? '').trim().split(' ') : options
  return { version, root: point, controllers: controllers.filter(name => names.includes(name)), readOnly }
}

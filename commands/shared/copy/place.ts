/** Where files are: descriptors of what stands at a path, in a node's own view or on the machine. */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs'
import { resolve } from 'node:path'
import { type Diagnostic, error } from '../../../src/diagnostic.js'
import type { LabSpace } from '../../../src/kernel/kernel.js'
import { Refused } from '../refused.js'

/** open(2)'s, which Node has no name for: to look and to walk from, not to read. */
export const O_PATH = 0o10000000

export interface Place {
  /** Of what stands at the path, links followed; not yet to be read. @throws what has an errno's name as `code` or `errno` */
  open(path: string): number
  /** As people call it. */
  name(path: string): string
  /** Whose what is made there is; ours, unless said. */
  readonly owner?: { readonly uid: number; readonly gid: number }
}

export const machine: Place = {
  open: path => openSync(resolve(path), O_PATH),
  name: path => path,
}

export function nodePlace(space: LabSpace, node: string): Place {
  const users = space.readHost(node).host?.users
  const outside = (ids: NonNullable<typeof users>['uids']) => {
    const root = ids.find(({ inside, count }) => inside === 0 && count > 0)
    return root?.outside ?? 0
  }
  return {
    open: path => space.openFile(node, path, O_PATH),
    name: path => `${node}:${path}`,
    ...(users ? { owner: { uid: outside(users.uids), gid: outside(users.gids) } } : {}),
  }
}

/** By way of this name what a descriptor stands for can be opened again, or walked into: nobody can put a link there. */
export function through(descriptor: number, name?: string): string {
  return `/proc/self/fd/${descriptor}${name === undefined ? '' : `/${name}`}`
}

/** Uses a descriptor, and closes it. */
export function using<T>(descriptor: number, use: (descriptor: number, stat: Stats) => T): T {
  try {
    return use(descriptor, fstatSync(descriptor))
  } finally {
    closeSync(descriptor)
  }
}

/** What stands in a folder by that name, no link followed; undefined where nothing does. */
export function openIn(folder: number, name: string, flags = O_PATH): number | undefined {
  return unlessAbsent(() => openSync(through(folder, name), flags | constants.O_NOFOLLOW))
}

export function unlessAbsent<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

/** Runs what concerns one file; what the kernel refuses is told with that file's name. */
export function about<T>(name: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof Refused) throw thrown
    throw new Refused(problem(name, thrown))
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: something before it is no folder',
  ELOOP: 'leads back to itself, or to what is no file',
  EXDEV: 'leads out of the node’s own view',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be changed by you',
  EROFS: 'stands on what can only be read',
  ENOSPC: 'has no room left where it is',
  EISDIR: 'is a folder',
  EEXIST: 'is there already, and is something else',
}

function problem(name: string, thrown: unknown): Diagnostic {
  const code = codeOf(thrown)
  if (code === undefined) throw thrown
  const kind = code === 'ENOENT' ? 'not-found' : code === 'EACCES' || code === 'EPERM' ? 'not-permitted' : 'not-copied'
  return error(kind, `${name} ${words[code] ?? `can’t be copied: ${code}`}`)
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  // A SystemError has its name in `errno`, where Node's own errors have a number.
  const { errno, code } = { errno: undefined, code: undefined, ...thrown } as Record<string, unknown>
  return typeof errno === 'string' ? errno : typeof code === 'string' ? code : undefined
}

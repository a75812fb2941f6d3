/**
 * A path of a node's view in; where something can be mounted for it, and what has to be made before, out. Done in the node's
 * mounts. The machine's own folders are never written to.
 */
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  type Stats,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { OVERLAYFS_SUPER_MAGIC, TMPFS_MAGIC } from '../../../native/constants.js'
import { attempt, unless } from '../errors.js'
import { isThere } from '../folders.js'
import { SystemError } from '../kernel.js'
import type { Owner } from './ids.js'

export type Shape = 'file' | 'folder'

export interface MountPoint {
  /** Links on the way are resolved; one at the end only for a folder. */
  readonly at: string
  /** What is to be made, the uppermost first: folders, and the mount point itself. */
  readonly missing: readonly string[]
  /** The folder in which the first of these is. */
  readonly base: string
  /** The device of that folder, where only a node could have it: of a file system in memory, or of an overlay. */
  readonly device?: number
}

/** Whether nobody but the node has what is on that device; asked in the machine's own mounts. @param lab a folder of the lab's tmpfs */
export function isOwn(device: number, lab: string): boolean {
  if (device === statSync(lab).dev) return true
  const text = readFileSync('/proc/thread-self/mountinfo', 'latin1')
  const machine = new Set(text.split('\n').map(line => line.split(' ', 3)[2] ?? ''))
  return !machine.has(`${majorOf(device)}:${minorOf(device)}`)
}

/** @throws SystemError EISDIR, ENOTDIR where something of the other shape stands there */
export function findMountPoint(path: string, shape: Shape): MountPoint {
  const found = lookAt(path)
  if (found && found.isDirectory() !== (shape === 'folder')) throw otherShape(path, found)
  const { base, rest } = split(path)
  const there = rest.length === 1 && isThere(path)
  // A file is mounted on a link itself, wherever it leads: in the node that may be nowhere.
  const at = found && shape === 'folder' ? realpathSync.native(path) : inside(base, rest)
  const missing = there ? [] : rest.map((_, index) => inside(base, rest.slice(0, index + 1)))
  const device = deviceOf(base)
  return { at, missing, base, ...(device !== undefined && { device }) }
}

function otherShape(path: string, found: Stats): SystemError {
  return found.isDirectory()
    ? new SystemError(`put a file at ${path}`, 'EISDIR', 'a folder is there')
    : new SystemError(`put a folder at ${path}`, 'ENOTDIR', 'a file is there')
}

/** The lowest folder on the way that is there, resolved, and the names after it. */
function split(path: string): { readonly base: string; readonly rest: readonly string[] } {
  const names = path.slice(1).split('/')
  for (let count = names.length - 1; ; count--) {
    const folder = `/${names.slice(0, count).join('/')}`
    const found = lookAt(folder)
    if (found?.isDirectory()) return { base: realpathSync.native(folder), rest: names.slice(count) }
    if (found) throw new SystemError(`make ${path}`, 'ENOTDIR', `${folder} is no folder`)
  }
}

function inside(base: string, names: readonly string[]): string {
  return `${base === '/' ? '' : base}/${names.join('/')}`
}

/** The device of a folder, where only a node could have it: of a file system in memory, or of an overlay. */
export function deviceOf(folder: string): number | undefined {
  const type = unless(['ENOENT', 'ENOTDIR'], () => statfsSync(folder).type)
  return type === TMPFS_MAGIC || type === OVERLAYFS_SUPER_MAGIC ? statSync(folder).dev : undefined
}

const lookAt = (path: string) => unless(['ENOENT', 'ENOTDIR', 'ELOOP'], () => statSync(path))

/** The mode of what is there, behind links. */
export function modeOf(path: string): number | undefined {
  return lookAt(path)?.mode
}

/** makedev(3) */
const majorOf = (dev: number) => Math.floor(dev / 2 ** 8) % 2 ** 12
const minorOf = (dev: number) => (dev % 2 ** 8) + Math.floor(dev / 2 ** 20) * 2 ** 8

/** Makes what is missing, in folders that are the node's own. */
export function makeMountPoint({ missing }: MountPoint, shape: Shape, { uid, gid }: Owner): void {
  const made = (path: string, run: () => void) =>
    attempt(`make ${path}`, () => {
      run()
      chownSync(path, uid, gid)
    })
  for (const [index, path] of missing.entries())
    if (index < missing.length - 1 || shape === 'folder') made(path, () => mkdirSync(path, { mode: 0o755 }))
    else made(path, () => writeFileSync(path, '', { mode: 0o644, flag: 'wx' }))
}

/** Takes away what was made, the lowest first, as far as nothing else came there. */
export function dropMountPoint(missing: readonly string[]): void {
  for (const path of missing.toReversed())
    unless(['ENOENT', 'ENOTEMPTY', 'EBUSY', 'ENOTDIR'], () => {
      const found = lstatSync(path)
      if (found.isDirectory()) rmdirSync(path)
      else if (found.isFile() && found.size === 0) unlinkSync(path)
    })
}

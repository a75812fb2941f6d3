/**
 * A folder of the machine in; a view of it that only the node has, put in its place: names can be made there that the machine
 * does not have (Documentation/filesystems/overlayfs.rst). What the node's programs write there stays the node's as well.
 */
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { CLONE_NEWNS, MS_PRIVATE, MS_REC } from '../../../native/constants.js'
import { chdir, close, mount, unshare } from '../../../native/libc.js'
import { attempt, checked } from '../errors.js'
import { SystemError } from '../kernel.js'
import { attach, cloneTree, detach, makePrivate, newTree } from './trees.js'

export interface OwnFolder {
  /** What the node writes there, and the overlay's working space, in the lab's tmpfs: a mount of it that is nowhere. */
  readonly room: number
  /** Mounts in the folder, which an overlay does not show by itself. */
  readonly below: readonly string[]
}

/** Makes the room in the lab's tmpfs. @param path of a folder that is not there yet */
export function makeRoom(path: string): number {
  for (const name of ['upper', 'work'])
    attempt(`make ${path}/${name}`, () => mkdirSync(`${path}/${name}`, { recursive: true, mode: 0o700 }))
  const room = cloneTree(path)
  makePrivate(room)
  return room
}

/**
 * A view of the folder that only the node has, with the mounts in it, mounted nowhere. Done in the node's mounts, and for good in a copy
 * of them: all parts of an overlay must be mounted somewhere, and nobody shall see them. @throws SystemError EOPNOTSUPP for the
 * uppermost folder
 */
export function ownFolder(folder: string, { room, below }: OwnFolder): number {
  if (folder === '/') throw nothingAbove()
  checked(unshare(CLONE_NEWNS), 'copy the mounts of a node')
  checked(mount(null, '/', null, MS_REC | MS_PRIVATE, null), 'make the copy of the mounts of a node private')
  const mounted = below.map(path => ({ path, tree: cloneTree(path, { recursive: true }) }))
  const view = overlay(folder, room)
  try {
    attach(view, folder)
    for (const { path, tree } of mounted) attach(tree, path)
    return cloneTree(folder, { recursive: true })
  } finally {
    for (const tree of [view, ...mounted.map(({ tree }) => tree)]) close(tree)
  }
}

function nothingAbove(): SystemError {
  const text = 'the machine has no such folder, and nothing can be put over its uppermost one'
  return new SystemError('make a mount point in /', 'EOPNOTSUPP', text)
}

/** The room covers the folder, and the folder itself is seen from within. */
function overlay(folder: string, room: number): number {
  const { mode, uid, gid } = statSync(folder)
  checked(chdir(folder), () => `look into ${folder}`)
  attach(room, folder)
  const upper = `${folder}/upper`
  chownSync(upper, uid, gid)
  chmodSync(upper, mode & 0o7777)
  const view = newTree('overlay', { lowerdir: '.', upperdir: upper, workdir: `${folder}/work` })
  detach(folder)
  return view
}

/** Mounts below a folder, of a process's mounts, but not those below one of them (proc_pid_mountinfo(5)). */
export function mountsBelow(folder: string, pid: number): readonly string[] {
  const text = attempt(`look at the mounts of ${pid}`, () => readFileSync(`/proc/${pid}/mountinfo`, 'latin1'))
  const points = text.split('\n').map(line => unescaped(line.split(' ', 5)[4] ?? ''))
  const found = [...new Set(points.filter(point => point.startsWith(`${folder}/`)))].sort()
  return found.filter(point => !found.some(other => point.startsWith(`${other}/`)))
}

/** Blanks, and the like, are written as \040. */
function unescaped(text: string): string {
  const bytes = text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

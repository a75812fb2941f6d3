/** Lock files: a path in, a descriptor out whose lock ends with it, at the latest when the process dies (flock(2)). */
import { constants, fstatSync, lstatSync } from 'node:fs'
import { LOCK_EX, LOCK_NB, LOCK_SH, O_CLOEXEC } from '../../native/constants.js'
import { close, flock, open } from '../../native/libc.js'
import { checked } from './errors.js'
import { SystemError } from './kernel.js'
import { isTrusted } from './safe.js'

/** Opens and locks a file, waiting for it; anew when its last holder has removed it meanwhile. */
export function lockFile(path: string): number {
  for (;;) {
    const fd = openLock(path)
    checked(flock(fd, LOCK_EX), `lock ${path}`)
    if (isStill(path, fd)) return fd
    close(fd)
  }
}

/** Opens and locks a file, unless another holds it. */
export function tryLock(path: string): number | undefined {
  const fd = openLock(path)
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return fd
  close(fd)
  return undefined
}

/** Shares a folder's lock, or has it alone, unless another is in the way; undefined then, or where the folder is no more. */
export function tryLockFolder(path: string, how: 'shared' | 'alone'): number | undefined {
  const fd = open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC, 0)
  if (fd < 0) return undefined
  const isLocked = flock(fd, (how === 'alone' ? LOCK_EX : LOCK_SH) | LOCK_NB) === 0
  if (isLocked && isStill(path, fd)) return fd
  close(fd)
  return undefined
}

function openLock(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK | O_CLOEXEC
  // Not by node:fs, which closes what a worker thread has opened by it when the thread ends, whoever has the number then.
  const fd = checked(open(path, flags, 0o600), `open ${path}`)
  const found = fstatSync(fd)
  if (found.isFile() && isTrusted(found.uid)) return fd
  close(fd)
  throw new SystemError(`open ${path}`, 'EPERM', 'not a lock that nstopo made')
}

/** Whether the path still leads to the file that was locked. */
function isStill(path: string, fd: number): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino
}

/** Files in folders where others might plant something: links are never followed, and the owner is looked at. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { attempt } from './errors.js'
import { SystemError } from './kernel.js'

const mostBytes = 256 * 1024 * 1024

/** The text of a regular file of ours. @throws SystemError ENOENT, ELOOP for a link, EPERM for somebody else's */
export function readOwn(path: string): string {
  return readOwnBytes(path).toString('utf8')
}

/** The same, its bytes. */
export function readOwnBytes(path: string): Buffer {
  const fd = attempt(`open ${path}`, () =>
    openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
  )
  try {
    const found = fstatSync(fd)
    if (!found.isFile() || !isTrusted(found.uid) || found.size > mostBytes)
      throw new SystemError(`open ${path}`, 'EPERM', 'not a file that nstopo wrote')
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Where the new text of a file is until it is whole. */
export const besideOf = (path: string) => `${path}.new`

/** Writes beside, syncs, and renames into place: a reader finds the old text or the new one. Mode 0600. */
export function replaceFile(path: string, content: string | Buffer): void {
  const beside = besideOf(path)
  attempt(`write ${path}`, () => {
    removeIfThere(beside)
    const fd = openSync(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
    try {
      writeAll(fd, content)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(beside, path)
  })
}

/** A write of many megabytes may be done in part only. */
function writeAll(fd: number, content: string | Buffer): void {
  const bytes = Buffer.from(content)
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}

/** Removes a file or link; whether it was there. */
export function removeIfThere(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false
  attempt(`remove ${path}`, () => unlinkSync(path))
  return true
}

/** Whether what belongs to that user may be believed: root's, and one's own. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.()
}

/** The user in; the folder where it is written down who holds his labs out. */
import { lstatSync, mkdirSync } from 'node:fs'
import { unless } from '../errors.js'
import { SystemError } from '../kernel.js'

/**
 * Below $XDG_RUNTIME_DIR, or where logind would have it; else /tmp/nstopo-UID. Made unless it is there.
 * @throws SystemError EPERM where it is somebody else's, a link, or open to others; what mkdir(2) refuses
 */
export function ownFolder(): string {
  const path = placeFor(process.geteuid!())
  unless(['EEXIST'], () => mkdirSync(path, { mode: 0o700 }))
  if (!isPrivate(path))
    throw new SystemError(`use ${path}`, 'EPERM', 'not a folder of this user’s that is closed to others')
  return path
}

function placeFor(uid: number): string {
  const { XDG_RUNTIME_DIR } = process.env
  const candidates = [XDG_RUNTIME_DIR ?? '', `/run/user/${uid}`]
  const found = candidates.find(path => path.startsWith('/') && isPrivate(path))
  return found === undefined ? `/tmp/nstopo-${uid}` : `${found}/nstopo`
}

function isPrivate(path: string): boolean {
  const found = unless(['EACCES', 'ENOTDIR'], () => lstatSync(path, { throwIfNoEntry: false }))
  return found?.isDirectory() === true && found.uid === process.geteuid?.() && (found.mode & 0o077) === 0
}

/** The state folder: a shared tmpfs that the first lab mounts and the last one takes away, and below it a tmpfs a lab. */
import { mkdirSync, readdirSync, readSync, rmdirSync, statfsSync, writeFileSync, writeSync } from 'node:fs'
import { MNT_DETACH, TMPFS_MAGIC } from '../../native/constants.js'
import { close, umount2 } from '../../native/libc.js'
import { attempt, checked, unless } from './errors.js'
import { lockFile, tryLock } from './flock.js'
import { isThere, list } from './folders.js'
import { SystemError } from './kernel.js'
import { isMounted, isOurs, mountFilled, mountOurs } from './mounts.js'
import { removeIfThere } from './safe.js'

/** Where `ip netns` looks for names (ip-netns(8)). */
export const netnsFolder = '/run/netns'
/** Files in the state folder that say what was made with it, and so goes with it. */
const madeNetns = '.made-run-netns'
const madeHome = '.made-folder'

const labName = /^[a-z0-9][a-z0-9-]{0,62}$/

/** A lab's folder. @throws SystemError EINVAL for a name that could lead elsewhere */
export function labFolder(home: string, lab: string): string {
  if (!labName.test(lab)) throw new SystemError(`use the lab ${JSON.stringify(lab)}`, 'EINVAL', 'not a lab’s name')
  return `${home}/${lab}`
}

/** Labs whose tmpfs stands. */
export function labsIn(home: string): readonly string[] {
  return list(home)
    .filter(name => labName.test(name) && isOurs(`${home}/${name}`))
    .sort()
}

/** The state folder, held: nobody else sets it up or takes it down meanwhile. */
export interface Held {
  readonly home: string
  /** Of the lock file. Its text says that the folder is ours to remove, from before we make it until after it is gone. */
  readonly lock: number
}

/** Runs `work` while no other run can set up or take down the state folder. It should be short: others wait for it. */
export function withHome<T>(home: string, work: (held: Held) => T): T {
  const path = `${home}.lock`
  const lock = lockFile(path)
  try {
    return work({ home, lock })
  } finally {
    removeIfThere(path)
    close(lock)
  }
}

/** Mounts the state folder's own tmpfs unless it stands. */
export function setUpHome({ home, lock }: Held): void {
  if (isOurs(home)) return
  const ours = !isThere(home) || isIntended(lock)
  if (ours) {
    intend(lock)
    attempt(`make ${home}`, () => mkdirSync(home, { recursive: true, mode: 0o755 }))
  }
  try {
    mountOurs(home, inside => {
      if (ours) mark(inside, madeHome)
    })
  } catch (thrown) {
    if (ours) removeEmpty(home)
    throw thrown
  }
}

/** Takes the state folder away when nothing is left in it, and /run/netns when we made it and it is empty. */
export function tidyHome({ home, lock }: Held): void {
  if (!isOurs(home)) {
    // A run that made the folder was killed before it could mount anything, or after it had unmounted all.
    if (isIntended(lock)) removeEmpty(home)
    return
  }
  const entries = readdirSync(home)
  const remaining = entries.filter(name => !name.startsWith('.made-') && !removeStale(home, name))
  if (remaining.length > 0) return
  if (entries.includes(madeNetns)) tidyNetns()
  const goes = entries.includes(madeHome)
  if (goes) intend(lock)
  checked(umount2(home, MNT_DETACH), `unmount ${home}`)
  if (goes) unless(['ENOTEMPTY', 'EBUSY'], () => rmdirSync(home))
}

const intention = 'folder'

function intend(lock: number): void {
  writeSync(lock, intention, 0)
}

function isIntended(lock: number): boolean {
  const text = Buffer.alloc(intention.length)
  return readSync(lock, text, 0, text.length, 0) === text.length && text.toString('latin1') === intention
}

/** Makes /run/netns unless it is there, and remembers having done so. */
export function setUpNetns(home: string): void {
  if (isThere(netnsFolder)) return
  // Said first: a run that is killed leaves no folder of which nobody knows.
  mark(home, madeNetns)
  attempt(`make ${netnsFolder}`, () => mkdirSync(netnsFolder, { mode: 0o755 }))
  // Where /run is on a disk, each name there would take as long as a third of a namespace.
  if (statfsSync(netnsFolder).type !== TMPFS_MAGIC) mountFilled(netnsFolder)
}

/** Others may have put names there meanwhile: then it stays. */
function tidyNetns(): void {
  if (unless(['ENOENT', 'ENOTDIR'], () => readdirSync(netnsFolder))?.length !== 0) return
  if (isMounted(netnsFolder)) umount2(netnsFolder, MNT_DETACH)
  unless(['ENOTEMPTY', 'EBUSY', 'ENOENT', 'ENOTDIR'], () => rmdirSync(netnsFolder))
}

function mark(folder: string, name: string): void {
  attempt(`write to ${folder}`, () => writeFileSync(`${folder}/${name}`, '', { mode: 0o600 }))
}

/** Removes the lock of a dead run, and the folder of a lab that is not mounted; false for what is in use, or not ours. */
function removeStale(home: string, name: string): boolean {
  const path = `${home}/${name}`
  if (!name.endsWith('.lock')) return labName.test(name) && removeEmpty(path)
  const fd = unless(['EPERM', 'ELOOP', 'ENXIO', 'EISDIR'], () => tryLock(path))
  if (fd === undefined) return false
  removeIfThere(path)
  close(fd)
  return true
}

function removeEmpty(path: string): boolean {
  if (isMounted(path)) return false
  const remove = () => {
    rmdirSync(path)
    return true
  }
  return unless(['ENOTEMPTY', 'ENOTDIR', 'ENOENT', 'EBUSY'], remove) ?? false
}

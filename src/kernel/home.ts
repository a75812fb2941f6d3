/** The state folder: a shared tmpfs that the first lab mounts and the last one takes away, and below it a tmpfs a lab. */
import { lstatSync, mkdirSync, readdirSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_SHARED, TMPFS_MAGIC } from '../../native/constants.js'
import { close, mount, umount2 } from '../../native/libc.js'
import { attempt, checked, unless } from './errors.js'
import { lockFile, tryLock } from './flock.js'
import { SystemError } from './kernel.js'
import { isTrusted, removeIfThere } from './safe.js'

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
  return (unless(['ENOENT', 'ENOTDIR', 'EACCES'], () => readdirSync(home)) ?? [])
    .filter(name => labName.test(name) && isMounted(`${home}/${name}`))
    .sort()
}

/** Whether a tmpfs is mounted on that folder. */
export function isMounted(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory() || found.dev === lstatSync(dirname(folder)).dev) return false
  return statfsSync(folder).type === TMPFS_MAGIC
}

/** Mounts a tmpfs on a folder; its mounts reach other mount namespaces. Whether the folder was made for it. */
export function mountTmpfs(folder: string): boolean {
  const made = attempt(`make ${folder}`, () => mkdirSync(folder, { recursive: true, mode: 0o755 })) !== undefined
  const found = lstatSync(folder)
  if (!found.isDirectory() || !isTrusted(found.uid) || found.mode & 0o022)
    throw new SystemError(`use ${folder}`, 'EPERM', 'not a folder that only its owner writes to')
  const flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
  checked(mount('nstopo', folder, 'tmpfs', flags, 'mode=755'), `mount a tmpfs on ${folder}`)
  checked(mount(null, folder, null, MS_SHARED, null), `share the mounts below ${folder}`)
  return made
}

/** Takes a lab's tmpfs and all pins in it away at once, and its folder. To be called within `withHome`. */
export function unmountLab(folder: string): void {
  if (!isMounted(folder)) return
  checked(umount2(folder, MNT_DETACH), `unmount ${folder}`)
  // The rmdir also detaches the copies that other mount namespaces have of it.
  attempt(`remove ${folder}`, () => rmdirSync(folder))
}

/** Runs `work` while no other run can set up or take down the state folder. It should be short: others wait for it. */
export function withHome<T>(home: string, work: () => T): T {
  const path = `${home}.lock`
  attempt(`make ${dirname(home)}`, () => mkdirSync(dirname(home), { recursive: true }))
  const fd = lockFile(path)
  try {
    return work()
  } finally {
    removeIfThere(path)
    close(fd)
  }
}

/** Mounts the state folder's own tmpfs unless it stands. */
export function setUpHome(home: string): void {
  if (!isMounted(home) && mountTmpfs(home)) mark(home, madeHome)
}

/** Takes the state folder away when nothing is left in it, and /run/netns when we made it and it is empty. */
export function tidyHome(home: string): void {
  if (!isMounted(home)) return
  const entries = readdirSync(home)
  const remaining = entries.filter(name => ![madeNetns, madeHome].includes(name) && !removeStale(home, name))
  if (remaining.length > 0) return
  if (entries.includes(madeNetns)) tidyNetns()
  checked(umount2(home, MNT_DETACH), `unmount ${home}`)
  if (entries.includes(madeHome)) unless(['ENOTEMPTY', 'EBUSY'], () => rmdirSync(home))
}

/** Makes /run/netns unless it is there, and remembers having done so. */
export function setUpNetns(home: string): void {
  if (lstatSync(netnsFolder, { throwIfNoEntry: false })) return
  attempt(`make ${netnsFolder}`, () => mkdirSync(netnsFolder, { mode: 0o755 }))
  mark(home, madeNetns)
  // Where /run is on a disk, each name there would take as long as a third of a namespace.
  if (statfsSync(netnsFolder).type !== TMPFS_MAGIC) mountTmpfs(netnsFolder)
}

/** Others may have put names there meanwhile: then it stays. */
function tidyNetns(): void {
  if (unless(['ENOENT', 'ENOTDIR'], () => readdirSync(netnsFolder))?.length !== 0) return
  if (isMounted(netnsFolder)) umount2(netnsFolder, MNT_DETACH)
  unless(['ENOTEMPTY', 'EBUSY', 'ENOENT', 'ENOTDIR'], () => rmdirSync(netnsFolder))
}

function mark(home: string, name: string): void {
  attempt(`write to ${home}`, () => writeFileSync(`${home}/${name}`, '', { mode: 0o600 }))
}

/** Removes the lock of a dead run, and the folder of a lab that is not mounted; false for what is in use. */
function removeStale(home: string, name: string): boolean {
  const path = `${home}/${name}`
  if (!name.endsWith('.lock')) return removeEmpty(path)
  const fd = tryLock(path)
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
  return unless(['ENOTEMPTY', 'ENOTDIR'], remove) ?? false
}

/** Reads and writes sysctls of the namespace that the thread is in. */
import { constants } from 'node:fs'
import { constants as os } from 'node:os'
import { FSCONFIG_CMD_CREATE, FSMOUNT_CLOEXEC, FSOPEN_CLOEXEC, O_CLOEXEC, O_PATH } from '../../native/constants.js'
import { close, fsconfig, fsmount, fsopen, open, openat, read, write } from '../../native/libc.js'
import { checked } from './errors.js'
import { SystemError } from './kernel.js'

/**
 * A procfs keeps the directory entries of every namespace that was looked at through it in one chain, so a look-up costs
 * the more the more namespaces there are. One of our own, thrown away after 32 of them, stays fast (throwing one away waits
 * for RCU: 16 and 64 take longer).
 */
const namespacesPerProcfs = 32

let procfs: number | undefined
let refused = false
let seen = 0
let last: string | undefined

/** The values of sysctls in the namespace called `place`, where the thread is; undefined where there is none. */
export function readSysctls(place: string, names: readonly string[]): readonly (string | undefined)[] {
  const folders = new Map<string, number>()
  try {
    return names.map(name => {
      const { folder, file } = placeOf(name)
      let directory = folders.get(folder)
      if (directory === undefined) {
        directory = openSysctl(place, folder, O_PATH)
        folders.set(folder, directory)
      }
      return directory < 0 ? undefined : readIn(directory, file, name)
    })
  } finally {
    for (const directory of folders.values()) if (directory >= 0) close(directory)
  }
}

const room = Buffer.alloc(16384)
const newline = 10

/** A file of a folder that is open: walking down to it anew takes longer than reading it. */
function readIn(directory: number, file: string, name: string): string | undefined {
  const fd = openat(directory, file, constants.O_RDONLY | O_CLOEXEC, 0)
  if (absent(fd)) return undefined
  const size = read(
    checked(fd, () => `open the sysctl ${name}`),
    room,
    room.length,
  )
  close(fd)
  const length = checked(size, () => `read ${name}`)
  return room.toString('latin1', 0, room[length - 1] === newline ? length - 1 : length)
}

const absent = (fd: number) => fd === -os.errno.ENOENT || fd === -os.errno.ENOTDIR

interface Place {
  /** Below /proc/sys. */
  readonly folder: string
  readonly file: string
}

const places = new Map<string, Place>()

/** Asked of the same few names in every node. */
function placeOf(name: string): Place {
  const known = places.get(name)
  if (known) return known
  const path = sysctlPath(name)
  const slash = path.lastIndexOf('/')
  const place = { folder: path.slice(0, Math.max(slash, 0)), file: path.slice(slash + 1) }
  places.set(name, place)
  return place
}

/** Writes a sysctl in the namespace called `place`, where the thread is. @throws SystemError */
export function writeSysctl(place: string, name: string, value: string): void {
  const { folder, file } = placeOf(name)
  const fd = checked(openSysctl(place, `${folder}/${file}`, constants.O_WRONLY), () => `open the sysctl ${name}`)
  const written = write(fd, value, Buffer.byteLength(value))
  close(fd)
  checked(written, () => `set ${name} to ${value}`)
}

/**
 * A sysctl's file below /proc/sys. As sysctl(8) has it, the first separator says what the others mean: with a dot first,
 * a slash stands for a dot in an interface's name (`net.ipv4.conf.eth0/100.forwarding`).
 * @throws SystemError EINVAL for a name that would leave /proc/sys
 */
export function sysctlPath(name: string): string {
  const dotted = name.indexOf('/') < 0 || (name.indexOf('.') >= 0 && name.indexOf('.') < name.indexOf('/'))
  const path = dotted ? name.replace(/[./]/g, separator => (separator === '.' ? '/' : '.')) : name
  const parts = path.split('/')
  if (path.includes('\0') || parts.some(part => part === '' || part === '.' || part === '..'))
    throw new SystemError(`find the sysctl ${JSON.stringify(name)}`, 'EINVAL', 'not a name below /proc/sys')
  return path
}

/** A descriptor, or a negative errno. */
function openSysctl(place: string, path: string, flags: number): number {
  const root = procfsFor(place)
  return root === undefined
    ? open(`/proc/sys/${path}`, flags | O_CLOEXEC, 0)
    : openat(root, `sys/${path}`, flags | O_CLOEXEC, 0)
}

/** The detached procfs that serves this namespace; undefined where the kernel refuses one. */
function procfsFor(place: string): number | undefined {
  if (refused) return undefined
  if (place === last) return procfs
  last = place
  if (procfs !== undefined && ++seen < namespacesPerProcfs) return procfs
  forgetProcfs()
  procfs = detachedProcfs()
  refused = procfs === undefined
  return procfs
}

function forgetProcfs(): void {
  if (procfs !== undefined) close(procfs)
  procfs = undefined
  seen = 0
}

/** A procfs that is mounted nowhere (fsopen(2), fsmount(2)); refused in a user namespace without a PID namespace of its own. */
export function detachedProcfs(): number | undefined {
  const context = fsopen('proc', FSOPEN_CLOEXEC)
  if (context < 0) return undefined
  const mounted = fsconfig(context, FSCONFIG_CMD_CREATE, null, null, 0) < 0 ? -1 : fsmount(context, FSMOUNT_CLOEXEC, 0)
  close(context)
  return mounted < 0 ? undefined : mounted
}

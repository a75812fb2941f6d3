/** Reads and writes sysctls of the namespace that the thread is in. */
import { constants } from 'node:fs'
import { FSCONFIG_CMD_CREATE, FSMOUNT_CLOEXEC, FSOPEN_CLOEXEC, O_CLOEXEC } from '../../native/constants.js'
import { close, fsconfig, fsmount, fsopen, open, openat, read, write } from '../../native/libc.js'
import { checked, codeOf } from './errors.js'
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

/** The value of a sysctl in the namespace called `place`, where the thread is; undefined where there is none. */
export function readSysctl(place: string, name: string): string | undefined {
  const path = sysctlPath(name)
  try {
    const fd = openSysctl(place, path, constants.O_RDONLY)
    const value = Buffer.alloc(16384)
    const size = read(fd, value, value.length)
    close(fd)
    return value
      .toString(
        'latin1',
        0,
        checked(size, () => `read ${name}`),
      )
      .replace(/\n$/, '')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a sysctl in the namespace called `place`, where the thread is. @throws SystemError */
export function writeSysctl(place: string, name: string, value: string): void {
  const fd = openSysctl(place, sysctlPath(name), constants.O_WRONLY)
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

function openSysctl(place: string, path: string, flags: number): number {
  const root = procfsFor(place)
  const fd =
    root === undefined
      ? open(`/proc/sys/${path}`, flags | O_CLOEXEC, 0)
      : openat(root, `sys/${path}`, flags | O_CLOEXEC, 0)
  return checked(fd, () => `open the sysctl ${path.replaceAll('/', '.')}`)
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

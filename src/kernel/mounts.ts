/** A folder in; a tmpfs of ours mounted on it out, whole from its first moment and marked as ours (tmpfs(5), move_mount(2)). */
import { constants, lstatSync, readdirSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  FSCONFIG_CMD_CREATE,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_SHARED,
  TMPFS_MAGIC,
} from '../../native/constants.js'
import { close, fsconfig, fsmount, fsopen, mount, mountSetattr, moveMount } from '../../native/libc.js'
import { attempt, checked } from './errors.js'
import { SystemError } from './kernel.js'
import { isTrusted } from './safe.js'

/** A file in each tmpfs of ours: whoever else mounts something where ours are keeps it. */
const mark = '.made-by-nstopo'

/** Whether any tmpfs is mounted on that folder. */
export function isMounted(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory() || found.dev === lstatSync(dirname(folder)).dev) return false
  return statfsSync(folder).type === TMPFS_MAGIC
}

/** Whether the tmpfs that is mounted there is ours. */
export function isOurs(folder: string): boolean {
  if (!isMounted(folder)) return false
  const found = lstatSync(`${folder}/${mark}`, { throwIfNoEntry: false })
  return found?.isFile() === true && isTrusted(found.uid)
}

/**
 * Mounts a tmpfs that bears our mark and in which `fill` has put what it wants, told where it is for the time being: nobody
 * ever sees it empty, and a run that is killed leaves all of it or nothing. Its mounts reach other mount namespaces.
 */
export function mountOurs(folder: string, fill: (inside: string) => void): void {
  mountFilled(folder, inside => {
    attempt(`mark ${folder}`, () => writeFileSync(`${inside}/${mark}`, '', { mode: 0o600 }))
    fill(inside)
  })
}

/** The same without a mark. @throws SystemError EPERM where others could write to the folder, ENOTEMPTY where it hides something */
export function mountFilled(folder: string, fill: (inside: string) => void = () => {}): void {
  const found = attempt(`look at ${folder}`, () => lstatSync(folder))
  if (!found.isDirectory() || !isTrusted(found.uid) || found.mode & (constants.S_IWGRP | constants.S_IWOTH))
    throw new SystemError(`use ${folder}`, 'EPERM', 'not a folder that only its owner writes to')
  if (readdirSync(folder).length > 0)
    throw new SystemError(`use ${folder}`, 'ENOTEMPTY', 'something that nstopo did not make is in it')
  const made = detached(`mount a tmpfs on ${folder}`)
  try {
    const shared = mountSetattr(made, '', AT_EMPTY_PATH, propagation(MS_SHARED), propagationSize) === 0
    fill(`/proc/self/fd/${made}`)
    checked(moveMount(made, '', AT_FDCWD, folder, MOVE_MOUNT_F_EMPTY_PATH), `mount a tmpfs on ${folder}`)
    // Before Linux 5.12 nothing can be said of a mount that is nowhere.
    if (!shared) checked(mount(null, folder, null, MS_SHARED, null), `share the mounts below ${folder}`)
  } finally {
    close(made)
  }
}

/** A tmpfs that is mounted nowhere; it goes with its descriptor. */
function detached(operation: string): number {
  const context = checked(fsopen('tmpfs', FSOPEN_CLOEXEC), operation)
  try {
    for (const [key, value] of [
      ['source', 'nstopo'],
      ['mode', '755'],
    ] as const)
      checked(fsconfig(context, FSCONFIG_SET_STRING, key, value, 0), operation)
    checked(fsconfig(context, FSCONFIG_CMD_CREATE, null, null, 0), operation)
    const attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC
    return checked(fsmount(context, FSMOUNT_CLOEXEC, attributes), operation)
  } finally {
    close(context)
  }
}

/** struct mount_attr: what to set, what to clear, propagation, user namespace. */
const propagationSize = 32
function propagation(kind: number): Buffer {
  const attributes = Buffer.alloc(propagationSize)
  attributes.writeBigUInt64LE(BigInt(kind), 16)
  return attributes
}

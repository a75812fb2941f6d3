/** Folders, files and file systems in; mounts that are nowhere yet out, and put to their place (open_tree(2), move_mount(2)). */
import { statfsSync } from 'node:fs'
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  AT_SYMLINK_NOFOLLOW,
  FSCONFIG_CMD_CREATE,
  FSCONFIG_SET_STRING,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  MNT_DETACH,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOVE_MOUNT_BENEATH,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_NODEV,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REMOUNT,
  O_CLOEXEC,
  OPEN_TREE_CLONE,
  STATX_INO,
  STATX_MNT_ID,
  UMOUNT_NOFOLLOW,
} from '../../../native/constants.js'
import {
  close,
  fsconfig,
  fsmount,
  fsopen,
  mount,
  mountSetattr,
  moveMount,
  openTree,
  statx,
  umount2,
} from '../../../native/libc.js'
import { checked } from '../errors.js'

/** Tells a mount from every other that stands at the time: its number, and the device and inode of what is seen there. */
export type MountId = string

const status = Buffer.alloc(256)
const [inodeAt, deviceAt, mountAt] = [32, 136, 144]

/** The mount on which a path ends; undefined where there is nothing. The last name is not followed. */
export function mountIdOf(path: string): MountId | undefined {
  const seen = statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_MNT_ID, status)
  return seen < 0 ? undefined : told()
}

export function mountIdOfTree(tree: number): MountId {
  checked(statx(tree, '', AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, status), 'look at a mount')
  return told()
}

function told(): MountId {
  const device = `${status.readUInt32LE(deviceAt)}:${status.readUInt32LE(deviceAt + 4)}`
  return `${status.readBigUInt64LE(mountAt)} ${device} ${status.readBigUInt64LE(inodeAt)}`
}

export interface CloneOptions {
  /** Mounts below come along. */
  readonly recursive?: boolean
  /** What the last name links to, instead of the link. */
  readonly follow?: boolean
}

/** Another mount of what is at a path. */
export function cloneTree(path: string, { recursive = false, follow = false }: CloneOptions = {}): number {
  const flags = (recursive ? AT_RECURSIVE : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW)
  return checked(openTree(AT_FDCWD, path, OPEN_TREE_CLONE | O_CLOEXEC | flags), () => `open ${path} for a mount`)
}

/** struct mount_attr: what to set, what to clear, propagation, user namespace. */
const attributesSize = 32

/** What is mounted and unmounted below is passed on to nobody. @param executable programs in it may be executed */
export function makePrivate(tree: number, { executable = false } = {}): void {
  const attributes = Buffer.alloc(attributesSize)
  if (executable) attributes.writeBigUInt64LE(BigInt(MOUNT_ATTR_NOEXEC), 8)
  attributes.writeBigUInt64LE(BigInt(MS_PRIVATE), 16)
  const flags = AT_EMPTY_PATH | AT_RECURSIVE
  checked(mountSetattr(tree, '', flags, attributes, attributesSize), 'make a mount private')
}

/** A new file system of that type, mounted nowhere. */
export function newTree(type: string, options: Readonly<Record<string, string>>): number {
  const operation = `make a file system of the type ${type}`
  const context = checked(fsopen(type, FSOPEN_CLOEXEC), operation)
  try {
    for (const [key, value] of Object.entries({ source: 'nstopo', ...options }))
      checked(fsconfig(context, FSCONFIG_SET_STRING, key, value, 0), () => `${operation} with ${key}=${value}`)
    checked(fsconfig(context, FSCONFIG_CMD_CREATE, null, null, 0), operation)
    return checked(fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), operation)
  } finally {
    close(context)
  }
}

/** Mounts a tree on a path, on a link itself where that is one. */
export function attach(tree: number, path: string): void {
  checked(moveMount(tree, '', AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH), () => `mount on ${path}`)
}

/** The tree in the place of what is mounted on the path: nobody ever sees what is below, where the kernel can do that (Linux 6.5). */
export function exchange(tree: number, path: string): void {
  const beneath = moveMount(tree, '', AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH)
  detach(path)
  if (beneath < 0) attach(tree, path)
}

export function detach(path: string): void {
  checked(umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW), () => `unmount ${path}`)
}

/** Bytes that a file system in memory may hold: whole pages, of which a block is one. */
export function sizeOf(path: string): number {
  const { blocks, bsize } = statfsSync(path)
  return blocks * bsize
}

const pageSize = 4096
export const wholePages = (size: number): number => Math.ceil(size / pageSize) * pageSize

/** A file system in memory gets another size, with all that is in it. @throws SystemError EINVAL where that is more */
export function resize(path: string, size: number): void {
  const flags = MS_REMOUNT | MS_NOSUID | MS_NODEV
  checked(mount(null, path, null, flags, `size=${size}`), () => `give ${path} a size of ${size} bytes`)
}

/** A path, or a descriptor, in; the namespace that it stands for out. Asked of every node, so not by way of node:fs. */
import { constants } from 'node:fs'
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  NS_GET_USERNS,
  O_CLOEXEC,
  STATX_INO,
} from '../../native/constants.js'
import { close, ioctlNumber, open, readlink, statx } from '../../native/libc.js'
import { checked } from './errors.js'

/** struct statx: stx_ino, and stx_dev_major with stx_dev_minor (statx(2)). */
const status = Buffer.alloc(256)
const inodeAt = 32
const deviceAt = 136

/** The inode of the namespace that is pinned on a path; undefined where none is, and no link is followed. */
export function inodeOf(path: string): number | undefined {
  return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO, status) < 0 ? undefined : seen()
}

/** The inode of the network namespace that the thread is in. */
export function currentInode(): number {
  checked(statx(AT_FDCWD, '/proc/thread-self/ns/net', 0, STATX_INO, status), 'look at the namespace')
  return Number(status.readBigUInt64LE(inodeAt))
}

/** Whether a descriptor is one of a namespace. */
export function isOfNamespace(descriptor: number): boolean {
  return inodeOfDescriptor(descriptor) !== undefined
}

/** The inode of the namespace that a descriptor is one of. */
export function inodeOfDescriptor(descriptor: number): number | undefined {
  return statx(descriptor, '', AT_EMPTY_PATH, STATX_INO, status) < 0 ? undefined : seen()
}

/** The inode of the user namespace that owns a namespace, of one of users the one that it was made in; undefined for one that lies outside of ours (ioctl_ns(2)). */
export function ownerOf(descriptor: number): number | undefined {
  const owner = ioctlNumber(descriptor, NS_GET_USERNS, 0)
  if (owner < 0) return undefined
  const inode = inodeOfDescriptor(owner)
  close(owner)
  return inode
}

/** What `work` gives of a file that is open meanwhile; undefined where it can't be opened. */
export function withDescriptor<T>(path: string, work: (descriptor: number) => T): T | undefined {
  const descriptor = open(path, constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC, 0)
  if (descriptor < 0) return undefined
  try {
    return work(descriptor)
  } finally {
    close(descriptor)
  }
}

function seen(): number | undefined {
  const at = status.readBigUInt64LE(deviceAt)
  const inode = Number(status.readBigUInt64LE(inodeAt))
  return at === namespaceDevice() ? inode : undefined
}

let device: bigint | undefined

/** Files of nsfs, and only they, are on this device. */
function namespaceDevice(): bigint {
  if (device === undefined) {
    const own = Buffer.alloc(256)
    checked(statx(AT_FDCWD, '/proc/thread-self/ns/net', 0, STATX_INO, own), 'look at our namespace')
    device = own.readBigUInt64LE(deviceAt)
  }
  return device
}

const target = Buffer.alloc(4096)

/** Where a link leads; undefined for what is none, or not there. */
export function linkTarget(path: string): string | undefined {
  const length = readlink(path, target, target.length)
  return length < 0 ? undefined : target.toString('utf8', 0, length)
}

/** A node's name in; its namespace made, opened, or taken away. */
import { constants } from 'node:fs'
import { constants as os } from 'node:os'
import { MNT_DETACH, MS_BIND, O_CLOEXEC } from '../../native/constants.js'
import { close, mount, open, symlink, umount2, unlink } from '../../native/libc.js'
import { checked } from './errors.js'
import { netnsFolder } from './home.js'
import { SystemError } from './kernel.js'
import { claim, isOwn, markPath, type Names, netnsPath, pinPath } from './names.js'
import { currentInode, inodeOf, isOfNamespace, linkTarget } from './nsfs.js'
import { removeIfThere } from './safe.js'
import { goHome, goToNew } from './thread.js'

/** Makes a namespace, pins and names it; the thread is in it afterwards. Returns a descriptor. @throws SystemError */
export function makeNamespace(names: Names, node: string): number {
  const pin = pinPath(names, node)
  close(checked(newFile(pin), () => `make the name of ${node}`))
  try {
    goToNew(pin)
    claim(names, node, currentInode())
    checked(mount('/proc/thread-self/ns/net', pin, null, MS_BIND, null), () => `pin the namespace of ${node}`)
    name(names, node)
    return checked(open(pin, O_CLOEXEC, 0), () => `open the namespace of ${node}`)
  } catch (error) {
    goHome()
    umount2(pin, MNT_DETACH)
    removeIfThere(pin)
    removeIfThere(markPath(names, node))
    throw error
  }
}

/** `ip netns del` takes what is mounted on a pin and leaves the file. */
function newFile(pin: string): number {
  const flags = constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL | O_CLOEXEC
  const fd = open(pin, flags, 0)
  if (fd !== -os.errno.EEXIST || isNamespace(pin)) return fd
  removeIfThere(pin)
  return open(pin, flags, 0)
}

export function name(names: Names, node: string): void {
  const [target, path] = [pinPath(names, node), netnsPath(names, node)]
  const made = symlink(target, path)
  // A link of ours may have stayed behind, dangling, after a machine's crash or `umount`.
  if (made < 0 && linkTarget(path) === target) return
  checked(made, () => `name the namespace of ${node} ${names.lab}.${node} in ${netnsFolder}`)
}

/**
 * Takes the name and the pin of a node of ours away; the namespace lives on if somebody else holds it.
 * @throws SystemError EPERM where somebody has put another one there
 */
export function dropNamespace(names: Names, node: string): void {
  const pin = pinPath(names, node)
  const inode = inodeOf(pin)
  if (inode !== undefined && !isOwn(names, node, inode))
    throw new SystemError(`unpin the namespace of ${node}`, 'EPERM', 'it is not the one that nstopo made')
  dropName(names, node)
  unpin(pin, node)
  removeIfThere(markPath(names, node))
}

function unpin(path: string, node: string): void {
  if (isNamespace(path)) checked(umount2(path, MNT_DETACH), () => `unpin the namespace of ${node}`)
  removeIfThere(path)
}

/** Takes away what `ip netns` sees of a node: our link, or the pin of its own that `ip netns add` made and we took over. */
export function dropName(names: Names, node: string): void {
  const path = netnsPath(names, node)
  if (linkTarget(path) === pinPath(names, node)) removeIfThere(path)
  else if (isOwn(names, node, inodeOf(path))) unpin(path, node)
}

/** Takes a name away that `linkedNames` has found. */
export function dropLink(names: Names, node: string): void {
  const path = netnsPath(names, node)
  const gone = unlink(path)
  if (gone !== -os.errno.ENOENT) checked(gone, () => `remove ${path}`)
}

/** A descriptor of a node's namespace: of its pin, or of what `ip netns add` made. @throws SystemError */
export function openNamespace(names: Names, node: string): number {
  const pinned = openIfNamespace(pinPath(names, node))
  const fd = pinned < 0 ? openIfNamespace(netnsPath(names, node)) : pinned
  return checked(fd, () => `open the namespace of ${node}`)
}

function openIfNamespace(path: string): number {
  const fd = open(path, constants.O_RDONLY | constants.O_NOFOLLOW | O_CLOEXEC, 0)
  if (fd < 0 || isOfNamespace(fd)) return fd
  close(fd)
  return -os.errno.ENOENT
}

/** Where a node's namespace stands: at its pin, or where `ip netns add` put it. */
export function namespacePath(names: Names, node: string): string {
  const pin = pinPath(names, node)
  return isNamespace(pin) ? pin : netnsPath(names, node)
}

export function isNamespace(path: string): boolean {
  return inodeOf(path) !== undefined
}

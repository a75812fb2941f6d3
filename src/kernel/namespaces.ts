/** Namespaces by name: pins in the lab's tmpfs, and links to them in /run/netns for `ip netns`. */
import { constants, mkdirSync, readdirSync } from 'node:fs'
import { constants as os } from 'node:os'
import { MNT_DETACH, MS_BIND, O_CLOEXEC } from '../../native/constants.js'
import { close, mount, open, symlink, umount2, unlink } from '../../native/libc.js'
import { attempt, checked, unless } from './errors.js'
import { netnsFolder } from './home.js'
import { SystemError } from './kernel.js'
import { inodeOf, isOfNamespace, linkTarget } from './nsfs.js'
import { removeIfThere } from './safe.js'
import { goHome, goToNew } from './thread.js'

/** Where a lab's names are. */
export interface Names {
  readonly lab: string
  /** The lab's tmpfs. */
  readonly folder: string
}

const nodeName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

/** Where a node's namespace is pinned; unique in the machine. @throws SystemError EINVAL for a name that could lead elsewhere */
export function pinPath(names: Names, node: string): string {
  if (!nodeName.test(node)) throw new SystemError(`use the node ${JSON.stringify(node)}`, 'EINVAL', 'not a node’s name')
  return `${names.folder}/ns/${node}`
}

/** As `ip netns` has it. */
export function netnsPath(names: Names, node: string): string {
  return `${netnsFolder}/${names.lab}.${node}`
}

/** Makes a namespace, pins and names it; the thread is in it afterwards. Returns a descriptor. @throws SystemError */
export function makeNamespace(names: Names, node: string): number {
  const pin = pinPath(names, node)
  close(checked(newFile(pin), () => `make the name of ${node}`))
  try {
    goToNew(pin)
    checked(mount('/proc/thread-self/ns/net', pin, null, MS_BIND, null), () => `pin the namespace of ${node}`)
    name(names, node)
    return checked(open(pin, O_CLOEXEC, 0), () => `open the namespace of ${node}`)
  } catch (error) {
    goHome()
    umount2(pin, MNT_DETACH)
    removeIfThere(pin)
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

function name(names: Names, node: string): void {
  const [target, path] = [pinPath(names, node), netnsPath(names, node)]
  const made = symlink(target, path)
  // A link of ours may have stayed behind, dangling, after a machine's crash or `umount`.
  if (made < 0 && linkTarget(path) === target) return
  checked(made, () => `name the namespace of ${node} ${names.lab}.${node} in ${netnsFolder}`)
}

/** Takes the pin and the name of a node away; the namespace lives on if somebody else holds it. */
export function dropNamespace(names: Names, node: string): void {
  unpin(pinPath(names, node), node)
  dropName(names, node)
}

function unpin(path: string, node: string): void {
  if (isNamespace(path)) checked(umount2(path, MNT_DETACH), () => `unpin the namespace of ${node}`)
  removeIfThere(path)
}

/** Takes away what `ip netns` sees of a node: our link, or the pin of its own that `ip netns add` made. */
export function dropName(names: Names, node: string): void {
  const path = netnsPath(names, node)
  if (linkTarget(path) === pinPath(names, node)) removeIfThere(path)
  else if (isNamespace(path)) unpin(path, node)
}

/** Takes a name away that `linkedNames` has found. */
export function dropLink(names: Names, node: string): void {
  const path = netnsPath(names, node)
  const gone = unlink(path)
  if (gone !== -os.errno.ENOENT) checked(gone, () => `remove ${path}`)
}

/** Whether the node's namespace is pinned in the lab's tmpfs. */
export function isPinned(names: Names, node: string): boolean {
  return isNamespace(pinPath(names, node))
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

/** Every node that has a namespace, all or of some, with its inode; those in our tmpfs first. */
export function findNamespaces(names: Names, only?: ReadonlySet<string>): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const wanted = (node: string) => nodeName.test(node) && (!only || only.has(node))
  for (const node of list(`${names.folder}/ns`)) if (wanted(node)) add(found, node, pinPath(names, node))
  for (const node of namesIn(netnsFolder, `${names.lab}.`))
    if (wanted(node) && !found.has(node) && linkTarget(netnsPath(names, node)) === undefined)
      add(found, node, netnsPath(names, node))
  return found
}

/** The nodes whose link in /run/netns leads into the lab's tmpfs, dangling or not. */
export function linkedNames(names: Names): readonly string[] {
  const nodes = namesIn(netnsFolder, `${names.lab}.`)
  return nodes.filter(node => linkTarget(netnsPath(names, node)) === pinPath(names, node))
}

/** The nodes whose names stand in a folder after a prefix. */
function namesIn(folder: string, prefix: string): readonly string[] {
  const entries = list(folder).filter(entry => entry.startsWith(prefix))
  return entries.map(entry => entry.slice(prefix.length)).filter(node => nodeName.test(node))
}

/** Makes the folder of the pins. */
export function setUpPins(names: Names): void {
  attempt(`make ${names.folder}/ns`, () => mkdirSync(`${names.folder}/ns`, { mode: 0o755 }))
}

function add(found: Map<string, number>, node: string, path: string): void {
  const inode = inodeOf(path)
  if (inode !== undefined) found.set(node, inode)
}

function isNamespace(path: string): boolean {
  return inodeOf(path) !== undefined
}

function list(folder: string): readonly string[] {
  return unless(['ENOENT', 'ENOTDIR', 'EACCES'], () => readdirSync(folder)) ?? []
}

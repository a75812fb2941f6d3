/**
 * Where a lab's names are: pins in its tmpfs, and links to them in /run/netns for `ip netns`. Beside each pin stands which
 * namespace we put there, from before it is there: a name alone makes nothing ours.
 */
import { mkdirSync } from 'node:fs'
import { symlink } from '../../native/libc.js'
import { attempt, checked } from './errors.js'
import { netnsFolder } from './home.js'
import { SystemError } from './kernel.js'
import { linkTarget } from './nsfs.js'
import { removeIfThere } from './safe.js'

/** Where a lab's names are. */
export interface Names {
  readonly lab: string
  /** The lab's tmpfs. */
  readonly folder: string
}

export const nodeName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

/** Where a node's namespace is pinned; unique in the machine. @throws SystemError EINVAL for a name that could lead elsewhere */
export function pinPath({ folder }: Names, node: string): string {
  return `${folder}/ns/${checkedName(node)}`
}

/** Where its UTS namespace is pinned, once there is one. @throws SystemError EINVAL for a name that could lead elsewhere */
export function utsPath({ folder }: Names, node: string): string {
  return `${folder}/uts/${checkedName(node)}`
}

/** What is kept of it as a host. @throws SystemError EINVAL for a name that could lead elsewhere */
export function hostPath({ folder }: Names, node: string): string {
  return `${folder}/host/${checkedName(node)}`
}

function checkedName(node: string): string {
  if (!nodeName.test(node)) throw new SystemError(`use the node ${JSON.stringify(node)}`, 'EINVAL', 'not a node’s name')
  return node
}

/** A link that leads nowhere: its target is the inode of the node's namespace. */
export function markPath(names: Names, node: string): string {
  return `${names.folder}/id/${node}`
}

/** As `ip netns` has it. */
export function netnsPath(names: Names, node: string): string {
  return `${netnsFolder}/${names.lab}.${node}`
}

/** Makes the folders of the pins and of their marks. */
export function setUpPins(folder: string): void {
  for (const name of ['ns', 'id'])
    attempt(`make ${folder}/${name}`, () => mkdirSync(`${folder}/${name}`, { mode: 0o755 }))
}

/** From now on the namespace of that inode is ours, where it has the node's name. */
export function claim(names: Names, node: string, inode: number): void {
  const path = markPath(names, node)
  if (symlink(`${inode}`, path) === 0) return
  // Of a namespace that is gone.
  removeIfThere(path)
  checked(symlink(`${inode}`, path), () => `mark the namespace of ${node}`)
}

/** Whether we made the namespace, or took it over. */
export function isOwn(names: Names, node: string, inode: number | undefined): boolean {
  return inode !== undefined && linkTarget(markPath(names, node)) === `${inode}`
}

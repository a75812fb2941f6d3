/** Nodes' names in; what stands there already and is not ours out. */
import { lstatSync, readlinkSync } from 'node:fs'
import { unless } from './errors.js'
import { list } from './folders.js'
import { netnsFolder } from './home.js'
import type { Stranger } from './kernel.js'
import { isOwn, type Names, netnsPath, pinPath } from './names.js'
import { inodeOf, linkTarget } from './nsfs.js'

/** What stands where these nodes have their pins and names, and is not ours. */
export function strangers(names: Names, nodes: Iterable<string>): readonly Stranger[] {
  const [named, pinned] = [new Set(list(netnsFolder)), new Set(list(`${names.folder}/ns`))]
  return [...nodes].flatMap(node => {
    const [pin, path] = [pinPath(names, node), netnsPath(names, node)]
    const found = pinned.has(node) && isForeign(names, node, inodeOf(pin)) ? [stranger(node, pin)] : []
    if (!named.has(`${names.lab}.${node}`) || linkTarget(path) === pin) return found
    return isOwn(names, node, inodeOf(path)) ? found : [...found, stranger(node, path)]
  })
}

function isForeign(names: Names, node: string, inode: number | undefined): boolean {
  return inode !== undefined && !isOwn(names, node, inode)
}

function stranger(node: string, path: string): Stranger {
  const [inode, target] = [inodeOf(path), linkTarget(path)]
  return {
    ...{ node, path },
    ...(inode === undefined ? {} : { inode }),
    ...(target === undefined ? {} : { target }),
    ...(inode !== undefined && machines().has(inode) ? { machine: true as const } : {}),
  }
}

/** The namespaces in which the first process and this one live: `ip netns attach` can give them a name. */
export function machines(): ReadonlySet<number> {
  const inodes = ['/proc/1/ns/net', `/proc/${process.pid}/ns/net`].map(path =>
    unless(['ENOENT', 'EACCES', 'EPERM'], () => Number(/\d+/.exec(readlinkSync(path))?.[0])),
  )
  return new Set(inodes.filter(inode => inode !== undefined))
}

/** Where somebody has mounted something of theirs in the lab's tmpfs: it would go with it. */
export function foreignMounts({ folder }: Names, own: ReadonlyMap<string, number>): readonly string[] {
  const others = list(`${folder}/ns`).filter(node => !own.has(node))
  const pins = others.filter(node => inodeOf(`${folder}/ns/${node}`) !== undefined)
  const beside = list(folder).filter(entry => isMountPoint(`${folder}/${entry}`, folder))
  return [...pins.map(node => `${folder}/ns/${node}`), ...beside.map(entry => `${folder}/${entry}`)]
}

function isMountPoint(path: string, within: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.dev !== lstatSync(within).dev
}

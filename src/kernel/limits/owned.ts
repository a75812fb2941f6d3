/** Network namespaces that can be seen, pinned or with a process in them → how many of them are our user namespace's. */
import { readdirSync } from 'node:fs'
import { unless } from '../errors.js'
import { inodeOfDescriptor, ownerOf, withDescriptor } from '../nsfs.js'
import { type Roots, readText } from './figures.js'

/** The inode of the user namespace that the kernel starts with (include/linux/nsfs.h, PROC_USER_INIT_INO before). */
const initialUser = 0xeffffffd

/** Whether our user namespace is the one that the kernel starts with. */
export function inFirstUser({ proc }: Roots): boolean {
  return withDescriptor(`${proc}/self/ns/user`, inodeOfDescriptor) === initialUser
}

/**
 * Surely in use: there may be more, which only a descriptor or a socket keeps alive. Who made one is not told, but in most
 * user namespaces only root can; for anybody else the answer is none.
 */
export function ownedNamespaces(roots: Roots): number {
  if (process.geteuid?.() !== 0) return 0
  const own = withDescriptor(`${roots.proc}/self/ns/user`, inodeOfDescriptor)
  const seen = new Map<number, boolean>()
  const look = (descriptor: number) => {
    const inode = inodeOfDescriptor(descriptor)
    if (inode !== undefined && !seen.has(inode)) seen.set(inode, ownerOf(descriptor) === own)
  }
  for (const path of [...(pinsIn(roots)?.pins ?? []), ...namespacesOfProcesses(roots)]) withDescriptor(path, look)
  // The network namespace that the kernel starts with counts for nobody.
  return Math.max(0, [...seen.values()].filter(Boolean).length - (own === initialUser ? 1 : 0))
}

function namespacesOfProcesses({ proc }: Roots): readonly string[] {
  const entries = unless(['ENOENT', 'EACCES'], () => readdirSync(proc)) ?? []
  return entries.filter(entry => /^\d+$/.test(entry)).map(pid => `${proc}/${pid}/ns/net`)
}

/** How many mounts our mount namespace has, and the paths of those that pin a network namespace (proc_pid_mountinfo(5)). */
export function pinsIn({ proc }: Roots): { readonly mounts: number; readonly pins: readonly string[] } | undefined {
  const text = readText(`${proc}/self/mountinfo`)
  if (text === undefined) return undefined
  const lines = text.trim().split('\n')
  const pins = new Map<string, string>()
  for (const line of lines) {
    const [root, point] = line.split(' ', 5).slice(3)
    // A pin that others share is mounted once for each; blanks in paths are written as \040, and are none of ours.
    if (root?.startsWith('net:[') && point !== undefined && !point.includes('\\')) pins.set(root, point)
  }
  return { mounts: lines.length, pins: [...pins.values()] }
}

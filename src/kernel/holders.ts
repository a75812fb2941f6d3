/** Who keeps namespaces alive, looked up in /proc: processes, open descriptors, copies of the pins in other mount namespaces. */
import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { O_CLOEXEC } from '../../native/constants.js'
import { close, open, read as readBytes } from '../../native/libc.js'
import type { Holder } from './kernel.js'

/** Nodes by what /proc calls a namespace of theirs: `net:[4026532000]`. */
export type Wanted = ReadonlyMap<string, string>

export function wanted(nodes: ReadonlyMap<string, number>): Wanted {
  return new Map([...nodes].map(([node, inode]) => [`net:[${inode}]`, node]))
}

/** Processes that are in the nodes; our own is not counted. */
export function processesIn(nodes: Wanted): readonly Holder[] {
  const kinds = kindsOf(nodes)
  return nodes.size === 0 ? [] : pids().flatMap(pid => holder(nodeOf(nodes, kinds, `${pid}`), pid, 'process'))
}

const kindsOf = (nodes: Wanted) => [...new Set([...nodes.keys()].map(name => name.slice(0, name.indexOf(':'))))]

/** The node to which a process, or one of its threads, belongs. */
function nodeOf(nodes: Wanted, kinds: readonly string[], place: string): string | undefined {
  for (const kind of kinds) {
    const node = nodes.get(link(`/proc/${place}/ns/${kind}`))
    if (node !== undefined) return node
  }
  return undefined
}

/**
 * Processes that are in the nodes for good. One that has threads elsewhere too only looks around there, as nstopo does
 * itself, and as those do who make networks for containers.
 */
export function residentsOf(nodes: Wanted): readonly number[] {
  const kinds = kindsOf(nodes)
  const isIn = (place: string) => nodeOf(nodes, kinds, place) !== undefined
  return processesIn(nodes)
    .map(({ pid }) => pid)
    .filter(pid => !holdsNothing(pid))
    .filter(pid => list(`/proc/${pid}/task`).every(thread => isIn(`${pid}/task/${thread}`)))
}

/**
 * It has ended, as far as it can: neither files nor mounts nor a network are its own any more. Its parent may not have taken
 * note of it; the first process of a PID namespace waits until all parents outside have (pid_namespaces(7)).
 */
export function holdsNothing(pid: number): boolean {
  return link(`/proc/${pid}/ns/mnt`) === ''
}

/** Everybody else: open descriptors, and mounts in other mount namespaces than ours. One line a process and node. */
export function otherHolders(nodes: Wanted): readonly Holder[] {
  if (nodes.size === 0) return []
  const seen = new Set([link('/proc/thread-self/ns/mnt')])
  return pids().flatMap(pid => [
    ...[...descriptors(pid, nodes)].flatMap(node => holder(node, pid, 'descriptor')),
    ...[...mounts(pid, nodes, seen)].flatMap(node => holder(node, pid, 'mount')),
  ])
}

/** This process and those it was started by: they aren't ended with the nodes that they are in. */
export function ancestors(): ReadonlySet<number> {
  const found = new Set<number>()
  for (let pid = process.pid; pid > 1 && !found.has(pid); pid = parent(pid)) found.add(pid)
  return found
}

function parent(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

function descriptors(pid: number, nodes: Wanted): ReadonlySet<string> {
  const open = list(`/proc/${pid}/fd`).map(fd => nodes.get(namespaceOf(pid, fd)))
  return new Set(open.filter(node => node !== undefined))
}

/** Neither namespaces nor anything that could lead to one. */
const unrelated = /^(socket:|pipe:|anon_inode:|\/dev\/|\/memfd:)/

/**
 * The namespace that a descriptor is open on, as /proc calls it. One that was opened by the name of a pin shows that name,
 * so its inode is looked up, and not by stat(2), which waits for ever on a dead file server.
 */
function namespaceOf(pid: number, fd: string): string {
  const target = link(`/proc/${pid}/fd/${fd}`)
  if (target.startsWith('net:') || unrelated.test(target)) return target
  return `net:[${/^ino:\s*(\d+)/m.exec(readShort(`/proc/${pid}/fdinfo/${fd}`))?.[1]}]`
}

function mounts(pid: number, nodes: Wanted, seen: Set<string>): ReadonlySet<string> {
  const namespace = link(`/proc/${pid}/ns/mnt`)
  if (namespace === '' || seen.has(namespace)) return new Set()
  seen.add(namespace)
  // The fourth field of a mount is its root: for a pin, the namespace (proc_pid_mountinfo(5)).
  const roots = read(`/proc/${pid}/mountinfo`).match(/(?<=^\S+ \S+ \S+ )net:\[\d+\]/gm) ?? []
  return new Set(roots.map(root => nodes.get(root)).filter(node => node !== undefined))
}

function holder(node: string | undefined, pid: number, how: Holder['how']): readonly Holder[] {
  return node === undefined ? [] : [{ node, pid, command: command(pid), how }]
}

/** Its command line, as one line of text. */
export function command(pid: number): string {
  const line = read(`/proc/${pid}/cmdline`)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
  return line || read(`/proc/${pid}/comm`).trim()
}

/** Of all processes but our own. */
export function pids(): readonly number[] {
  return list('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid !== process.pid)
}

// Processes end while we look: what has gone holds nothing.
function read(path: string): string {
  return quietly(() => readFileSync(path, 'utf8')) ?? ''
}
/** Of the thousands of descriptors of a machine only the first lines are wanted, so not by way of node:fs. */
function readShort(path: string): string {
  const fd = open(path, constants.O_RDONLY | O_CLOEXEC, 0)
  if (fd < 0) return ''
  const size = readBytes(fd, room, room.length)
  close(fd)
  return size < 0 ? '' : room.toString('latin1', 0, size)
}
const room = Buffer.alloc(4096)
function link(path: string): string {
  return quietly(() => readlinkSync(path)) ?? ''
}
function list(path: string): readonly string[] {
  return quietly(() => readdirSync(path)) ?? []
}
function quietly<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

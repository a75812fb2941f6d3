/** A whole machine → lines by what they tell of, and what two of them differ in. */
import { createHash } from 'node:crypto'
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { networkOf } from './network.js'

/** Lines by section. Two machines that hold the same have the same. */
export type Snapshot = Readonly<Record<string, readonly string[]>>

/** @param namespaces names in /run/netns whose insides are looked at too, besides the first namespace's */
export function snapshot(namespaces: readonly string[] = []): Snapshot {
  const networks = [undefined, ...namespaces].map(networkOf)
  return {
    namespaces: allNamespaces(),
    'control groups': controlGroups(),
    mounts: mounts(),
    processes: processes(),
    files: ['/run', '/var/cache'].flatMap(filesBelow),
    settings: settingsBelow('/proc/sys/net'),
    descriptors: descriptors(),
    ...Object.fromEntries(networks.flatMap(network => Object.entries(network))),
  }
}

/** What came is marked with a plus, what went with a minus. */
export function difference(before: Snapshot, after: Snapshot): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(section => {
    const [was, is] = [before[section] ?? [], after[section] ?? []]
    return [
      ...without(was, is).map(line => `- ${section}: ${line}`),
      ...without(is, was).map(line => `+ ${section}: ${line}`),
    ]
  })
}

/** The lines of the first that the second has not, or has less often. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter(line => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

const kinds = ['net', 'mnt', 'uts', 'ipc', 'pid', 'user', 'cgroup', 'time']

/** Every namespace that a process is in, or that is mounted somewhere, by its inode. */
function allNamespaces(): readonly string[] {
  const found = pids().flatMap(pid => kinds.map(kind => link(`/proc/${pid}/ns/${kind}`)))
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8').match(/[a-z]+:\[\d+\]/g) ?? []
  return [...new Set([...found.filter(name => name !== ''), ...mounted])].sort()
}

/** Of this machine: their tree is one for all, so a lab that is looked at has a name that nobody else's has. */
export const machineName = `m${statSync('/proc/self/ns/pid').ino}`

/** All groups of nstopo's for labs whose names begin with this machine's. */
export function controlGroups(folder = '/sys/fs/cgroup'): readonly string[] {
  const below = list(folder).filter(entry => entry.isDirectory())
  return below.flatMap(({ name }) => {
    const path = `${folder}/${name}`
    if (name.startsWith('nstopo-')) return name.startsWith(`nstopo-${machineName}`) ? groupsBelow(path) : []
    return controlGroups(path)
  })
}

function groupsBelow(folder: string): readonly string[] {
  const below = list(folder).filter(entry => entry.isDirectory())
  return [folder, ...below.flatMap(({ name }) => groupsBelow(`${folder}/${name}`))]
}

/** Without what is counted anew for each mount: its numbers, the device's, and those of peer groups. */
function mounts(): readonly string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n')
  const steady = lines.map(line =>
    line
      .split(' ')
      .slice(3)
      .join(' ')
      .replace(/(shared|master|propagate_from):\d+/g, '$1'),
  )
  return steady.sort()
}

/** All others, with the time that each began at: a number may be given again. Those who have died and are not buried count. */
function processes(): readonly string[] {
  return pids()
    .filter(pid => pid !== process.pid)
    .flatMap(pid => {
      const status = text(`/proc/${pid}/stat`)
      const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
      const command = text(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
      return status === '' ? [] : [`${pid} since ${fields[19]} in ${link(`/proc/${pid}/ns/net`)}: ${command || status}`]
    })
    .sort()
}

/** Names, kinds, owners, modes, where links lead, and what is written. */
function filesBelow(folder: string): readonly string[] {
  const entries = list(folder).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (!found) return []
    const line = `${path} ${found.mode.toString(8)} ${found.uid}:${found.gid} ${contentOf(path, entry)}`
    return [line, ...(entry.isDirectory() ? filesBelow(path) : [])]
  })
  return entries.sort()
}

function contentOf(path: string, entry: Dirent): string {
  if (entry.isSymbolicLink()) return `→ ${readlinkSync(path)}`
  if (!entry.isFile()) return ''
  const bytes = attempt(() => readFileSync(path))
  return bytes ? createHash('sha1').update(bytes).digest('hex') : 'unreadable'
}

/** Counters that run by themselves are no settings. */
const counters = /nf_conntrack_count|\/stable_secret$/

function settingsBelow(folder: string): readonly string[] {
  return list(folder).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return settingsBelow(path)
    return counters.test(path) ? [] : [`${path} ${text(path).trim()}`]
  })
}

/** Of this process: files. Sockets and pipes to the programs that it ran go when Node has the time. */
function descriptors(): readonly string[] {
  const targets = list('/proc/self/fd').map(({ name }) => link(`/proc/self/fd/${name}`))
  return targets
    .filter(target => !/^\/proc\/\d+\/fd$|^(socket|pipe):|^$/.test(target))
    .map(target => target.replace(/\[\d+\]/, ''))
    .sort()
}

function pids(): readonly number[] {
  return list('/proc')
    .map(({ name }) => Number(name))
    .filter(Number.isInteger)
}

// Things go while we look: what has gone is not there.
const list = (folder: string): readonly Dirent[] => attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []
const text = (path: string) => attempt(() => readFileSync(path, 'utf8')) ?? ''
const link = (path: string) => attempt(() => readlinkSync(path)) ?? ''

function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

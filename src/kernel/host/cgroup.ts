/**
 * A lab's hosts in; their control groups out, one in each tree (cgroups(7)): made, limited, emptied, removed.
 * Each is `nstopo-LAB-MARK/host-NODE` in its tree, where the mark is a random number that stands in the lab's tmpfs from
 * before the first is made: a name with it is ours, whichever state folder the lab is in.
 */
import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { close } from '../../../native/libc.js'
import type { Host } from '../../model/state.js'
import { attempt, unless } from '../errors.js'
import { tryLockFolder } from '../flock.js'
import { isThere } from '../folders.js'
import { ancestors } from '../holders.js'
import { SystemError } from '../kernel.js'
import { readText } from '../limits/figures.js'
import type { Names } from '../names.js'
import { endProcesses } from '../processes.js'
import { randomName } from '../random.js'
import { readOwn, replaceFile } from '../safe.js'
import { type Controller, controllers, findHierarchies, type Hierarchy } from './hierarchies.js'
import { isSame, limitFiles } from './limit-files.js'

export interface HostGroups {
  /**
   * Makes the host's groups, with its limits; ends what is in ones that are left over. Whoever is to be in them joins all, and
   * what comes back is called then: until that nobody takes them for what a dead run left (left-groups.ts).
   */
  make(host: Host): () => void
  /** Folders of the groups: who writes `0` to the `cgroup.procs` of each is in them. None for a host that has no groups. */
  folders(node: string): readonly string[]
  /** Sets the limits that it has now. @throws SystemError whose operation names the file */
  limit(host: Host): void
  /** As they are; where that is what became of the figures that are said, those. */
  limits(node: string, said: Host['limits']): Host['limits']
  /** Processes in the groups of one host, or of all, and in groups that they have made below. */
  members(node?: string): readonly number[]
  /** Ends who is in the groups of one host, or of all, and removes them. @throws SystemError EBUSY when they do not end */
  remove(node?: string): void
}

/** Whether a host has groups of its own. */
export const hasGroups = ({ isolate, limits }: Host): boolean => isolate.includes('cgroup') || limits !== undefined

/** What is mounted is looked up once. */
let found: readonly Hierarchy[] | undefined
const trees = () => (found ??= findHierarchies())

export function hostGroups(names: Names): HostGroups {
  const labs = () => {
    const mark = readMark(names)
    return mark === undefined ? [] : trees().map(tree => ({ tree, lab: `${tree.root}/${groupName(names.lab, mark)}` }))
  }
  const groups = (node: string) => labs().map(group => ({ ...group, folder: `${group.lab}/host-${node}` }))
  const folders = (node: string) =>
    groups(node)
      .map(({ folder }) => folder)
      .filter(isThere)
  const tops = (node?: string) => (node === undefined ? labs().map(({ lab }) => lab) : folders(node))
  const members = (node?: string) => [...new Set(tops(node).flatMap(withBelow).flatMap(processesOf))]

  function limit({ node, limits }: Host): void {
    for (const controller of controllers) {
      const group = groups(node).find(({ tree }) => tree.controllers.includes(controller))
      if (group) setLimit(group, controller, limits?.[controller])
      else if (limits?.[controller] !== undefined) throw missing(node, controller)
    }
  }

  function remove(node?: string): void {
    const spared = ancestors()
    endProcesses(() => members(node).filter(pid => !spared.has(pid)))
    for (const folder of tops(node)) removeTree(folder)
    // The last host takes the lab's own along.
    for (const { lab } of labs()) unless(['ENOENT', 'EBUSY', 'ENOTEMPTY'], () => rmdirSync(lab))
  }

  return {
    make(host) {
      writeMark(names)
      remove(host.node)
      const held = labs().map(({ lab }) => holdGroup(lab))
      const release = () => held.splice(0).forEach(fd => void (fd !== undefined && close(fd)))
      try {
        for (const { folder } of groups(host.node)) makeGroup(folder)
        limit(host)
      } catch (thrown) {
        release()
        throw thrown
      }
      return release
    },
    folders,
    limit,
    limits: (node, said) => asSaid(groups(node).flatMap(readLimits), said),
    members,
    remove,
  }
}

interface Group {
  readonly tree: Hierarchy
  /** Of all hosts of the lab. */
  readonly lab: string
  /** Of the one host. */
  readonly folder: string
}

function makeGroup(path: string): void {
  unless(['EEXIST'], () => attempt(`make the control group ${path}`, () => mkdirSync(path, { mode: 0o755 })))
}

/** Makes a lab's group, and shares its lock; in vain where somebody keeps the lock to himself, who is none of ours. */
function holdGroup(path: string): number | undefined {
  for (let left = tries; ; left--) {
    makeGroup(path)
    const fd = tryLockFolder(path, 'shared')
    if (fd !== undefined || left === 0) return fd
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenTries)
  }
}

type Figure = readonly [Controller, number]

function readLimits({ tree, folder }: Group): readonly Figure[] {
  return tree.controllers.flatMap(controller => {
    const { file, value } = limitFiles[tree.version][controller]
    const text = readText(`${folder}/${file}`)
    const now = text === undefined ? undefined : value(text.trim())
    return now === undefined ? [] : [[controller, now] as const]
  })
}

/** What the kernel makes of a figure is still that figure. */
function asSaid(seen: readonly Figure[], said: Host['limits']): Host['limits'] {
  if (seen.length === 0) return undefined
  const [now, sorted] = [new Map(seen), {} as Record<Controller, number>]
  for (const controller of controllers) {
    const [value, wanted] = [now.get(controller), said?.[controller]]
    if (value === undefined) continue
    sorted[controller] = wanted !== undefined && isSame(controller, wanted, value) ? wanted : value
  }
  return sorted
}

function setLimit({ tree, lab, folder }: Group, controller: Controller, value: number | undefined): void {
  const { file, text } = limitFiles[tree.version][controller]
  if (tree.version === 2) {
    if (value !== undefined) for (const group of [tree.root, lab]) handDown(group, controller)
    // A group without the controller has no such file, and no limit.
    else if (!isThere(`${folder}/${file}`)) return
  }
  put(`${folder}/${file}`, text(value))
}

/** Groups below get the controller. Only a group without processes, and the uppermost of all, may do that. */
function handDown(group: string, controller: Controller): void {
  const file = `${group}/cgroup.subtree_control`
  if (!readText(file)?.trim().split(' ').includes(controller)) put(file, `+${controller}`)
}

function put(file: string, text: string): void {
  attempt(`write ${text} to ${file}`, () => writeFileSync(file, text, { flag: 'r+' }))
}

function missing(node: string, controller: Controller): SystemError {
  return new SystemError(
    `limit the ${controller} of ${node}`,
    'EOPNOTSUPP',
    `no control group here limits ${controller}`,
  )
}

const groupName = (lab: string, mark: string) => `nstopo-${lab}-${mark}`

/** What the groups of a lab are called, if it has some. */
export function groupOf(names: Names): string | undefined {
  const mark = readMark(names)
  return mark === undefined ? undefined : groupName(names.lab, mark)
}

const markPath = ({ folder }: Names) => `${folder}/groups`

function readMark(names: Names): string | undefined {
  const text = unless(['ENOENT', 'ENOTDIR'], () => readOwn(markPath(names)))
  return text !== undefined && /^[0-9a-f]{16}$/.test(text) ? text : undefined
}

function writeMark(names: Names): void {
  if (readMark(names) === undefined) replaceFile(markPath(names), randomName())
}

/** A group and those below, the lowest first. */
export function withBelow(folder: string): readonly string[] {
  const entries = unless(['ENOENT', 'ENOTDIR'], () => readdirSync(folder, { withFileTypes: true })) ?? []
  return [...entries.filter(entry => entry.isDirectory()).flatMap(({ name }) => withBelow(`${folder}/${name}`)), folder]
}

/** Those of other PID namespaces are told as 0. */
function processesOf(folder: string): readonly number[] {
  return (readText(`${folder}/cgroup.procs`) ?? '')
    .split('\n')
    .map(Number)
    .filter(pid => pid > 0)
}

/** Processes count for a moment after they have ended. */
const [tries, betweenTries] = [200, 10]

function removeTree(folder: string): void {
  for (const group of withBelow(folder)) removeGroup(group)
}

function removeGroup(group: string): void {
  for (let left = tries; !unless(['EBUSY'], () => gone(group)); left--) {
    if (left === 0) throw new SystemError(`remove the control group ${group}`, 'EBUSY', 'processes in it do not end')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenTries)
  }
}

function gone(group: string): true {
  unless(['ENOENT'], () => attempt(`remove the control group ${group}`, () => rmdirSync(group)))
  return true
}

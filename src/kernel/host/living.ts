/** A node's name in; its init, if it lives, out: what dist/init wrote down of it, held against /proc. */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import type { Host } from '../../model/state.js'
import { attempt, unless } from '../errors.js'
import { hostPath, type Names } from '../names.js'
import { namespacePath } from '../namespaces.js'
import { inodeOf, linkTarget } from '../nsfs.js'
import { readOwn, removeIfThere, replaceFile } from '../safe.js'
import { type Identity, type Step, words } from './steps.js'

/** A lab's place: the state folder, and where the lab's names are. */
export interface Place {
  readonly home: string
  readonly names: Names
}

/** Where the init's number and start time are, from before it lives on until it has ended. */
export function initPath(place: Place, node: string): string {
  return `${hostPath(place.names, node)}/init`
}

export function makeHostFolder({ names }: Place, node: string): void {
  const folder = hostPath(names, node)
  attempt(`make ${folder}`, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
}

/** The node's init, if it lives and is in the node's own network namespace. */
export function hostInit(place: Place, node: string): Identity | undefined {
  const init = recordedInit(place, node)
  if (!init || !isAlive(init)) return undefined
  return linkTarget(`/proc/${init.pid}/ns/net`) === `net:[${inodeOf(namespacePath(place.names, node))}]`
    ? init
    : undefined
}

/** A host whose init lives, as it was made. */
export interface LivingHost {
  readonly init: Identity
  readonly host: Host
  /** Folders of its control groups, which whatever runs in it is to be in. */
  readonly groups: readonly string[]
}

/** What is needed to go into a node's host. */
export function livingHost(place: Place, node: string): LivingHost | undefined {
  const init = hostInit(place, node)
  const made = init && madeHost(place, node)
  return made && { init, ...made }
}

const madePath = (place: Place, node: string) => `${hostPath(place.names, node)}/made.json`

/** The words of the steps that lead into it, each ended by a NUL: native/init/way.c goes by them. */
const wayPath = (place: Place, node: string) => `${hostPath(place.names, node)}/way`

/** Remembered last: a host of which nothing is remembered was not made whole, and is made anew. */
export function rememberHost(place: Place, { host, groups }: LivingHost, way: readonly Step[]): void {
  const { at: _, ...said } = host
  replaceFile(
    wayPath(place, host.node),
    words(way)
      .map(word => `${word}\0`)
      .join(''),
  )
  replaceFile(madePath(place, host.node), JSON.stringify({ host: said, groups }))
}

/** As it was made, whether it lives or not. */
export function madeHost(place: Place, node: string): Omit<LivingHost, 'init'> | undefined {
  const text = unless(['ENOENT', 'ENOTDIR'], () => readOwn(madePath(place, node)))
  return text === undefined ? undefined : JSON.parse(text)
}

/** The init that was last started, whatever became of it. */
export function recordedInit(place: Place, node: string): Identity | undefined {
  return identityIn(initPath(place, node))
}

/** A process, as dist/init has written it down. */
export function identityIn(path: string): Identity | undefined {
  const text = unless(['ENOENT', 'ENOTDIR'], () => readOwn(path))
  const [, pid, start] = /^(\d+) (\d+)\n$/.exec(text ?? '') ?? []
  return pid === undefined ? undefined : { pid: Number(pid), start: Number(start) }
}

/** Forgets what was kept of the host; what others keep beside it is theirs to remove. */
export function forgetHost(place: Place, node: string): void {
  for (const path of [initPath, wayPath, madePath]) removeIfThere(path(place, node))
  unless(['ENOENT', 'ENOTEMPTY'], () => rmdirSync(hostPath(place.names, node)))
}

/** Whether that very process lives: a zombie does not. */
export function isAlive({ pid, start }: Identity): boolean {
  const found = processStat(pid)
  return found !== undefined && found.start === start && !['Z', 'X'].includes(found.state)
}

/** What /proc says of a process (proc_pid_stat(5)). */
export interface ProcessStat extends Identity {
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
}

/** Undefined where there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  const text = unless(['ENOENT', 'ESRCH'], () => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  if (text === undefined) return undefined
  // The second field is the command's name, which may hold anything, in brackets.
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent = 0, group = 0, session = 0] = fields.slice(0, 3).map(Number)
  return { pid, state, parent, group, session, start: Number(fields[18]) }
}

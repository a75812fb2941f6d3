/** A lab's folder in; what its supervisor has written down of each process out: enough for another one to go on. */
import { mkdirSync } from 'node:fs'
import type { Process, ProcessSeen } from '../../model/state.js'
import { attempt, unless } from '../errors.js'
import { list } from '../folders.js'
import { SystemError } from '../kernel.js'
import { nodeName } from '../names.js'
import { readOwn, replaceFile } from '../safe.js'
import { isAlive } from './living.js'
import type { Identity } from './steps.js'

/** Written whole at each change, before whatever it announces. */
export interface Entry {
  readonly process: Process
  readonly wanted: 'run' | 'stop'
  readonly state: ProcessSeen['state']
  /** What was spawned last: the program, or what waits for it; written before it may do anything. */
  readonly running?: Running | undefined
  /** Of the last end. */
  readonly ended?: string | undefined
  readonly restarts: number
  /** Ends in a row that came soon after their start. */
  readonly failures: number
  readonly since?: number | undefined
}

export interface Running extends Identity {
  /** It has become its program, and not ended. */
  readonly begun: boolean
  /** Its node's, as /proc calls it; its family is looked for there alone. */
  readonly network: string
  /** The program itself, where another process waits for it. */
  readonly program?: number | undefined
  /** Where its output begins. */
  readonly output: Position
}

/** A place in a log that may be rotated meanwhile. */
export interface Position {
  readonly inode: number
  /** Bytes */
  readonly offset: number
}

const processName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/

/** Where the supervisor has its socket, its lock and what is below. */
export function supervisorFolder(folder: string): string {
  return `${folder}/supervisor`
}

/** Files of one process, and the folder that they are in. */
export interface Place {
  readonly own: string
  readonly entry: string
  readonly fifo: string
  readonly log: string
  /** The log's older half. */
  readonly older: string
}

/** What a process has there. @throws SystemError EINVAL for names that could lead elsewhere */
export function placeOf(folder: string, node: string, name: string): Place {
  if (!nodeName.test(node) || !processName.test(name))
    throw new SystemError(`use the process ${JSON.stringify(`${node}:${name}`)}`, 'EINVAL', 'not a process’s name')
  const own = `${supervisorFolder(folder)}/${node}/${name}`
  return { own, entry: `${own}/entry.json`, fifo: `${own}/output`, log: `${own}/log`, older: `${own}/log.1` }
}

/** Only root, or the lab's user, may look into it. */
export function makePlace(place: Place): void {
  attempt(`make ${place.own}`, () => mkdirSync(place.own, { recursive: true, mode: 0o700 }))
}

export function writeEntry(place: Place, entry: Entry): void {
  replaceFile(place.entry, JSON.stringify(entry))
}

/** Undefined where none was written, or what stands there is no entry of ours. */
export function readEntry(place: Place): Entry | undefined {
  const text = unless(['ENOENT', 'EPERM', 'ELOOP'], () => readOwn(place.entry))
  if (text === undefined) return undefined
  try {
    const entry = JSON.parse(text) as Entry | null
    return entry?.process?.name && entry.state ? entry : undefined
  } catch {
    return undefined
  }
}

/** Of one node, or of all. */
export function readEntries(folder: string, node?: string): readonly { place: Place; entry: Entry }[] {
  const nodes = node === undefined ? list(supervisorFolder(folder)).filter(name => nodeName.test(name)) : [node]
  return nodes.flatMap(name =>
    list(`${supervisorFolder(folder)}/${name}`)
      .filter(process => processName.test(process))
      .flatMap(process => {
        const place = placeOf(folder, name, process)
        const entry = readEntry(place)
        return entry ? [{ place, entry }] : []
      }),
  )
}

/**
 * As it is now. A supervisor that lives is believed: it hears of an end, and says how it was, in a moment.
 * @param supervised whether the lab's lives
 */
export function seen({ process, state, running, ended, restarts, since }: Entry, supervised: boolean): Process {
  const alive = running !== undefined && isAlive(running)
  const over = ['starting', 'running', 'ready'].includes(state) && !alive && !supervised
  return {
    ...process,
    seen: {
      state: over ? 'exited' : state,
      restarts,
      ...(alive && { pid: running.program ?? running.pid }),
      ...(over ? { ended: 'unknown' } : ended !== undefined && { ended }),
      ...(since !== undefined && { since }),
      ...(alive && !supervised && { unsupervised: true }),
    },
  }
}

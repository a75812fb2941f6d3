/** One lock a lab: a run that finds it taken is told by whom. */
import { ftruncateSync, writeSync } from 'node:fs'
import { close } from '../../native/libc.js'
import { unless } from './errors.js'
import { tryLock } from './flock.js'
import { labFolder, setUpHome, tidyHome, withHome } from './home.js'
import type { Lock } from './kernel.js'
import { readOwn, removeIfThere } from './safe.js'

export interface LockHolder {
  readonly pid: number
  readonly command: string
}

/** Holds a lab until released or until the process dies; who holds it, when it is taken. @throws SystemError */
export function lockLab(home: string, lab: string): Lock | LockHolder {
  const path = `${labFolder(home, lab)}.lock`
  return withHome(home, held => {
    setUpHome(held)
    const fd = tryLock(path)
    if (fd === undefined) return readHolder(path)
    const self: LockHolder = { pid: process.pid, command: process.argv.map(oneLine).join(' ') }
    ftruncateSync(fd)
    writeSync(fd, JSON.stringify(self), 0)
    return { release: () => release(home, path, fd) }
  })
}

function release(home: string, path: string, fd: number): void {
  withHome(home, held => {
    removeIfThere(path)
    close(fd)
    tidyHome(held)
  })
}

/** The file is written while no other run can look at it, so it is whole unless its writer was killed. */
function readHolder(path: string): LockHolder {
  const { pid, command } = parse(unless(['ENOENT'], () => readOwn(path)) ?? '')
  return { pid: typeof pid === 'number' ? pid : 0, command: typeof command === 'string' ? command : 'unknown' }
}

function parse(text: string): Partial<LockHolder> {
  try {
    return Object(JSON.parse(text)) as Partial<LockHolder>
  } catch {
    return {}
  }
}

function oneLine(word: string): string {
  return word.replace(/[\s\p{C}]+/gu, ' ')
}

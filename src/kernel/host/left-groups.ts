/** The state folder in; control groups of labs that are no more out, removed: a run that holds its lab by itself, and is killed, leaves them. */
import { accessSync, constants, rmdirSync } from 'node:fs'
import { close } from '../../../native/libc.js'
import { unless } from '../errors.js'
import { tryLockFolder } from '../flock.js'
import { list } from '../folders.js'
import { labFolder, labsIn } from '../home.js'
import { readText } from '../limits/figures.js'
import { groupOf, withBelow } from './cgroup.js'
import { findHierarchies } from './hierarchies.js'

const ours = /^nstopo-[a-z0-9][a-z0-9-]{0,62}-[0-9a-f]{16}$/

/**
 * Those in which nobody is, and about which nobody is just now: whoever makes some shares their lock until a process is in
 * them. So it is no matter where, and whose, the lab is. With `dry` they are only told.
 */
export function sweepGroups(home: string, dry: boolean): readonly string[] {
  const standing = new Set(labsIn(home).map(lab => groupOf({ lab, folder: labFolder(home, lab) })))
  return findHierarchies()
    .filter(({ root, readOnly }) => !readOnly && isWritable(root))
    .flatMap(({ root }) =>
      list(root)
        .filter(name => ours.test(name) && !standing.has(name))
        .map(name => `${root}/${name}`),
    )
    .filter(group => isLeft(group, dry))
}

const isWritable = (path: string) => isDone(() => accessSync(path, constants.W_OK))

function isLeft(group: string, dry: boolean): boolean {
  const lock = tryLockFolder(group, 'alone')
  if (lock === undefined) return false
  try {
    const all = withBelow(group)
    return all.every(isEmpty) && (dry || all.every(isRemoved))
  } finally {
    close(lock)
  }
}

/** Processes of other PID namespaces are told, too. What can't be read is not taken for empty. */
const isEmpty = (group: string) => readText(`${group}/cgroup.procs`) === ''

/** The kernel removes none in which somebody is. */
const isRemoved = (group: string) => isDone(() => rmdirSync(group))

function isDone(work: () => void): boolean {
  const done = () => {
    work()
    return true
  }
  return unless(['EBUSY', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EROFS'], done) ?? false
}

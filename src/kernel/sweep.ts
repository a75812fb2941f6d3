/** The state folder in; what dead runs have left there, and in /run/netns, out, removed. */
import { readdirSync } from 'node:fs'
import { close } from '../../native/libc.js'
import { unless } from './errors.js'
import { tryLock } from './flock.js'
import { isThere, list } from './folders.js'
import { isHeld } from './held.js'
import { labsIn, netnsFolder, tidyHome, withHome } from './home.js'
import { isOurs } from './mounts.js'
import { linkTarget } from './nsfs.js'
import { unfinishedRecord } from './record.js'
import { removeIfThere } from './safe.js'

/**
 * Removes names that lead to labs which are no more, their folders and locks, and the state folder where nothing else is in
 * it. What was removed, in plain words; with `dry` what would be.
 */
export function sweep(home: string, dry: boolean): readonly string[] {
  if (![home, `${home}.lock`].some(isThere) && danglingNames(home).length === 0) return []
  return withHome(home, held => {
    const loose = [...danglingNames(home), ...unfinishedRecords(home)]
    const found = [...loose, ...staleEntries(home)]
    if (!dry) {
      for (const path of loose) removeIfThere(path)
      tidyHome(held)
    }
    return found
  })
}

/** Names of `ip netns` that lead into the folder of a lab which does not stand. */
function danglingNames(home: string): readonly string[] {
  return list(netnsFolder)
    .map(name => `${netnsFolder}/${name}`)
    .filter(path => {
      const target = linkTarget(path)
      const [, lab] = target?.startsWith(`${home}/`) ? target.slice(home.length).split('/') : []
      return lab !== undefined && !isOurs(`${home}/${lab}`)
    })
}

/** What a killed run was writing when nothing was changed yet. Nobody can take a lab's lock meanwhile. */
function unfinishedRecords(home: string): readonly string[] {
  return labsIn(home)
    .filter(lab => !isHeld(home, lab))
    .map(lab => unfinishedRecord(`${home}/${lab}`))
    .filter(isThere)
}

function staleEntries(home: string): readonly string[] {
  return list(home)
    .filter(name => !name.startsWith('.made-') && !isOurs(`${home}/${name}`))
    .map(name => `${home}/${name}`)
    .filter(path => (path.endsWith('.lock') ? isFree(path) : isEmptyFolder(path)))
}

function isFree(lock: string): boolean {
  const fd = unless(['EPERM', 'ELOOP', 'ENXIO', 'EISDIR'], () => tryLock(lock))
  if (fd !== undefined) close(fd)
  return fd !== undefined
}

function isEmptyFolder(path: string): boolean {
  return unless(['ENOTDIR'], () => readdirSync(path).length === 0) ?? false
}

/**
 * Copies that hosts had before a change in; the same again out, should the change be undone: what they were made from may be
 * another thing by then, and the host's programs may have written into them.
 */
import { mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { File } from '../../model/state.js'
import { attempt, unless } from '../errors.js'
import { isThere, list } from '../folders.js'
import { finder } from '../found.js'
import { digestOf } from '../random.js'

const nameOf = (host: string, { path, digest }: File): string =>
  `${host}/earlier/${digestOf(`${path} ${digest}`).slice(0, 24)}`

/** Takes the data of a copy away from where it was. @param host the host's folder */
export function keepEarlier(host: string, file: File, data: string): void {
  if (file.kind !== 'copy') return
  const at = nameOf(host, file)
  attempt(`keep what stood at ${file.path}`, () => mkdirSync(dirname(at), { recursive: true, mode: 0o700 }))
  rmSync(at, { recursive: true, force: true })
  unless(['ENOENT'], () => attempt(`keep what stood at ${file.path}`, () => renameSync(data, at)))
}

/**
 * Puts it where it is to be again, when it is wanted as it was: as it was seen there, or as the machine has it no more.
 * Whether it did.
 */
export function takeEarlier(host: string, file: File, to: string): boolean {
  if (file.kind !== 'copy') return false
  const at = nameOf(host, file)
  if (!isThere(at) || (file.at !== undefined && isOnMachine(file))) return false
  attempt(`put back what stood at ${file.path}`, () => renameSync(at, to))
  return true
}

function isOnMachine({ from, digest }: File & { readonly kind: 'copy' }): boolean {
  const found = finder()(from, 'copy')
  // The digest of a resource tells where it is made from, too.
  return 'digest' in found && digest.endsWith(found.digest)
}

/** The change is whole, or undone. @param folder of all hosts */
export function forgetEarlier(folder: string): void {
  for (const host of list(folder)) {
    rmSync(`${folder}/${host}/earlier`, { recursive: true, force: true })
    // It may be a host no more.
    unless(['ENOENT', 'ENOTEMPTY'], () => rmdirSync(`${folder}/${host}`))
  }
}

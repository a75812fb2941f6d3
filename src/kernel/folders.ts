/** A path in; what is there, as far as one may see it, out. */
import { lstatSync, readdirSync } from 'node:fs'
import { unless } from './errors.js'

/** The names in a folder; none where there is no such folder, or where one may not look. */
export function list(folder: string): readonly string[] {
  return unless(['ENOENT', 'ENOTDIR', 'EACCES'], () => readdirSync(folder)) ?? []
}

/** Whether anything is there; a link counts, wherever it leads. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

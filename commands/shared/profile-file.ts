/** The FILE of `--profile` in: opened before anything is touched, written when the run is over. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs'
import { type Diagnostic, error } from '../../src/diagnostic.js'
import { firstBytes } from '../../src/render/profile.js'
import { unwritable } from './output.js'

export interface ProfileFile {
  /** Why it could not be written, if so. */
  write(text: string): Diagnostic | undefined
}

/** What stands there already is replaced when it is a trace, and else left: `up --profile lab.yaml` means something else. */
export function openProfile(path: string): ProfileFile | { readonly problem: Diagnostic } {
  try {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOCTTY, 0o666)
    if (!isSomethingElse(descriptor)) return { write: text => write({ path, descriptor }, text) }
    closeSync(descriptor)
    const hint = 'name another file, or remove this one'
    return { problem: error('in-the-way', `${path} is there, and is no trace of --profile`, undefined, { hint }) }
  } catch (thrown) {
    return { problem: unwritable(path, thrown) }
  }
}

function isSomethingElse(descriptor: number): boolean {
  const stat = fstatSync(descriptor)
  if (!stat.isFile() || stat.size === 0) return false
  const found = Buffer.alloc(firstBytes.length)
  readSync(descriptor, found, 0, found.length, 0)
  return found.toString('latin1') !== firstBytes
}

function write(
  { path, descriptor }: { readonly path: string; readonly descriptor: number },
  text: string,
): Diagnostic | undefined {
  try {
    if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor)
    writeFileSync(descriptor, text)
    closeSync(descriptor)
    return undefined
  } catch (thrown) {
    return unwritable(path, thrown)
  }
}

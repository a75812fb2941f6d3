/** A file's name, or `-`, in; its text as a Source out, or why it can't be read. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Diagnostic } from '../../src/diagnostic.js'
import { error } from '../../src/diagnostic.js'
import { finder } from '../../src/kernel/found.js'
import type { Source } from '../../src/model/document.js'
import { near } from './near.js'

/** Bytes; nothing that a person writes is larger. */
export const largestFile = 16 * 1024 * 1024

export interface SourceFlags {
  readonly name?: string | undefined
  readonly set?: readonly string[] | undefined
}

export type Read<T> = { readonly value: T } | { readonly problem: Diagnostic }

/** Reads a topology. `-` is standard input. */
export async function readSource(word: string, flags: SourceFlags): Promise<Read<Source>> {
  const variables = variablesOf(flags.set ?? [])
  if ('problem' in variables) return variables
  const text = word === '-' ? decode(await readInput(), 'standard input') : readFileText(word)
  if ('problem' in text) return text
  return {
    value: {
      text: text.value,
      label: word,
      variables: variables.value,
      environment: process.env,
      files: finder(),
      ...(word === '-' ? {} : { path: resolve(word) }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
    },
  }
}

/** The text of a regular file. */
export function readFileText(path: string): Read<string> {
  return decode(readFile(path), path)
}

/** `--set NAME=value` … as a mapping without a prototype. */
function variablesOf(words: readonly string[]): Read<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = Object.create(null)
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? []
    if (name === undefined || value === undefined)
      return { problem: error('bad-usage', `--set ${word} does not read NAME=value`) }
    variables[name] = value
  }
  return { value: variables }
}

/** Opened without waiting, so that a pipe or a device can't hold us; what it is, is asked of the descriptor. */
function readFile(path: string): Read<Buffer> {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch (thrown) {
    return { problem: cannotOpen(path, thrown) }
  }
  try {
    const { size } = regular(descriptor)
    return size > largestFile ? unreadable(path, 'is larger than 16 MiB') : readAll(descriptor, path)
  } catch (thrown) {
    return unreadable(path, whyNot(thrown))
  } finally {
    closeSync(descriptor)
  }
}

/** Our own words, or what the kernel says. */
function whyNot(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'cannot be read'
  return 'code' in thrown ? `cannot be read: ${thrown.message}` : thrown.message
}

function regular(descriptor: number): { readonly size: number } {
  const stat = fstatSync(descriptor)
  if (stat.isDirectory()) throw new Error('is a folder')
  if (!stat.isFile()) throw new Error('is no regular file')
  return stat
}

/** A file that grows while it is read, or that hides its size as those of /proc do, is bounded too. */
function readAll(descriptor: number, path: string): Read<Buffer> {
  const pieces: Buffer[] = []
  for (let total = 0; total <= largestFile; ) {
    const piece = Buffer.alloc(64 * 1024)
    const length = readSync(descriptor, piece)
    if (length === 0) return { value: Buffer.concat(pieces) }
    pieces.push(piece.subarray(0, length))
    total += length
  }
  return unreadable(path, 'is larger than 16 MiB')
}

async function readInput(): Promise<Read<Buffer>> {
  const pieces: Buffer[] = []
  let total = 0
  try {
    for await (const piece of process.stdin) {
      pieces.push(piece)
      total += piece.length
      if (total > largestFile) return unreadable('standard input', 'is larger than 16 MiB')
    }
  } catch (thrown) {
    return unreadable('standard input', whyNot(thrown))
  }
  return { value: Buffer.concat(pieces) }
}

function decode(bytes: Read<Buffer>, name: string): Read<string> {
  if ('problem' in bytes) return bytes
  try {
    return { value: new TextDecoder('utf-8', { fatal: true }).decode(bytes.value) }
  } catch {
    return unreadable(name, 'is not UTF-8 text')
  }
}

function unreadable(path: string, why: string): { readonly problem: Diagnostic } {
  return { problem: error('file-unreadable', `${path} ${why}`) }
}

function cannotOpen(path: string, thrown: unknown): Diagnostic {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(path)
  // A socket cannot be opened at all, nor a device without a driver behind it.
  if (code === 'ENXIO' || code === 'ENODEV') return error('file-unreadable', `${path} is no regular file`)
  if (code === 'ELOOP') return error('file-unreadable', `${path} is a link that leads back to itself`)
  if (code === 'EACCES' || code === 'EPERM') return error('file-unreadable', `${path}: you may not read it`)
  return error('file-unreadable', `${path}: ${thrown instanceof Error ? thrown.message : 'cannot be opened'}`)
}

/** No such file: those of a similar name, or else the topologies that stand there. */
function missing(path: string): Diagnostic {
  if (isLink(path)) return error('not-found', `${path} is a link to a file that is not there`)
  const folder = dirname(path)
  const names = listing(folder).filter(name => /\.(ya?ml|json)$/.test(name))
  const likely = near(basename(path), names)
  const shown = likely.length > 0 ? likely : names.slice(0, 8)
  const display = (name: string) => (folder === '.' && !path.startsWith('./') ? name : `${folder}/${name}`)
  return error(
    'not-found',
    `there is no file ${path}`,
    undefined,
    shown.length === 0
      ? {}
      : {
          hint:
            likely.length > 0
              ? `did you mean ${shown.map(display).join(' or ')}?`
              : `there is ${shown.map(display).join(', ')}`,
        },
  )
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

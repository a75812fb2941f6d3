/** The path of a file or folder that a topology names in; what tells it from what it was before out, or why it can't be used. */

import type { Hash } from 'node:crypto'
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FileFound } from '../model/document.js'

/** Bytes that a copy may have, and files and folders in it. */
const most = { bytes: 64 * 1024 * 1024, entries: 10_000 }

/** Each is looked at once in a run, however many nodes have it. */
export function finder(): (path: string, use: 'bind' | 'copy') => FileFound {
  const known = new Map<string, FileFound>()
  return (path, use) => {
    const key = `${use} ${path}`
    const found = known.get(key) ?? find(path, use)
    known.set(key, found)
    return found
  }
}

/** What is only seen may be anything; what is copied is read, in bounded time. */
function find(path: string, use: 'bind' | 'copy'): FileFound {
  try {
    const stat = statSync(path)
    if (use === 'bind') return { digest: '' }
    if (!stat.isFile() && !stat.isDirectory()) return { problem: 'is neither a file nor a folder' }
    return { digest: digestOf(path) }
  } catch (thrown) {
    return { problem: why(thrown) }
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  ELOOP: 'is a link that leads back to itself',
  EACCES: 'may not be read by you',
}

function why(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'cannot be read'
  return 'code' in thrown ? (words[`${thrown.code}`] ?? `cannot be read: ${thrown.message}`) : thrown.message
}

interface Reading {
  readonly hash: Hash
  /** What may still be read. */
  readonly left: { bytes: number; entries: number }
}

function digestOf(path: string): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256')
  read(path, '', { hash, left: { ...most } })
  return hash.digest('hex').slice(0, 32)
}

/** Names, permissions and contents; links in a folder count as what they say, and are never followed. */
function read(path: string, name: string, reading: Reading): void {
  const { hash, left } = reading
  if (left.entries-- <= 0) throw new Error(`holds over ${most.entries} files`)
  const stat = name === '' ? statSync(path) : lstatSync(path)
  hash.update(`${name.length} ${name} ${stat.mode} ${stat.isFile() ? stat.size : ''} `)
  if (stat.isSymbolicLink()) hash.update(readlinkSync(path))
  else if (stat.isFile()) readFile(path, name === '' ? 0 : constants.O_NOFOLLOW, reading)
  else if (stat.isDirectory())
    for (const inner of readdirSync(path).sort()) read(join(path, inner), `${name}/${inner}`, reading)
  else throw new Error(`holds ${name.slice(1)}, which is neither a file nor a folder`)
}

/** Opened without waiting, should it have become a pipe meanwhile. */
function readFile(path: string, flags: number, { hash, left }: Reading): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | flags)
  try {
    const piece = Buffer.alloc(64 * 1024)
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      left.bytes -= length
      if (left.bytes < 0) throw new Error('is larger than 64 MiB')
      hash.update(piece.subarray(0, length))
    }
  } finally {
    closeSync(descriptor)
  }
}

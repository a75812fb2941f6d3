/** A file or folder of the machine in; a copy of it out. Links are copied as links; other things than these are refused. */
import {
  chmodSync,
  copyFileSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from 'node:fs'
import { attempt } from '../errors.js'
import { SystemError } from '../kernel.js'
import type { Owner } from './ids.js'

/** @throws SystemError ENOSPC, EOPNOTSUPP for a device, a socket or a pipe */
export function copyTree(from: string, to: string, ownerOf: (owner: Owner) => Owner): void {
  const found = attempt(`copy ${from}`, () => lstatSync(from))
  attempt(`copy ${from}`, () => copyOne(from, to, found))
  if (found.isDirectory())
    for (const name of attempt(`copy ${from}`, () => readdirSync(from)))
      copyTree(`${from}/${name}`, `${to}/${name}`, ownerOf)
  attempt(`copy ${from}`, () => {
    const { uid, gid } = ownerOf(found)
    lchownSync(to, uid, gid)
    if (!found.isSymbolicLink()) chmodSync(to, found.mode & 0o7777)
    lutimesSync(to, found.atime, found.mtime)
  })
}

function copyOne(from: string, to: string, found: Stats): void {
  if (found.isDirectory()) mkdirSync(to, { mode: 0o700 })
  else if (found.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else if (found.isFile()) copyFileSync(from, to)
  else throw new SystemError(`copy ${from}`, 'EOPNOTSUPP', 'neither a file nor a folder nor a link')
}

/** What a file is made from in; a mount of it that is nowhere yet out, with the data that it shows. Done in the machine's mounts. */
import { chmodSync, chownSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import type { File } from '../../model/state.js'
import { attempt } from '../errors.js'
import { copyTree } from './copy.js'
import type { Entries } from './entries.js'
import { type Owner, root } from './ids.js'
import type { Shape } from './mount-point.js'
import { cloneTree, makePrivate, newTree } from './trees.js'

export interface Source {
  readonly tree: number
  /** The name of its data. */
  readonly data?: string
}

export interface SourceOptions {
  readonly entries: Entries
  readonly ownerOf: (owner: Owner) => Owner
  /** The mode of what the machine has there, if it has anything. */
  readonly under: number | undefined
}

export function shapeOf(file: File): Shape {
  if (file.kind === 'content') return 'file'
  if (file.kind === 'tmpfs') return 'folder'
  return attempt(`look at ${file.from}`, () => statSync(file.from)).isDirectory() ? 'folder' : 'file'
}

export function openSource(file: File, options: SourceOptions): Source {
  switch (file.kind) {
    case 'bind':
      return { tree: own(cloneTree(file.from, { recursive: true, follow: true })) }
    case 'tmpfs':
      return { tree: tmpfs(file.size, file.mode ?? options.under ?? 0o755, options.ownerOf(root)) }
    case 'content':
      return kept(file, options, at => {
        writeFileSync(at, file.content, { mode: 0o600, flag: 'wx' })
        const { uid, gid } = options.ownerOf(root)
        chownSync(at, uid, gid)
        chmodSync(at, file.mode ?? options.under ?? 0o644)
      })
    case 'copy':
      return kept(file, options, at => {
        if (options.entries.takeEarlier(file, at)) return
        copyTree(realpathSync(file.from), at, options.ownerOf)
        if (file.mode !== undefined) chmodSync(at, file.mode)
      })
  }
}

function own(tree: number, executable = false): number {
  makePrivate(tree, { executable })
  return tree
}

function tmpfs(size: number, mode: number, { uid, gid }: Owner): number {
  return newTree('tmpfs', { size: `${size}`, mode: mode.toString(8), uid: `${uid}`, gid: `${gid}` })
}

function kept({ path }: File, { entries }: SourceOptions, write: (at: string) => void): Source {
  const { name, at } = entries.newData(path)
  try {
    attempt(`keep the data of ${path}`, () => write(at))
    return { tree: own(cloneTree(at), true), data: name }
  } catch (thrown) {
    entries.sweep(path)
    throw thrown
  }
}

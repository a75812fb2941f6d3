/**
 * Files of hosts in; mounts in the hosts' own views out (mount_namespaces(7)). The machine's files, and its folders, stay as
 * they are. A file counts as there when the mount that its entry tells of is there: what programs of the node have written
 * into it since is theirs.
 */
import { rmSync } from 'node:fs'
import type { File } from '../../model/state.js'
import { SystemError } from '../kernel.js'
import { entriesIn } from './entries.js'
import { inMounts } from './in-mounts.js'
import { isThere, seenFile, View } from './view.js'

export interface HostFiles {
  /** @throws SystemError whose operation names what was refused */
  put(file: File): void
  remove(node: string, path: string): void
  /** Those that are there. */
  read(node: string): readonly File[]
  /** What is kept of them goes, as their mounts have gone or go with the host. */
  forget(node: string): void
}

export interface HostFilesOptions {
  /** Where a node's host is kept, in the lab's tmpfs. */
  readonly folder: (node: string) => string
  /** The number of its init, if that lives. */
  readonly init: (node: string) => number | undefined
}

export function hostFiles({ folder, init }: HostFilesOptions): HostFiles {
  const view = (node: string, pid: number) => new View({ folder: folder(node), pid })
  return {
    put(file) {
      const pid = init(file.node)
      if (pid === undefined)
        throw new SystemError(`put ${file.path}`, 'ESRCH', `the init of ${file.node} does not live`)
      view(file.node, pid).put(file)
    },
    remove(node, path) {
      const pid = init(node)
      if (pid !== undefined) view(node, pid).remove(path)
      entriesIn(folder(node)).drop(path)
    },
    read(node) {
      const entries = entriesIn(folder(node)).all()
      const pid = entries.length === 0 ? undefined : init(node)
      if (pid === undefined) return []
      return inMounts(`/proc/${pid}/ns/mnt`, () => entries.filter(isThere).map(seenFile))
    },
    forget(node) {
      const entries = entriesIn(folder(node))
      for (const { file } of entries.all()) entries.drop(file.path)
      for (const name of ['files', 'rooms']) rmSync(`${folder(node)}/${name}`, { recursive: true, force: true })
    },
  }
}

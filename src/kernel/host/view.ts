/** A living host in; files put to their places in its own view, and taken away from there (mount_namespaces(7)). */
import { dirname } from 'node:path'
import { close } from '../../../native/libc.js'
import type { File } from '../../model/state.js'
import { randomName } from '../random.js'
import { type Entries, type Entry, entriesIn } from './entries.js'
import { type Owner, ownersFor, root } from './ids.js'
import { inMounts } from './in-mounts.js'
import { deviceOf, dropMountPoint, findMountPoint, isOwn, makeMountPoint, modeOf } from './mount-point.js'
import { makeRoom, mountsBelow, ownFolder } from './own-folder.js'
import { openSource, shapeOf } from './sources.js'
import { attach, cloneTree, detach, exchange, mountIdOf, mountIdOfTree, resize, sizeOf, wholePages } from './trees.js'

/** Whether what an entry tells of is mounted; asked in the node's mounts. */
export const isThere = ({ at, id }: Entry): boolean => mountIdOf(at) === id

/** The file as it is, of one that is there: a file system may have another size than was said. */
export function seenFile({ file, at }: Entry): File {
  const size = file.kind === 'tmpfs' ? sizeOf(at) : 0
  if (file.kind !== 'tmpfs' || size === wholePages(file.size)) return file
  return { ...file, size, digest: `${size}` }
}

/** Mounted nowhere: about to be, or taken off for a moment. */
interface Loose {
  readonly entry: Omit<Entry, 'id' | 'at'>
  readonly tree: number
}

export interface ViewOptions {
  /** Where the host is kept, in the lab's tmpfs. */
  readonly folder: string
  /** Of its init. */
  readonly pid: number
}

export class View {
  private readonly entries: Entries
  /** The machine's user that is root in the node. */
  private readonly owner: Owner
  constructor(private readonly host: ViewOptions) {
    this.entries = entriesIn(host.folder)
    this.owner = ownersFor(host.pid)(root)
  }

  put(file: File): void {
    const [path, shape] = [file.path, shapeOf(file)]
    const made = this.entries.get(path)?.made ?? []
    if (this.mounted(path)?.shape === (shape === 'file' ? 'folder' : 'file')) this.remove(path)
    const old = this.mounted(path)
    if (old?.file.kind === 'tmpfs' && file.kind === 'tmpfs' && old.file.mode === file.mode) this.resize(old, file)
    else this.replace(file, { shape, made, ...this.under(path, old) })
  }

  remove(path: string): void {
    const entry = this.mounted(path)
    if (entry)
      this.without(entry.at, path, () => {
        this.inside(() => detach(entry.at))
        const own = entry.made.filter(made => this.isOwn(this.inside(() => deviceOf(dirname(made)))))
        this.inside(() => dropMountPoint(own))
      })
    this.entries.drop(path)
  }

  private inside<T>(work: () => T): T {
    return inMounts(`/proc/${this.host.pid}/ns/mnt`, work)
  }

  private mounted(path: string): Entry | undefined {
    const entry = this.entries.get(path)
    return entry && this.inside(() => settled(entry)) ? entry : undefined
  }

  private isOwn(device: number | undefined): boolean {
    return device !== undefined && isOwn(device, this.host.folder)
  }

  /** The mode of what the machine has there. */
  private under(path: string, old: Entry | undefined): { readonly under?: number } {
    const mode = old ? old.under : this.inside(() => modeOf(path))
    return mode === undefined ? {} : { under: mode & 0o7777 }
  }

  private replace(file: File, found: Pick<Entry, 'shape' | 'made' | 'under'>): void {
    const { entries } = this
    const old = entries.get(file.path)
    const { tree, data } = openSource(file, { entries, ownerOf: ownersFor(this.host.pid), under: found.under })
    try {
      this.hang({ tree, entry: { ...found, file: withoutPlace(file), ...(data !== undefined && { data }) } })
      if (old) entries.keep(old)
    } finally {
      close(tree)
      entries.sweep(file.path)
    }
  }

  private resize(old: Entry, file: File & { readonly kind: 'tmpfs' }): void {
    this.inside(() => resize(old.at, file.size))
    this.entries.put({ ...old, file: withoutPlace(file) })
  }

  private hang({ entry, tree }: Loose): void {
    const { shape, file } = entry
    const point = this.inside(() => findMountPoint(file.path, shape))
    const foreign = point.missing.length > 0 && !this.isOwn(point.device)
    const old = this.mounted(file.path)
    if (old && old.at !== point.at) this.inside(() => detach(old.at))
    const before = old?.at === point.at ? { before: old.id } : {}
    const made = point.missing.length > 0 ? point.missing : entry.made
    this.without(foreign ? point.base : point.at, file.path, () => {
      this.entries.put({ ...entry, ...before, id: mountIdOfTree(tree), at: point.at, made })
      if (foreign) this.own(point.base)
      this.inside(() => {
        makeMountPoint(point, shape, this.owner)
        if ('before' in before) exchange(tree, point.at)
        else attach(tree, point.at)
      })
    })
  }

  /** The node gets a view of a folder of the machine that is its own. */
  private own(folder: string): void {
    const room = makeRoom(`${this.host.folder}/rooms/${randomName()}`)
    try {
      const below = mountsBelow(folder, this.host.pid)
      const tree = this.inside(() => ownFolder(folder, { room, below }))
      this.inside(() => attach(tree, folder))
      close(tree)
    } finally {
      close(room)
    }
  }

  /** Other files below a folder are taken off while `work` changes it, and put back afterwards. */
  private without(folder: string, path: string, work: () => void): void {
    const below = this.entries.all().filter(({ at, file }) => file.path !== path && at.startsWith(`${folder}/`))
    const loose = below.length === 0 ? [] : this.inside(() => takeOff(below.filter(isThere)))
    try {
      work()
    } finally {
      for (const each of loose) this.hang(each)
      for (const { tree } of loose) close(tree)
    }
  }
}

/** Where it was written is of no interest later. */
function withoutPlace<F extends File>({ at: _, ...file }: F): F {
  return file as F
}

/** Whether it is there, once what it was to replace is away: a run may have been killed in between. */
function settled(entry: Entry): boolean {
  if (entry.before !== undefined && mountIdOf(entry.at) === entry.before) detach(entry.at)
  return isThere(entry)
}

/** The lowest first; in the order in which they can be put back. */
function takeOff(entries: readonly Entry[]): readonly Loose[] {
  const loose = entries.toReversed().map(entry => {
    const tree = cloneTree(entry.at, { recursive: true })
    detach(entry.at)
    return { entry, tree }
  })
  return loose.toReversed()
}

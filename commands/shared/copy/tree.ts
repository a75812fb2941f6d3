/** Descriptors of what is there and of a folder in; a copy of it in that folder out. No link is followed on the way. */
import {
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { error } from '../../../src/diagnostic.js'
import { Refused } from '../refused.js'
import { about, openIn, type Place, through, unlessAbsent, using } from './place.js'

/** What a copy amounts to. */
export interface Copied {
  files: number
  folders: number
  bytes: number
}

export interface Copying {
  readonly owner: Place['owner']
  readonly copied: Copied
  /** Told of what is passed over, and why. */
  readonly skipped: (name: string, why: string) => void
  /** Device and inode of the folder that is copied into, lest it be copied into itself. */
  goal?: string
}

/** A folder, in which something is to have a name. */
export interface Goal {
  readonly folder: number
  readonly name: string
  /** For people. */
  readonly shown: string
}

/** What is copied: an open descriptor, what it is, and its name for people. */
export interface Origin {
  readonly descriptor: number
  readonly stat: Stats
  readonly shown: string
  /** Where it stands, if it is a link. */
  readonly path?: string
}

/** Deeper than anybody nests, and two descriptors a level. */
const deepest = 256
/** Rights only: a set-user-ID bit that a node's user has set would be root's on the machine. */
const rights = 0o777
const identity = ({ dev, ino }: Stats) => `${dev} ${ino}`

export function copyAny(origin: Origin, goal: Goal, copying: Copying, depth = 0): void {
  const { stat, shown } = origin
  if (stat.isFile()) copyFile(origin, goal, copying)
  else if (stat.isSymbolicLink()) copyLink(origin, goal, copying)
  else if (!stat.isDirectory()) copying.skipped(shown, 'is neither a file nor a folder')
  else if (identity(stat) === copying.goal) copying.skipped(shown, 'is what is copied into')
  else if (depth > 0 && showsKernel(origin)) copying.skipped(shown, 'shows what the kernel has, not files')
  else copyFolder(origin, goal, copying, depth)
}

/** proc, sysfs, cgroup, cgroup2 (linux/magic.h) */
const kernels: ReadonlySet<number> = new Set([0x9fa0, 0x6265_6572, 0x27_e0eb, 0x6367_7270])

function showsKernel({ descriptor }: Origin): boolean {
  return kernels.has(statfsSync(through(descriptor)).type)
}

function copyFolder(origin: Origin, goal: Goal, copying: Copying, depth: number): void {
  const path = through(goal.folder, goal.name)
  const made = about(goal.shown, () => {
    if (unlessAbsent(() => lstatSync(path))) return false
    mkdirSync(path, 0o700)
    return true
  })
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
  using(
    about(goal.shown, () => openSync(path, flags)),
    (folder, there) => {
      copying.goal ??= identity(there)
      if (made) own(folder, copying)
      copying.copied.folders++
      copyInside(origin, { folder, shown: goal.shown }, copying, depth + 1)
      if (made) like(folder, origin)
    },
  )
}

/** All that is in a folder, into another that is there. */
export function copyInside({ descriptor, shown }: Origin, goal: Omit<Goal, 'name'>, copying: Copying, depth = 1): void {
  if (depth > deepest) throw new Refused(error('not-copied', `${shown} lies over ${deepest} folders deep`))
  for (const name of about(shown, () => readdirSync(through(descriptor)))) {
    const inner = `${shown.replace(/\/\.?$/, '')}/${name}`
    const found = about(inner, () => openIn(descriptor, name))
    // It may have gone meanwhile.
    if (found === undefined) continue
    const into = { folder: goal.folder, name, shown: `${goal.shown.replace(/\/$/, '')}/${name}` }
    const path = through(descriptor, name)
    using(found, (open, stat) => copyAny({ descriptor: open, stat, shown: inner, path }, into, copying, depth))
  }
}

function copyLink({ path: from = '', shown }: Origin, goal: Goal, copying: Copying): void {
  // A descriptor of a link tells where the link stands, not where it leads.
  const target = about(shown, () => readlinkSync(from))
  about(goal.shown, () => {
    const path = through(goal.folder, goal.name)
    const there = unlessAbsent(() => lstatSync(path))
    if (there && !there.isDirectory()) unlinkSync(path)
    symlinkSync(target, path)
    if (copying.owner) lchownSync(path, copying.owner.uid, copying.owner.gid)
  })
  copying.copied.files++
}

function copyFile(origin: Origin, goal: Goal, copying: Copying): void {
  using(
    about(origin.shown, () => openSync(through(origin.descriptor), constants.O_RDONLY)),
    from =>
      using(
        about(goal.shown, () => openNew(goal, copying)),
        to => pour({ ...origin, descriptor: from }, to, { goal, copying }),
      ),
  )
}

/** The file of that name to be written anew; what stands there and is no file is replaced, unless it is a folder. */
export function openNew({ folder, name }: Omit<Goal, 'shown'>, copying: Pick<Copying, 'owner'>): number {
  const path = through(folder, name)
  const there = unlessAbsent(() => lstatSync(path))
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants
  if (there?.isFile()) return openSync(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK)
  if (there && !there.isDirectory()) unlinkSync(path)
  const made = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  own(made, copying)
  return made
}

/** What a descriptor holds, written to another, with its rights and times. */
export function pour(
  origin: Origin,
  to: number,
  { goal, copying }: { readonly goal: Pick<Goal, 'shown'>; readonly copying: Copying },
): void {
  const room = Buffer.allocUnsafe(1 << 18)
  for (;;) {
    const length = about(origin.shown, () => readSync(origin.descriptor, room))
    if (length === 0) break
    about(goal.shown, () => writeAll(to, room.subarray(0, length)))
    copying.copied.bytes += length
  }
  about(goal.shown, () => like(to, origin))
  copying.copied.files++
}

export function writeAll(to: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
}

function own(descriptor: number, { owner }: Pick<Copying, 'owner'>): void {
  if (owner) fchownSync(descriptor, owner.uid, owner.gid)
}

function like(descriptor: number, { stat }: Origin): void {
  if (fstatSync(descriptor).isCharacterDevice()) return
  fchmodSync(descriptor, stat.mode & rights)
  futimesSync(descriptor, stat.atime, stat.mtime)
}

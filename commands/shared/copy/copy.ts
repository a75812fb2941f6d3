/** Two words such as `h1:/etc/frr` and `./frr` in; what was copied from the one to the other out. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { basename, dirname, normalize } from 'node:path'
import { type Diagnostic, error, warning } from '../../../src/diagnostic.js'
import { Refused } from '../refused.js'
import { about, type Place, through, unlessAbsent, using } from './place.js'
import {
  type Copied,
  type Copying,
  copyAny,
  copyInside,
  type Goal,
  type Origin,
  openNew,
  pour,
  writeAll,
} from './tree.js'

/** Where something is: in a place by its path, or what a pipe carries. */
export type End = { readonly place: Place; readonly path: string } | 'stream'

export interface CopyOutcome {
  readonly copied: Copied
  readonly diagnostics: readonly Diagnostic[]
}

/** As cp -r does it; `FOLDER/.` is what is in the folder. @throws Refused with why it can't be done */
export async function copy(from: End, to: End): Promise<CopyOutcome> {
  const diagnostics: Diagnostic[] = []
  const copying: Copying = {
    owner: to === 'stream' ? undefined : to.place.owner,
    copied: { files: 0, folders: 0, bytes: 0 },
    skipped: (name, why) => diagnostics.push(warning('not-copied', `${name} ${why}: it is left out`)),
  }
  if (from === 'stream') await receive(to, copying)
  else if (to === 'stream') await send(from, copying)
  else copyBetween(from, to, copying)
  return { copied: copying.copied, diagnostics }
}

type Named = Exclude<End, 'stream'>

function copyBetween(from: Named, to: Named, copying: Copying): void {
  withOrigin(from, origin => {
    if (!origin.stat.isFile() && !origin.stat.isDirectory())
      throw new Refused(error('not-copied', `${origin.shown} is neither a file nor a folder`))
    const inside = origin.stat.isDirectory() && /(^|\/)\.?$/.test(from.path) && normalize(from.path) !== '.'
    const target = targetOf(to, { name: basename(normalize(from.path)), folder: origin.stat.isDirectory(), inside })
    try {
      if (target.kind === 'folder') copyInside(origin, target, { ...copying, goal: identityOf(target.folder) })
      else if (target.kind === 'name') copyAny(origin, target, copying)
      else about(target.shown, () => overwrite(origin, target, copying))
    } finally {
      closeSync(target.folder)
    }
  })
}

function withOrigin<T>({ place, path }: Named, use: (origin: Origin) => T): T {
  const shown = place.name(path)
  const open = about(shown, () => place.open(path))
  return using(open, (descriptor, stat) => use({ descriptor, stat, shown }))
}

function identityOf(folder: number): string {
  const { dev, ino } = fstatSync(folder)
  return `${dev} ${ino}`
}

/** What is written to: all of a folder, a name in one, or a file that is there; `folder` is to be closed. */
type Target = Goal & { readonly kind: 'folder' | 'name' | 'file' }

interface Coming {
  /** What it is called where it comes from. */
  readonly name: string
  readonly folder: boolean
  /** Not the folder itself is meant, but what is in it. */
  readonly inside: boolean
}

function targetOf({ place, path }: Named, { name, folder, inside }: Coming): Target {
  const shown = place.name(path)
  const there = about(shown, () => unlessAbsent(() => place.open(path)))
  if (there === undefined) {
    if (!folder && path.endsWith('/')) throw new Refused(error('not-found', `${shown} is not there`))
    const whole = path.replace(/\/+$/, '')
    const parent = dirname(whole)
    const above = about(place.name(parent), () => place.open(parent))
    return { kind: 'name', folder: above, name: basename(whole), shown }
  }
  const stat = fstatSync(there)
  if (stat.isDirectory() && inside) return { kind: 'folder', folder: there, name, shown }
  if (stat.isDirectory()) return { kind: 'name', folder: there, name, shown: `${shown.replace(/\/$/, '')}/${name}` }
  if (!folder) return { kind: 'file', folder: there, name, shown }
  closeSync(there)
  throw new Refused(error('not-copied', `${shown} is no folder, and what is to be copied is one`))
}

/** What the path leads to, a link followed: it keeps its place, and whoever has it open or mounted sees the new text. */
function overwrite(origin: Origin, goal: Goal, copying: Copying): void {
  const flags = constants.O_WRONLY | constants.O_TRUNC | constants.O_NONBLOCK
  using(openSync(through(origin.descriptor), constants.O_RDONLY), from =>
    using(openSync(through(goal.folder), flags), to => pour({ ...origin, descriptor: from }, to, { goal, copying })),
  )
}

async function send(from: Named, { copied }: Copying): Promise<void> {
  await withFile(from, async (descriptor, shown) => {
    const { createReadStream } = process.getBuiltinModule('node:fs')
    const stream = createReadStream(shown, { fd: descriptor, autoClose: false })
    for await (const piece of stream as AsyncIterable<Buffer>) {
      copied.bytes += piece.length
      await new Promise<void>(resolve => void process.stdout.write(piece, () => resolve()))
    }
  })
  copied.files++
}

async function withFile(from: Named, use: (descriptor: number, shown: string) => Promise<void>): Promise<void> {
  const descriptor = withOrigin(from, ({ descriptor: open, stat, shown }) => {
    if (!stat.isFile())
      throw new Refused(error('not-copied', `${shown} is no file, and only a file can go into a pipe`))
    return about(shown, () => openSync(through(open), constants.O_RDONLY))
  })
  try {
    await use(descriptor, from.place.name(from.path))
  } finally {
    closeSync(descriptor)
  }
}

/** What standard input carries, into a file. */
async function receive(to: End, copying: Copying): Promise<void> {
  if (to === 'stream') throw new Refused(error('bad-usage', 'standard input is not copied to standard output'))
  const target = targetOf(to, { name: '', folder: false, inside: false })
  try {
    if (target.name === '' && target.kind === 'name')
      throw new Refused(error('not-copied', `${target.shown} is a folder`))
    const flags = constants.O_WRONLY | constants.O_TRUNC | constants.O_NONBLOCK
    const open = about(target.shown, () =>
      target.kind === 'file' ? openSync(through(target.folder), flags) : openNew(target, copying),
    )
    try {
      for await (const piece of process.stdin as AsyncIterable<Buffer>) {
        about(target.shown, () => writeAll(open, piece))
        copying.copied.bytes += piece.length
      }
    } finally {
      closeSync(open)
    }
    copying.copied.files++
  } finally {
    closeSync(target.folder)
  }
}

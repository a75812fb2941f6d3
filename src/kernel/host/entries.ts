/** A node and a path in; what is kept of the file that was put there out, in the lab's tmpfs: its entry, and its data. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import type { File } from '../../model/state.js'
import { attempt, unless } from '../errors.js'
import { list } from '../folders.js'
import { digestOf, randomName } from '../random.js'
import { readOwn, replaceFile } from '../safe.js'
import { keepEarlier, takeEarlier } from './earlier.js'
import type { Shape } from './mount-point.js'
import type { MountId } from './trees.js'

/** Written before anything is mounted: what is not mounted as it says is not there. */
export interface Entry {
  readonly file: File
  /** Of the mount. */
  readonly id: MountId
  /** Of the one in whose place it comes: while they change places, that one may still be the upper one. */
  readonly before?: MountId
  /** Where it is mounted, and what was made for that. */
  readonly at: string
  readonly made: readonly string[]
  readonly shape: Shape
  /** The mode of what the machine has there. */
  readonly under?: number
  /** The name of its data, of those that have any. */
  readonly data?: string
}

/** Of one node. @param folder where its host is kept, in the lab's tmpfs */
export interface Entries {
  /** Parents come first. */
  all(): readonly Entry[]
  get(path: string): Entry | undefined
  /** From now on this is what is kept; other data of the same path goes. */
  put(entry: Entry): void
  drop(path: string): void
  /** Another comes in its place: should the change be undone, its data have to come back. */
  keep(entry: Entry): void
  /** Data that were there before, put back; whether there were any. */
  takeEarlier(file: File, at: string): boolean
  /** A name for data that nobody has yet, and where it is to be. */
  newData(path: string): { readonly name: string; readonly at: string }
  /** Data of that path which its entry does not name goes. */
  sweep(path: string): void
}

const entryFile = 'entry.json'

export function entriesIn(folder: string): Entries {
  const root = `${folder}/files`
  const slot = (path: string) => `${root}/${digestOf(path).slice(0, 24)}`
  const read = (place: string): Entry | undefined => {
    const text = unless(['ENOENT', 'ENOTDIR'], () => readOwn(`${place}/${entryFile}`))
    return text === undefined ? undefined : (JSON.parse(text) as Entry)
  }
  const keep = ({ file, data }: Entry) => {
    if (data !== undefined) keepEarlier(folder, file, `${slot(file.path)}/${data}`)
  }
  return {
    all: () =>
      list(root)
        .flatMap(name => read(`${root}/${name}`) ?? [])
        .sort(({ file: a }, { file: b }) => (a.path < b.path ? -1 : 1)),
    get: path => read(slot(path)),
    put(entry) {
      const place = slot(entry.file.path)
      attempt(`make ${place}`, () => mkdirSync(place, { recursive: true, mode: 0o700 }))
      replaceFile(`${place}/${entryFile}`, JSON.stringify(entry))
    },
    drop(path) {
      const entry = read(slot(path))
      if (entry) keep(entry)
      rmSync(slot(path), { recursive: true, force: true })
    },
    keep,
    takeEarlier: (file, at) => takeEarlier(folder, file, at),
    newData(path) {
      const [place, name] = [slot(path), randomName()]
      attempt(`make ${place}`, () => mkdirSync(place, { recursive: true, mode: 0o700 }))
      return { name, at: `${place}/${name}` }
    },
    sweep(path) {
      const [place, keep] = [slot(path), read(slot(path))?.data]
      const rest = unless(['ENOENT'], () => readdirSync(place)) ?? []
      for (const name of rest)
        if (name !== keep && name !== entryFile) rmSync(`${place}/${name}`, { recursive: true, force: true })
    },
  }
}

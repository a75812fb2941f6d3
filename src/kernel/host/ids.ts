/** A process in; which of the machine's users its own users are (user_namespaces(7)). */
import { readFileSync } from 'node:fs'
import type { IdRange } from '../../model/network.js'
import { attempt } from '../errors.js'
import { linkTarget } from '../nsfs.js'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The machine's user and group for ones of the node; for those that it does not have, its root. */
export function ownersFor(pid: number): (inside: Owner) => Owner {
  const [uids, gids] = ['uid_map', 'gid_map'].map(name => seenFrom(pid, mapOf(`/proc/${pid}/${name}`))) as [Map, Map]
  return ({ uid, gid }) => ({ uid: outside(uids, uid), gid: outside(gids, gid) })
}

export const root: Owner = { uid: 0, gid: 0 }

type Map = readonly IdRange[]

/** A map tells the ids of the reader's user namespace; if that is the process's own, those of the one around it instead. */
function seenFrom(pid: number, map: Map): Map {
  const isOurs = linkTarget(`/proc/${pid}/ns/user`) === linkTarget('/proc/self/ns/user')
  return isOurs ? map.map(range => ({ ...range, outside: range.inside })) : map
}

/** The last group that there is in this user namespace. */
export function lastGroup(): number {
  const last = mapOf('/proc/self/gid_map').map(({ inside, count }) => inside + count - 1)
  return Math.min(0x7fff_ffff, Math.max(...last))
}

function mapOf(path: string): Map {
  const lines = attempt(`read ${path}`, () => readFileSync(path, 'latin1'))
    .trim()
    .split('\n')
  return lines.map(line => {
    const [inside, outside, count] = line.trim().split(/\s+/).map(Number)
    return { inside: inside!, outside: outside!, count: count! }
  })
}

function outside(ranges: Map, id: number): number {
  const find = (wanted: number) => ranges.find(({ inside, count }) => wanted >= inside && wanted < inside + count)
  const [range, wanted] = find(id) ? [find(id)!, id] : [find(0), 0]
  return range ? range.outside + wanted - range.inside : id
}

/** The user in; the ids that he may have besides his own out (subuid(5), newuidmap(1)). */
import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { unless } from '../errors.js'
import type { Range } from '../host/steps.js'

export interface Ids {
  readonly uids: readonly Range[]
  readonly gids: readonly Range[]
}

/** Root inside is the user outside; 1 and up are the subordinate ids. Undefined without them, or without the programs that map them. */
export function subordinateIds(): Ids | undefined {
  if (!['newuidmap', 'newgidmap'].every(name => existsSync(`/usr/bin/${name}`))) return undefined
  const names = namesOf(process.geteuid!())
  const [users, groups] = ['/etc/subuid', '/etc/subgid'].map(path => rangeIn(path, names))
  if (!users || !groups) return undefined
  return { uids: [own(process.geteuid!()), users], gids: [own(process.getegid!()), groups] }
}

const own = (outside: number): Range => ({ inside: 0, outside, count: 1 })

function namesOf(uid: number): readonly string[] {
  // A user whom nobody knows has no name: it throws an error of libuv's.
  const name = unless(['ERR_SYSTEM_ERROR', 'ENOENT'], () => userInfo().username)
  return name === undefined ? [`${uid}`] : [name, `${uid}`]
}

/** The first line that is this user's: `NAME:FIRST:COUNT`. */
function rangeIn(path: string, names: readonly string[]): Range | undefined {
  const text = unless(['ENOENT', 'EACCES'], () => readFileSync(path, 'utf8')) ?? ''
  const fields = text.split('\n').map(line => line.split(':'))
  const [, first, count] = fields.find(([name]) => names.includes(name!)) ?? []
  const [outside, size] = [Number(first), Number(count)]
  return Number.isSafeInteger(outside) && size > 0 ? { inside: 1, outside, count: size } : undefined
}

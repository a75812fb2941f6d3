/** The names of errno values, such as 17 → EEXIST. */
import { constants } from 'node:os'

/** What node:os leaves out and the network code returns (asm-generic/errno.h; the same on all architectures Node runs on). */
const others: readonly (readonly [number, string])[] = [
  [15, 'ENOTBLK'],
  [64, 'ENONET'],
  [66, 'EREMOTE'],
  [76, 'ENOTUNIQ'],
  [77, 'EBADFD'],
  [78, 'EREMCHG'],
  [87, 'EUSERS'],
  [94, 'ESOCKTNOSUPPORT'],
  [96, 'EPFNOSUPPORT'],
  [108, 'ESHUTDOWN'],
  [112, 'EHOSTDOWN'],
  [117, 'EUCLEAN'],
  [126, 'ENOKEY'],
  [132, 'ERFKILL'],
]

let names: ReadonlyMap<number, string> | undefined

/** Where two names share a number (EAGAIN and EWOULDBLOCK, EOPNOTSUPP and ENOTSUP), the one that manuals use. */
const preferred = ['EAGAIN', 'EOPNOTSUPP'] as const

/** An errno's name; `errno 4711` for one that has none here. */
export function errnoName(errno: number): string {
  names ??= new Map([
    ...others,
    ...Object.entries(constants.errno).map(([name, number]) => [number, name] as const),
    ...preferred.map(name => [constants.errno[name], name] as const),
  ])
  return names.get(errno) ?? `errno ${errno}`
}

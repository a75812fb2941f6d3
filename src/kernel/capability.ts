/** A number of linux/capability.h in; whether this process has that right out. */
import { readFileSync } from 'node:fs'
import { CAP_NET_ADMIN, CAP_SYS_ADMIN } from '../../native/constants.js'

/** Whether one of the process's capabilities is in effect (capabilities(7)). */
export function hasCapability(capability: number): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> BigInt(capability)) & 1n) === 1n
}

/** Whether namespaces and what is in them can be made: by root, and by who is root of a user namespace of his own. */
export function isPrivileged(): boolean {
  return hasCapability(CAP_SYS_ADMIN) && hasCapability(CAP_NET_ADMIN)
}

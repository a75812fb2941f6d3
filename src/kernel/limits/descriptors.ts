/** How many more descriptors a run wants → whether it may have them: its own limit is raised, where that is allowed. */
import { readdirSync } from 'node:fs'
import { RLIMIT_NOFILE } from '../../../native/constants.js'
import { getrlimit, setrlimit } from '../../../native/libc.js'
import type { Needs } from '../../model/needs.js'
import { unless } from '../errors.js'
import { descriptorsAtOnce, type Shortage } from '../kernel.js'
import { more, type Roots, roundUp } from './figures.js'

/** More than any run has open at a time. */
const ample = 1024
/**
 * A namespace and a socket for each node that is worked on and for the one before, and one while another is about to be
 * closed: files that are read meanwhile have the room of others that were closed before. A namespace that was only looked
 * around in may be open now and be used later, or not. Found by trying: with two less the kernel refuses.
 */
export function descriptorShortages({ namespaces }: Needs, { proc }: Roots): readonly Shortage[] {
  const short = shortage(Math.min(2 * namespaces, 2 * (descriptorsAtOnce + 1)) + 1, proc)
  return short ? [short] : []
}

/**
 * Locks, the state folder that is made, a namespace to look around in with the folders of its settings: what any run opens
 * before it knows what it has to do.
 */
const always = 24

export function fewDescriptors(): Shortage | undefined {
  return shortage(always, '/proc')
}

function shortage(wanted: number, proc: string): Shortage | undefined {
  if (wanted === 0 || hasDescriptors(wanted, proc)) return undefined
  const open = openNow(proc)!
  const message = `the run wants ${more(wanted, 'file descriptor')}, and ${open} are open of at most ${descriptorLimit()}`
  const value = Math.max(ample, roundUp(open + wanted))
  const fix = `ulimit -n ${value}, in a shell that may raise it: one of the machine’s own root, not in a container`
  return { message, fix, fatal: true }
}

/** Whether so many more can be opened, after the limit was raised if need be. */
export function hasDescriptors(count: number, proc = '/proc'): boolean {
  const [limit, open] = [descriptorLimit(), openNow(proc)]
  if (limit === undefined || open === undefined || open + count <= limit) return true
  return raiseDescriptors(Math.max(ample, open + count)) || raiseDescriptors(open + count)
}

/** Raises the process's soft limit, and its hard one where it may (CAP_SYS_RESOURCE). */
function raiseDescriptors(value: number): boolean {
  const limit = readLimit()
  if (!limit) return false
  limit.writeBigUInt64LE(BigInt(value), soft)
  if (limit.readBigUInt64LE(hard) < BigInt(value)) limit.writeBigUInt64LE(BigInt(value), hard)
  return setrlimit(RLIMIT_NOFILE, limit) >= 0
}

export function descriptorLimit(): number | undefined {
  const limit = readLimit()
  return limit && Number(limit.readBigUInt64LE(soft))
}

/** struct rlimit: the soft limit, then the hard one. */
const [soft, hard] = [0, 8]

function readLimit(): Buffer | undefined {
  const limit = Buffer.alloc(16)
  return getrlimit(RLIMIT_NOFILE, limit) < 0 ? undefined : limit
}

/**
 * The limit is of numbers: one above it, left open by whoever started us, takes no room. The folder itself is open while it is
 * read; where there is no room even for that, all are.
 */
function openNow(proc: string): number | undefined {
  const limit = descriptorLimit()
  const list = () => readdirSync(`${proc}/self/fd`).filter(number => Number(number) < (limit ?? Infinity)).length - 1
  return unless(['ENOENT', 'EACCES'], () => unless(['EMFILE'], list) ?? limit)
}

/** How many more descriptors a run wants, and the supervisor that it starts → whether they may have them: the limit is raised, where that is allowed. */
import { readdirSync } from 'node:fs'
import { RLIMIT_NOFILE } from '../../../native/constants.js'
import { getrlimit, setrlimit } from '../../../native/libc.js'
import type { Needs } from '../../model/needs.js'
import { unless } from '../errors.js'
import { descriptorsAtOnce, type Shortage } from '../kernel.js'
import { more, type Roots, roundUp } from './figures.js'

/** More than any run has open at a time. */
const ample = 1024

/** Those of the run itself, and those of the lab's supervisor, which may open as many as the run. */
export function descriptorShortages({ namespaces, hosts }: Needs, { proc }: Roots): readonly Shortage[] {
  const run = forNamespaces(namespaces) + (hosts ? forHosts : 0)
  const supervised = hosts?.supervised ?? 0
  const supervisor = supervised === 0 ? 0 : forSupervisor + perProcess * supervised
  return [shortage(run, openNow(proc)), supervisorShortage(supervisor)].flatMap(found => found ?? [])
}

/**
 * A namespace and a socket for each node that is worked on and for the one before, and one while another is about to be
 * closed: files that are read meanwhile have the room of others that were closed before. A namespace that was only looked
 * around in may be open now and be used later, or not. Found by trying: with two less the kernel refuses.
 */
const forNamespaces = (count: number) => (count === 0 ? 0 : Math.min(2 * count, 2 * (descriptorsAtOnce + 1)) + 1)

/** A host is made by another program, with pipes to it, beside the folders of its groups: 11, and some for what Node has. */
const forHosts = 16

/**
 * Of each process both ends of its output, and the pipe on which it waits until all are started; 26 were enough for all
 * else, Node 20's own among them. What a supervisor holds that is there already is not known here.
 */
const [forSupervisor, perProcess] = [36, 3]

/**
 * Locks, the state folder that is made, a namespace to look around in with the folders of its settings: what any run opens
 * before it knows what it has to do.
 */
const always = 24

export function fewDescriptors(): Shortage | undefined {
  return shortage(always, openNow('/proc'))
}

/** @param open how many are open already; undefined where nobody can know */
function shortage(wanted: number, open: number | undefined): Shortage | undefined {
  if (wanted === 0 || hasRoom(wanted, open)) return undefined
  const message = `the run wants ${more(wanted, 'file descriptor')}, and ${open} are open of at most ${descriptorLimit()}`
  return { message, fix: raising(open! + wanted), fatal: true }
}

function supervisorShortage(wanted: number): Shortage | undefined {
  if (hasRoom(wanted, 0)) return undefined
  const message = `what holds the lab’s processes wants ${wanted} file descriptors, and may open ${descriptorLimit()}`
  return { message, fix: raising(wanted), fatal: true }
}

function raising(wanted: number): string {
  const value = Math.max(ample, roundUp(wanted))
  return `ulimit -n ${value}, in a shell that may raise it: one of the machine’s own root, not in a container`
}

/** Whether so many more can be opened, after the limit was raised if need be. */
export function hasDescriptors(count: number): boolean {
  return hasRoom(count, openNow('/proc'))
}

function hasRoom(count: number, open: number | undefined): boolean {
  const limit = descriptorLimit()
  if (limit === undefined || open === undefined || open + count <= limit) return true
  return raiseDescriptors(Math.max(ample, open + count)) || raiseDescriptors(open + count)
}

/** How many more can be opened with the limit as it is; undefined where nobody can know. */
export function descriptorsLeft(): number | undefined {
  const [limit, open] = [descriptorLimit(), openNow('/proc')]
  return limit === undefined || open === undefined ? undefined : limit - open
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

/** A process in; those that it started, as far as they have not gone their own way, out; and their end (proc_pid_stat(5)). */
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { signalProcess } from '../kernel/host/identity.js'
import { initProgram } from '../kernel/host/launch.js'
import { type ProcessStat, processStat } from '../kernel/host/living.js'
import type { Identity } from '../kernel/host/steps.js'

export interface Head extends Identity {
  readonly network: string
}

/** Its network namespace, as /proc calls it; empty where it has ended. */
export function networkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return ''
  }
}

export function childrenOf(pid: number): readonly number[] {
  return living(everybody()).flatMap(process => (process.parent === pid ? process.pid : []))
}

/** Whether it has not become its program, or only waits for it (proc_pid_exe(5)). What can't be looked at has ended. */
export function isLauncher(pid: number): boolean {
  const own = statSync(initProgram())
  const its = statSync(`/proc/${pid}/exe`, { throwIfNoEntry: false })
  return its === undefined || (its.ino === own.ino && its.dev === own.dev)
}

/** With those that have ended, and of which nobody has taken note. */
function everybody(): readonly ProcessStat[] {
  return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (processStat(Number(name)) ?? []) : []))
}

const living = (all: readonly ProcessStat[]) => all.filter(({ state }) => state !== 'Z' && state !== 'X')

/**
 * Its descendants, and who is in its session or group. A session keeps its number from being given away: where that number
 * is another process's, nobody of the session is left. Only who is in the same network namespace is meant: else whoever got
 * the number in between, and has ended too, might have left somebody.
 */
function familyOf(head: Head, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const holder = all.find(({ pid }) => pid === head.pid)
  if (holder && holder.start !== head.start) return []
  const found = new Set([head.pid])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const { pid, parent, session, group } of all)
      if (session === head.pid || group === head.pid || found.has(parent)) found.add(pid)
  }
  return all.filter(({ pid }) => pid === head.pid || (found.has(pid) && networkOf(pid) === head.network))
}

const rounds = 200
/** Milliseconds; what is killed takes a moment to be gone. */
const between = 10
/** Rounds in which who waits for a program that was killed can take note of it, and end. */
const patient = 20
const asked: { head: Head; resolve: () => void }[] = []

/** Kills whoever is left of the family, the head too, and waits until it is gone. Many asked for at once are looked up at once. */
export function endFamily(head: Head): Promise<void> {
  return new Promise(resolve => {
    if (asked.push({ head, resolve }) === 1) setImmediate(endAsked)
  })
}

async function endAsked(): Promise<void> {
  const now = asked.splice(0)
  // Who forks while we kill is found in the next round.
  for (let round = 0; round < rounds; round++) {
    const all = everybody()
    const alive = living(all)
    const left = new Set(now.flatMap(({ head }) => familyOf(head, alive)))
    if (left.size === 0) break
    const waiting = new Set(round < patient ? waitingOf(now, all) : [])
    // Who waits may have been stopped.
    for (const member of left)
      signalProcess(member, waiting.has(member.pid) ? constants.signals.SIGCONT : constants.signals.SIGKILL)
    await pause(between)
  }
  for (const { resolve } of now) resolve()
}

/**
 * Heads that wait for their program in a host's PID namespace. Killed before it, they would leave it to the machine's first
 * process; where that takes note of nobody's end, as in many a container, the namespace's own first process can't end.
 */
function waitingOf(heads: readonly { head: Head }[], all: readonly ProcessStat[]): readonly number[] {
  const parents = new Set(all.map(({ parent }) => parent))
  return heads.flatMap(({ head: { pid } }) => (parents.has(pid) && isLauncher(pid) ? pid : []))
}

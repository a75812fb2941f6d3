/** A process in; those that it started, as far as they have not gone their own way, out; and their end (proc_pid_stat(5)). */
import { readdirSync, readlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { signalProcess } from '../kernel/host/identity.js'
import { type ProcessStat, processStat } from '../kernel/host/living.js'
import type { Identity } from '../kernel/host/steps.js'

export interface Head extends Identity {
  readonly network: string
  /** The program itself, where the head only waits for it. */
  readonly program?: number | undefined
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
  return everybody().flatMap(process => (process.parent === pid ? process.pid : []))
}

/** All that live. */
function everybody(): readonly ProcessStat[] {
  const found = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (processStat(Number(name)) ?? []) : []))
  return found.filter(({ state }) => state !== 'Z' && state !== 'X')
}

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
const asked: { head: Head; resolve: () => void }[] = []

/**
 * Rounds in which who waits for a program that is killed can see so, and end. Killed too, it would leave the program to the
 * machine's first process: where that sees after nobody, as in many a container, the host's PID namespace never ends.
 */
const patient = 50

/** Kills whoever is left of the family, the head too, and waits until it is gone. Many asked for at once are looked up at once. */
export function endFamily(head: Head): Promise<void> {
  return new Promise(resolve => {
    if (asked.push({ head, resolve }) === 1) setImmediate(endAsked)
  })
}

async function endAsked(): Promise<void> {
  const now = asked.splice(0)
  const waiting = new Set(now.flatMap(({ head }) => (head.program === undefined ? [] : head.pid)))
  // Who forks while we kill is found in the next round.
  for (let round = 0; round < rounds; round++) {
    const all = everybody()
    const left = new Set(now.flatMap(({ head }) => familyOf(head, all)))
    if (left.size === 0) break
    for (const member of left) {
      const mayWait = round < patient && waiting.has(member.pid)
      signalProcess(member, mayWait ? constants.signals.SIGCONT : constants.signals.SIGKILL)
    }
    await pause(between)
  }
  for (const { resolve } of now) resolve()
}

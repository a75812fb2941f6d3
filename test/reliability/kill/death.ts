/** A command, and an instant → the same, killed then; what it was doing, where it did not end before. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Victim } from './rounds.js'
import { type Instant, killedAt } from './strace.js'

/** A system call of the first thread's, or milliseconds after the start. */
export type Moment = Pick<Instant, 'call' | 'count'> | number

export interface Who {
  readonly lab: string
  readonly victim?: Victim | undefined
}

/** The system call that it was killed at, or the moment and how many nodes the lab had; undefined where it ended first. */
export async function killed(
  command: readonly string[],
  moment: Moment,
  { lab, victim }: Who,
): Promise<string | undefined> {
  if (typeof moment !== 'number') return killedAt(moment, command).at
  const [program = '', ...words] = command
  const started = spawn(program, words, { stdio: 'ignore', env: { PATH: process.env.PATH ?? '' } })
  let met = false
  const timer = setTimeout(() => {
    if (victim) met = killPart(lab, victim)
    else started.kill('SIGKILL')
  }, moment)
  const [, signal] = await once(started, 'exit')
  clearTimeout(timer)
  if (victim) return met ? `after ${moment} ms, the ${victim}` : undefined
  const pins = `/run/nstopo/${lab}/ns`
  const nodes = existsSync(pins) ? readdirSync(pins).length : 0
  return signal === 'SIGKILL' ? `after ${moment} ms, with ${nodes} nodes` : undefined
}

/** Kills who holds the lab's processes, or the first process of its first host; whether there was one. */
function killPart(lab: string, victim: Victim): boolean {
  const title = victim === 'init' ? `nstopo-init ${lab} ` : `supervisor.cjs /run/nstopo/${lab}`
  const pid = readdirSync('/proc').find(name => /^\d+$/.test(name) && commandOf(name).includes(title))
  if (pid === undefined) return false
  try {
    return process.kill(Number(pid), 'SIGKILL')
  } catch {
    return false
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

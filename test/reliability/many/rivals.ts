/** One lab that several runs want → one has it, the others say who does, or wait. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { run as said } from '../../support/machine.js'
import { everything, nodesOf } from '../labs.js'
import { witnesses } from '../network.js'
import { must, program, run } from '../scene.js'
import { command, inputOf, runBeside } from './chains.js'

const lab = 'rivals'

/** As many as asked for at once: each is done, or names the run that is ahead of it. */
export async function rivals(count: number): Promise<readonly string[]> {
  const fresh = seenAlone()
  const runs = Array.from({ length: count }, () => runBeside(command(lab, 'first'), inputOf('first')))
  const ended = await Promise.all(runs)
  const seen = witnesses(lab, nodesOf(everything).first)
  must(command(lab, 'down'))
  return [
    ...ended.filter(({ status, stderr }) => status !== 0 && !isBusy(status, stderr)).map(({ stderr }) => stderr),
    ...(ended.some(({ status }) => status === 0) ? [] : ['none of the runs was done']),
    ...(JSON.stringify(seen) === JSON.stringify(fresh) ? [] : ['the lab is not as a fresh one']),
  ]
}

function isBusy(status: number | null, stderr: string): boolean {
  return status === 4 && /another run holds the lab rivals: .*\(process \d+\)/.test(stderr)
}

function seenAlone(): readonly string[] {
  must(command(lab, 'first'), inputOf('first'))
  const seen = witnesses(lab, nodesOf(everything).first)
  must(command(lab, 'down'))
  return seen
}

/** Milliseconds in which a run that does not wait has ended. */
const aWhile = 2000

/** While somebody holds the lab, `up` names him; with `--lock-timeout` it waits until he lets go. */
export async function waits(): Promise<readonly string[]> {
  const holder = await startHolder()
  const refused = run(command(lab, 'first'), inputOf('first'))
  const named = refused.status === 4 && refused.stderr.includes(`(process ${holder.pid})`)
  const timeout = [...command(lab, 'first'), '--lock-timeout', '30s']
  const waiting = runBeside(timeout, inputOf('first'))
  const early = await Promise.race([waiting, new Promise<undefined>(resolve => setTimeout(resolve, aWhile))])
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const { status, stderr } = await waiting
  must(command(lab, 'down'))
  return [
    ...(named ? [] : [`the holder is not named: status ${refused.status}: ${refused.stderr}`]),
    ...(early === undefined ? [] : [`with --lock-timeout it ended while the lab was held: ${early.stderr}`]),
    ...(status === 0 ? [] : [`--lock-timeout did not wait: status ${status}: ${stderr}`]),
  ]
}

async function startHolder(): Promise<ChildProcess> {
  const file = new URL('../../kernel/programs/hold.ts', import.meta.url).pathname
  const holder = spawn(process.execPath, [...process.execArgv, file, lab], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  return holder
}

/** Whether this program can wait for a lab. */
export function canWait(): boolean {
  const [first = '', ...words] = program
  return said(first, ...words, 'help', 'up').includes('--lock-timeout')
}

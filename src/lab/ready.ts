/** A condition and a program in; whether it holds, or why it is given up, out. */
import { setTimeout as pause } from 'node:timers/promises'
import { seconds } from '../kinds/index.js'
import { listens } from '../supervisor/listeners.js'
import type { Context } from './context.js'
import { run } from './exec.js'
import { LabError } from './failure.js'
import type { Program } from './program.js'

/** When a program counts as ready, as `ready` in a topology has it. */
export interface Readiness {
  /** A socket of its node listens there: `tcp/80`, `udp/53`. */
  readonly listen?: string
  /** A line of what it writes matches. */
  readonly log?: string | RegExp
  /** This command, run in the node, ends with status 0. */
  readonly command?: readonly string[]
  /** It has run so long: `2s`, or milliseconds. */
  readonly after?: string | number
  /** After which it is given up: `30s` unless said, or milliseconds. */
  readonly timeout?: string | number
}

export interface Waiting {
  readonly context: Context
  readonly node: string
  readonly program: Program
  readonly ready: Readiness
}

/** Milliseconds between two looks. */
const between = 10

/** Undefined once it is ready; `ended` when the program ended before; else what did not become of it. */
export async function untilReady({ program, ready, ...where }: Waiting): Promise<string | undefined> {
  const given = milliseconds(ready.timeout ?? '30s')
  const [started, holds] = [performance.now(), conditionOf({ program, ready, ...where })]
  let ended = false
  void program.exited.then(() => {
    ended = true
  })
  while (!(await holds(performance.now() - started))) {
    if (ended) return 'ended'
    if (performance.now() - started > given) return `was not ready within ${given} ms: ${wanted(ready)}`
    await pause(between)
  }
  return undefined
}

type Holds = (ran: number) => boolean | Promise<boolean>

function conditionOf({ context, node, program, ready }: Waiting): Holds {
  const { listen, log, command, after } = ready
  if (listen !== undefined) {
    const [, protocol, port] = /^(tcp|udp)\/(\d+)$/.exec(listen) ?? []
    if (port === undefined) throw new LabError(`ready: { listen: '${listen}' } does not read tcp/PORT or udp/PORT`)
    return () => listens(program.pid, protocol as 'tcp' | 'udp', Number(port))
  }
  if (log !== undefined) {
    const pattern = new RegExp(log)
    return () => [program.stdout, program.stderr].some(({ text }) => text.split('\n').some(line => pattern.test(line)))
  }
  if (command) return async () => (await run(context, node, command, { reject: false })).status === 0
  const least = milliseconds(after ?? 0)
  return ran => ran >= least
}

function wanted({ listen, log, command }: Readiness): string {
  if (listen !== undefined) return `nothing listens on ${listen}`
  return log === undefined ? `${command?.join(' ')} does not end with status 0` : `no line matches ${log}`
}

function milliseconds(time: string | number): number {
  const value = typeof time === 'number' ? time : (seconds(time) ?? Number.NaN) * 1000
  if (Number.isFinite(value)) return value
  throw new LabError(`${time} is no time: 500ms, 2s, or a number of milliseconds`)
}

/** A condition and a process in; a promise that it is ready out, which waits as long as nobody ends the waiting. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Position } from '../kernel/host/journal.js'
import type { Ready } from '../model/network.js'
import { listens } from './listeners.js'
import type { Output } from './output.js'

export interface Waiting {
  readonly pid: number
  readonly output: Output
  /** Where its output begins. */
  readonly from: Position
  /** Milliseconds since 1970 of its start. */
  readonly since: number
  /** Runs a command where the process is; whether it ended well. */
  readonly run: (command: readonly string[], signal: AbortSignal) => Promise<boolean>
  readonly signal: AbortSignal
}

/** Milliseconds between two looks, the first and the longest. */
const shortest = 10
const longest = 200

/** @throws AbortError */
export async function becomesReady(ready: Ready, waiting: Waiting): Promise<void> {
  switch (ready.by) {
    case 'listen':
      return until(waiting, async () => listens(waiting.pid, ready.protocol, ready.port))
    case 'command':
      return until(waiting, () => runOnce(ready, waiting))
    case 'log':
      return showsLine(new RegExp(ready.pattern), waiting)
    case 'after':
      await pause(Math.max(0, waiting.since + ready.seconds * 1000 - Date.now()), undefined, { signal: waiting.signal })
  }
}

async function until({ signal }: Waiting, isTrue: () => Promise<boolean>): Promise<void> {
  for (let between = shortest; !(await isTrue()); between = Math.min(longest, between * 1.5))
    await pause(between, undefined, { signal })
  signal.throwIfAborted()
}

/** One that hangs is ended, and tried anew. */
function runOnce({ command, timeout }: Ready & { by: 'command' }, { run, signal }: Waiting): Promise<boolean> {
  return run(command, AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]))
}

function showsLine(pattern: RegExp, { output, from, signal }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop = () => {}
    const give = (settle: () => void) => {
      stop()
      settle()
    }
    signal.addEventListener('abort', () => give(() => reject(signal.reason)), { once: true })
    stop = output.listen(from, line => pattern.test(line) && give(resolve))
  })
}

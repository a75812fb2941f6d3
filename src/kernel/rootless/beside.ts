/** What is waiting beside the making of a lab in; it begins, with an environment, as a command, or not at all (native/init/init.c). */
import { spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { close, pidfdOpen, whenReadable } from '../../../native/libc.js'
import { exitStatus } from '../child.js'
import { unless } from '../errors.js'
import { launcher } from '../host/launch.js'

type Variables = Readonly<Record<string, string>>

export interface Beside {
  /** Becomes the command, with these variables besides ours. */
  begin(command: readonly string[], variables: Variables): void
  /** Ends it before it has begun. */
  cancel(): void
}

/** A child of whoever holds the run: it ends as this does, and has its signals from there. */
export interface Waiting extends Beside {
  ended(): Promise<void>
}

/** A child of ours. */
export interface Child extends Beside {
  signal(name: NodeJS.Signals): void
  /** Its exit status, or 128 and the number of the signal that ended it. */
  ended(): Promise<number>
}

/** Whether this process is in a tree that holds a run (tree.ts). */
export const isHeld = (): boolean => process.env.NSTOPO_RUN_HELD !== undefined

/** What waits beside a run that is held. What runs inside and makes another run has that one held, too. */
export function waitingBeside(): Waiting | undefined {
  const [fd, pid] = (process.env.NSTOPO_RUN_HELD ?? '').split(' ').map(Number)
  delete process.env.NSTOPO_RUN_HELD
  if (fd === undefined || pid === undefined) return undefined
  // Nobody else is to have it: opened anew, it is closed where we become or start something.
  const own = openSync(`/proc/self/fd/${fd}`, 'w')
  closeSync(fd)
  return {
    begin(command, variables) {
      // One that was killed before it has begun reads no more.
      unless(['EPIPE'], () => writeSync(own, wordsOf(command, variables)))
      closeSync(own)
    },
    cancel: () => closeSync(own),
    ended: () => endOf(pid),
  }
}

function endOf(pid: number): Promise<void> {
  const pidfd = pidfdOpen(pid, 0)
  if (pidfd < 0) return Promise.resolve()
  return new Promise(resolve => {
    const watch = whenReadable(pidfd, () => {
      watch.close()
      close(pidfd)
      resolve()
    })
  })
}

/**
 * Started now, so that it has the network of whoever started us: the root of a user namespace can't go back there when it
 * has been in a node.
 */
export function startBeside(): Child {
  const [program, ...words] = launcher([{ do: 'await', fd: 3 }])
  const child = spawn(program, words, { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] })
  const pipe = child.stdio[3] as Writable
  // One that is killed before it has begun reads no more.
  pipe.on('error', () => {})
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(exitStatus(code, signal)))
  })
  return {
    begin: (command, variables) => void pipe.end(wordsOf(command, variables)),
    cancel: () => void pipe.end(),
    ended: () => ended,
    signal: name => void child.kill(name),
  }
}

/** As the step `await` reads them. */
function wordsOf(command: readonly string[], variables: Variables): string {
  const named = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  return [...named, '', ...command].map(word => `${word}\0`).join('')
}

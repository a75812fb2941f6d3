/** A command in; it waits beside what is being made, to begin with an environment or not at all (native/init/init.c). */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { exitStatus } from '../child.js'
import { launcher } from '../host/launch.js'

export interface Beside {
  /** Becomes the command, with these variables besides ours; its exit status, or 128 and the number of the signal that ended it. */
  begin(variables: Readonly<Record<string, string>>): Promise<number>
  /** Ends it before it has begun. */
  cancel(): void
  signal(name: NodeJS.Signals): void
}

/**
 * Started now, so that it has the network of whoever started us: the root of a user namespace can't go back there when it
 * has been in a node.
 */
export function beside(command: readonly string[]): Beside {
  const [program, ...words] = launcher([{ do: 'await', fd: 3 }], command)
  const child = spawn(program, words, { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] })
  const pipe = child.stdio[3] as Writable
  // One that is killed before it has begun reads no more.
  pipe.on('error', () => {})
  const ended = statusOf(child)
  return {
    begin(variables) {
      const words = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`)
      pipe.end(`${words.join('')}\0`)
      return ended
    },
    cancel: () => void pipe.end(),
    signal: name => void child.kill(name),
  }
}

function statusOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(exitStatus(code, signal)))
  })
}

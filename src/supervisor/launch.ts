/** A command and a host in; a process that waits for a word before it becomes the command out, and what became of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { close, type Readable, whenReadable } from '../../native/libc.js'
import { codeOf } from '../kernel/errors.js'
import { identify, openProcess, signalProcess } from '../kernel/host/identity.js'
import type { Identity } from '../kernel/host/steps.js'
import { SystemError } from '../kernel/kernel.js'
import { descriptorsLeft } from '../kernel/limits/descriptors.js'

export interface Live {
  readonly identity: Identity
  signal(signal: number): void
  /** `exit 1`, `SIGKILL`, or `unknown` of one that is not our child. */
  readonly ended: Promise<string>
}

/** A child of ours. */
export interface Child extends Live {
  /** Lets it become its program. Who is never told ends by itself when the supervisor does. */
  go(): void
  /** What was said on the way; told when it has become its program, or will not. */
  readonly report: Promise<string>
}

export interface Command {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Of its node, as /proc calls it. */
  readonly network: string
  /** Where its output goes; it is closed. */
  readonly output: number
}

/** The descriptor on which it waits, and says what was refused. */
export const reportDescriptor = 3

/** @throws SystemError where it can't even be tried */
export function launch({ argv: [program = '', ...words], environment, output }: Omit<Command, 'network'>): Child {
  const child = spawn(program, words, {
    cwd: '/',
    env: { ...environment },
    // In a session of its own: its family is known by it.
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  })
  closeSync(output)
  // An error is told later; that there is none is known now.
  child.on('error', () => {})
  const identity = child.pid === undefined ? undefined : identify(child.pid)
  if (!identity) throw notStarted(program)
  const gate = child.stdio[reportDescriptor] as Socket
  return {
    identity,
    signal: signal => void signalProcess(identity, signal),
    go: () => void gate.write('\n'),
    report: reportOf(gate),
    ended: endOf(child),
  }
}

/** Descriptors that Node needs to start a process. */
const enough = 8

/** Which of the two it was, Node tells later than it is wanted. */
function notStarted(program: string): SystemError {
  return (descriptorsLeft() ?? enough) >= enough
    ? new SystemError(`start ${program}`, 'EAGAIN', 'the machine starts no more processes')
    : new SystemError(`start ${program}`, 'EMFILE', 'no file descriptors are left for more processes (ulimit -n)')
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise(resolve => child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)))
}

function reportOf(gate: Socket): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    gate.setEncoding('utf8')
    gate.on('data', part => {
      text += part
    })
    // One that was killed before it read the word.
    gate.on('error', () => {})
    gate.once('close', () => resolve(text))
    gate.once('end', () => gate.destroy())
  })
}

/** One that another supervisor has started. */
export function takeOver(identity: Identity): Live | undefined {
  const pidfd = openProcess(identity)
  if (pidfd === undefined) return undefined
  const ended = new Promise<string>(resolve => {
    // A pidfd can be read from when its process has ended (pidfd_open(2)).
    const watch: Readable = whenReadable(pidfd, () => {
      watch.close()
      close(pidfd)
      resolve('unknown')
    })
  })
  return { identity, ended, signal: signal => void signalProcess(identity, signal) }
}

/** Runs a command to its end; whether that was a good one. */
export function runOnce(
  { argv: [program = '', ...words], environment }: Pick<Command, 'argv' | 'environment'>,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise(resolve => {
    const options = { cwd: '/', env: { ...environment }, signal, killSignal: 'SIGKILL', stdio: 'ignore' } as const
    const child = spawn(program, words, options)
    child.on('error', thrown => codeOf(thrown) === 'ABORT_ERR' || resolve(false))
    child.once('exit', code => resolve(code === 0))
  })
}

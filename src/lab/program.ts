/** A program that runs in a node: what it says, how it is ended, and how it has ended. */
import type { ChildProcess } from 'node:child_process'
import type { Writable } from 'node:stream'
import { type Context, remember } from './context.js'
import { asyncDispose } from './dispose.js'
import { type CommandOptions, endOf, endsIt, grace, startIn } from './exec.js'
import { CommandError, type Ended, ending } from './failure.js'
import { Lines } from './lines.js'
import { type Readiness, untilReady } from './ready.js'

export interface SpawnOptions extends CommandOptions {
  /** When the promise is kept: at once unless said. */
  readonly ready?: Readiness
}

export class Program {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Lines
  readonly stderr: Lines
  /** Kept when it has ended, however that was; never broken. */
  readonly exited: Promise<Ended>
  readonly #child: ChildProcess

  /** @internal */
  constructor(child: ChildProcess, exited: Promise<Ended>) {
    this.#child = child
    this.pid = child.pid ?? 0
    this.stdin = child.stdin!.on('error', () => {})
    this.stdout = new Lines(child.stdout!)
    this.stderr = new Lines(child.stderr!)
    this.exited = exited
  }

  /** False where it has ended already. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): boolean {
    return this.#child.kill(signal)
  }

  /** TERM, and KILL when it lives on after 2 seconds. */
  async stop(): Promise<Ended> {
    this.kill()
    const timer = setTimeout(() => this.kill('SIGKILL'), grace)
    const ended = await this.exited
    clearTimeout(timer)
    return ended
  }

  async [asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** @throws CommandError when it ends, or its time is over, before it is ready; it is ended then */
export async function spawnIn(
  context: Context,
  node: string,
  command: readonly string[],
  { ready, ...options }: SpawnOptions = {},
): Promise<Program> {
  const child = startIn(context, node, command, options)
  const ended = endOf(child)
  const settled = ended.catch((): Ended => ({ status: 127, signal: null }))
  const program = new Program(child, settled)
  remember(context, { node, command, text: () => program.stdout.text + program.stderr.text })
  const patience = endsIt(child, options)
  void settled.then(patience)
  if (child.pid === undefined) await ended
  if (!ready) return program
  const why = await untilReady({ context, node, program, ready })
  if (why === undefined) return program
  const how = why === 'ended' ? `${ending(await settled)} before it was ready` : why
  const texts = { stdout: program.stdout.text, stderr: program.stderr.text }
  throw new CommandError(how, { node, command, ...texts, ...(await program.stop()) })
}

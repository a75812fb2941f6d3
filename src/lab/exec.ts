/** A command and a node in; what it wrote and how it ended out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { exitStatus, ownEnvironment } from '../kernel/child.js'
import { type Context, remember, withSpace } from './context.js'
import { CommandError, type Ended, ending } from './failure.js'

export interface CommandOptions {
  /** Over this process's environment, and the node's own. */
  readonly env?: Readonly<Record<string, string>>
  /** A name or a number, as the node's own view has it. */
  readonly user?: string
  readonly workdir?: string
  /** Milliseconds until it is ended, by TERM and then by KILL. */
  readonly timeout?: number
  /** Ends it likewise. */
  readonly signal?: AbortSignal
}

export interface ExecOptions extends CommandOptions {
  /** What it reads; nothing unless said. */
  readonly input?: string | Uint8Array
  /** False: a status other than 0 is no error. */
  readonly reject?: boolean
}

export interface ExecResult extends Ended {
  readonly stdout: string
  readonly stderr: string
}

/** @throws CommandError when it fails, unless told otherwise */
export async function run(
  context: Context,
  node: string,
  command: readonly string[],
  { input, reject = true, ...options }: ExecOptions = {},
): Promise<ExecResult> {
  const child = startIn(context, node, command, options)
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', text => {
      texts[name] += text
    })
  remember(context, { node, command, text: () => texts.stdout + texts.stderr })
  // Who does not read to the end closes the pipe, which is no error of ours.
  child.stdin!.on('error', () => {}).end(input)
  const patience = endsIt(child, options)
  const ended = await endOf(child)
  const why = patience()
  const result = { ...texts, ...ended }
  if (reject && (why || ended.status !== 0)) throw new CommandError(why ?? ending(ended), { node, command, ...result })
  return result
}

/** Its standard streams are pipes. @throws SystemError where the node is gone, or its host has ended */
export function startIn(
  context: Context,
  node: string,
  command: readonly string[],
  { env = {}, user, workdir }: CommandOptions,
): ChildProcess {
  const entry = { command, environment: ownEnvironment(), variables: env, user, workdir }
  return withSpace(context, space =>
    context.kernel.start(space, node, entry, ([program, ...words], env) =>
      spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'] }),
    ),
  )
}

/** @throws what spawn(2) was refused with */
export function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ status: exitStatus(code, signal), signal }))
  })
}

/** Milliseconds between TERM and KILL. */
export const grace = 2000

/** What it has started may hold its pipes open for long. */
function killed(child: ChildProcess): void {
  child.kill('SIGKILL')
  for (const stream of [child.stdout, child.stderr]) stream?.destroy()
}

/** Ends a command when its time is over; the result says afterwards why, if so. */
export function endsIt(child: ChildProcess, { timeout, signal }: CommandOptions): () => string | undefined {
  let why: string | undefined
  const timers: NodeJS.Timeout[] = []
  const end = (reason: string) => {
    why ??= reason
    child.kill('SIGTERM')
    timers.push(setTimeout(() => killed(child), grace))
  }
  const aborted = () => end('was aborted')
  if (timeout !== undefined) timers.push(setTimeout(end, timeout, `did not end within ${timeout} ms`))
  if (signal?.aborted) aborted()
  signal?.addEventListener('abort', aborted)
  return () => {
    signal?.removeEventListener('abort', aborted)
    for (const timer of timers) clearTimeout(timer)
    return why
  }
}

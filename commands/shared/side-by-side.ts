/** A command and nodes in; it runs in all of them at once, and each one's exit status and output come out. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { exitStatus } from '../../src/kernel/child.js'
import { launcher } from '../../src/kernel/host/launch.js'
import { named } from './lines.js'

export interface NodeOutput {
  readonly node: string
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface SideBySide {
  readonly lab: string
  readonly nodes: readonly string[]
  readonly command: readonly string[]
  /** Flags of `exec` that each has. */
  readonly words: readonly string[]
  /** Keep the output instead of printing it. */
  readonly collect: boolean
}

/** Each start is a Node of some 40 MiB, for as long as it takes. */
const startsAtOnce = 8

/** Each child is this program again, which becomes the command; only so many start at a time, but all run at once. */
export async function runInNodes(work: SideBySide): Promise<readonly NodeOutput[]> {
  const width = Math.max(...work.nodes.map(node => node.length))
  const children: ChildProcess[] = []
  const stop = (signal: NodeJS.Signals) => children.forEach(child => void child.kill(signal))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  // As in a pipeline: when nobody reads any more, who writes on is told so.
  const unread = () => {
    stop('SIGPIPE')
    for (const child of children) child.stdout?.destroy()
  }
  process.stdout.on('error', unread)
  try {
    const outputs: Promise<NodeOutput>[] = []
    let starting: Promise<void>[] = []
    for (const node of work.nodes) {
      const child = start(work, node)
      children.push(child)
      outputs.push(output(child, { node, width, collect: work.collect }))
      starting.push(started(child))
      if (starting.length < startsAtOnce) continue
      await Promise.all(starting)
      starting = []
    }
    return await Promise.all(outputs)
  } finally {
    for (const signal of signals) process.off(signal, stop)
    process.stdout.off('error', unread)
  }
}

/** This program again, which becomes the command: by the shortest way where there is one (native/init/door.c). */
export function start(
  { lab, words, command }: Pick<SideBySide, 'lab' | 'words' | 'command'>,
  node: string,
): ChildProcess {
  const again = [process.execPath, ...process.execArgv, process.argv[1]!, 'exec', ...words, lab, node, '--', ...command]
  const [program, ...rest] = launcher([{ do: 'door' }], again)
  return spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: withoutFlags(process.env) })
}

/** What the environment says of flags is said to us, and passed on as words. */
function withoutFlags(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = (name: string) => name === 'NSTOPO_JSON' || name.startsWith('NSTOPO_EXEC_')
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours(name)))
}

/** When the child has become the command: its command line is no longer ours. */
async function started(child: ChildProcess): Promise<void> {
  const file = `/proc/${child.pid}/cmdline`
  const ours = `\0${process.argv[1]}\0exec\0`
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    if (!textOf(file).includes(ours)) return
    await sleep(5)
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

interface Naming {
  readonly node: string
  readonly width: number
  readonly collect: boolean
}

function output(child: ChildProcess, { node, width, collect }: Naming): Promise<NodeOutput> {
  const prefix = `${node.padEnd(width)} | `
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const keep = (text: string) => {
      texts[name] += text
    }
    const lines = named(prefix, text => void process[name].write(text))
    child[name]?.setEncoding('utf8')
    child[name]?.on('data', collect ? keep : lines.text)
    if (!collect) child[name]?.on('end', lines.end)
  }
  return new Promise(resolve => {
    child.on('error', thrown => resolve({ node, status: 125, ...texts, stderr: thrown.message }))
    child.on('close', (code, signal) => resolve({ node, status: exitStatus(code, signal), ...texts }))
  })
}

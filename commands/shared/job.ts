/** A lab and a command in; the lab made, the command run, the lab taken away, and the command's exit status out. */
import type { Kernel } from '../../src/kernel/kernel.js'
import { beside } from '../../src/kernel/rootless/beside.js'
import type { Source } from '../../src/model/document.js'
import type { Network } from '../../src/model/network.js'
import { down, type RunOptions, up } from '../../src/pipeline.js'
import { report } from './output.js'
import { passOn } from './pass-on.js'
import { change } from './run.js'
import { ownStatus } from './status.js'

export interface Job {
  readonly kernel: Kernel
  readonly source: Source
  /** What the source says. */
  readonly network: Network
  readonly command: readonly string[]
  /** Where the command runs; beside the lab unless said. */
  readonly node: string | undefined
}

export interface JobOptions extends Pick<RunOptions, 'strict' | 'wait'> {
  /** Leave the lab when the command fails. */
  readonly keep: boolean
}

export async function runJob(job: Job, { keep, ...options }: JobOptions): Promise<number> {
  const { kernel, source, network } = job
  const command = beside(commandOf(job))
  const made = await change({ quiet: true }, stop => up(source, kernel, { ...options, ...stop }))
  report(made.diagnostics, made.document, {})
  const isMade = made.status === 0
  if (!isMade) command.cancel()
  const status = isMade
    ? await whilePassing(command.signal, () => command.begin(variablesOf(network)))
    : ownStatus(made.status)
  if (isMade && keep && status !== 0) tellKept(job)
  // What is held by this run alone goes with it, but for control groups.
  else if (keep || network.nodes.some(({ host }) => host)) await takeAway(job)
  return status
}

/** In a node it is this program that takes it there. */
function commandOf({ network: { lab }, node, command }: Job): readonly string[] {
  if (node === undefined) return command
  return [process.execPath, ...process.execArgv, process.argv[1]!, 'exec', lab, node, '--', ...command]
}

async function whilePassing<T>(to: (name: NodeJS.Signals) => void, work: () => Promise<T>): Promise<T> {
  const end = passOn(to)
  try {
    return await work()
  } finally {
    end()
  }
}

/** NSTOPO_LAB, and NSTOPO_ADDR_NODE_INTERFACE: the first address, without its prefix's length. */
export function variablesOf({ lab, nodes }: Network): Readonly<Record<string, string>> {
  const addresses = nodes.flatMap(node =>
    node.interfaces.flatMap(({ name, addresses: [first] }) =>
      first ? [[`NSTOPO_ADDR_${word(node.name)}_${word(name)}`, first.address] as const] : [],
    ),
  )
  return { NSTOPO_LAB: lab, ...Object.fromEntries(addresses) }
}

const word = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '_')

async function takeAway({ kernel, network: { lab } }: Job): Promise<void> {
  const gone = await down(lab, kernel)
  report(gone.diagnostics, undefined, {})
}

function tellKept({ network: { lab, nodes }, node }: Job): void {
  const look = `nstopo shell ${lab} ${node ?? nodes[0]?.name ?? 'NODE'}`
  process.stderr.write(`${lab} is left for a look: ${look}   then   nstopo down ${lab}\n`)
}

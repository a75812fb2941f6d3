/** A lab and a command in; the lab made, the command run, the lab taken away, and the command's exit status out. */
import type { Kernel } from '../../src/kernel/kernel.js'
import { type Child, startBeside, type Waiting } from '../../src/kernel/rootless/beside.js'
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

type JobOptions = Pick<RunOptions, 'strict' | 'wait'>

/** The lab and the command go with the processes that hold the run, which end as the command does. */
export async function runHeld(job: Job, command: Waiting, options: JobOptions): Promise<number> {
  const status = await make(job, options)
  const begins = status === 0
  if (begins) {
    // To the end: they come to the command from where it comes from.
    passOn(() => {})
    command.begin(commandOf(job), variablesOf(job.network))
  } else command.cancel()
  // Control groups alone are held by nobody.
  if (!job.network.nodes.some(({ host }) => host)) return status
  if (begins) await command.ended()
  await takeAway(job)
  return status
}

/** An ordinary lab, which is left when the command fails. */
export async function runKept(job: Job, options: JobOptions): Promise<number> {
  const command = startBeside()
  const failed = await make(job, options)
  if (failed !== 0) command.cancel()
  const status = failed || (await whilePassing(command, job))
  if (failed === 0 && status !== 0) tellKept(job)
  else await takeAway(job)
  return status
}

async function make({ source, kernel }: Job, options: JobOptions): Promise<number> {
  const made = await change({ quiet: true }, stop => up(source, kernel, { ...options, ...stop }))
  report(made.diagnostics, made.document, {})
  return made.status === 0 ? 0 : ownStatus(made.status)
}

/** In a node it is this program that takes it there. */
function commandOf({ network: { lab }, node, command }: Job): readonly string[] {
  if (node === undefined) return command
  return [process.execPath, ...process.execArgv, process.argv[1]!, 'exec', lab, node, '--', ...command]
}

async function whilePassing(command: Child, job: Job): Promise<number> {
  const end = passOn(command.signal)
  try {
    command.begin(commandOf(job), variablesOf(job.network))
    return await command.ended()
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

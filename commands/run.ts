/** nstopo run: a lab for as long as a command runs. */
import { type Diagnostic, error } from '../src/diagnostic.js'
import type { Kernel } from '../src/kernel/kernel.js'
import { waitingBeside } from '../src/kernel/rootless/beside.js'
import type { Source } from '../src/model/document.js'
import type { Network } from '../src/model/network.js'
import { validate } from '../src/pipeline.js'
import { NstopoCommand } from './shared/command.js'
import { timeOf } from './shared/duration.js'
import { Flags, file, reading, strict, timing, twins } from './shared/flags.js'
import { runHeld, runKept } from './shared/job.js'
import { machine } from './shared/machine.js'
import { didYouMean } from './shared/near.js'
import { finish } from './shared/output.js'
import { sourceOf } from './shared/run.js'
import { ownFailure } from './shared/status.js'
import { uniqueName } from './shared/unique-name.js'
import { split } from './shared/words.js'

export default class Run extends NstopoCommand {
  static override summary = 'make a lab, run a command beside it or in a node, and take it away'
  static override description =
    'Exit status, output, terminal and signals are the command’s; nstopo’s own failures are 125. The lab is held by the ' +
    'processes of this run alone: whichever of them is killed, the kernel takes everything away. Other runs don’t see it. The ' +
    'command finds NSTOPO_LAB and NSTOPO_ADDR_NODE_INTERFACE in its environment, and enters nodes by nstopo exec.'
  static override usage = '[FILE] -- COMMAND...'
  static override examples = [
    'nstopo run lab.yaml -- pytest',
    'nstopo run lab.yaml --in h1 -- curl -sf http://10.0.0.2/',
    'nstopo run --keep-on-failure -- npm test',
  ]
  static override strict = false
  static override args = file
  static override flags = twins('run', {
    in: Flags.string({ summary: 'run the command in this node', helpValue: 'NODE' }),
    'keep-on-failure': Flags.boolean({
      summary: 'leave the lab for a look when the command fails; it is an ordinary one then, which a kill leaves, too',
    }),
    unique: Flags.boolean({ summary: 'give the lab a name that no other run has' }),
    wait: Flags.string({
      summary: 'begin when links have carrier, addresses are past duplicate detection, and processes are ready',
      helpValue: 'TIME',
    }),
    ...reading,
    ...strict,
    ...timing,
  })

  override async run(): Promise<number> {
    const held = waitingBeside()
    const { before, after: command = [] } = split(this.argv)
    const { argv, flags } = await this.parse(Run, [...before])
    const [word, ...others] = argv.map(String)
    if (command.length === 0 || others.length > 0) return refuse([noCommand([word ?? 'FILE', ...others])])
    const kernel = machine()
    const keep = flags['keep-on-failure']
    const wait = flags.wait === undefined ? {} : { wait: timeOf('--wait', flags.wait) }
    const source = await sourceOf(word, flags)
    if ('problem' in source) return refuse([source.problem])
    const { value, diagnostics, document } = validate(flags.unique ? unique(source.value) : source.value, {
      strict: flags.strict,
    })
    if (!value) return finish({ command: 'run', diagnostics, document, status: ownFailure }, {})
    const job = {
      kernel,
      source: { ...source.value, name: value.network.lab },
      network: value.network,
      command,
      node: flags.in,
    }
    const problem = obstacle(job, { isHeld: held !== undefined, keep })
    if (problem) return refuse([problem])
    const options = { strict: flags.strict, ...wait }
    return held ? runHeld(job, held, options) : runKept(job, options)
  }
}

function refuse(diagnostics: readonly Diagnostic[]): number {
  return finish({ command: 'run', diagnostics, status: ownFailure }, {})
}

/** The line as it was probably meant. */
function noCommand(words: readonly (string | undefined)[]): Diagnostic {
  const [file, ...rest] = words
  const hint = `nstopo run ${file} -- ${rest.join(' ') || 'COMMAND'}`
  return error('bad-usage', 'run wants a command after --, and before it one file at most', undefined, { hint })
}

function unique(source: Source): Source {
  return { ...source, name: uniqueName(source.name ?? validate(source).value?.network.lab ?? 'lab') }
}

interface Wanted {
  readonly kernel: Kernel
  readonly network: Network
  readonly node: string | undefined
}

function obstacle(
  { kernel, network: { lab, nodes }, node }: Wanted,
  how: { isHeld: boolean; keep: boolean },
): Diagnostic | undefined {
  const why = how.isHeld || how.keep ? undefined : kernel.obstacle()
  if (why) return error('not-permitted', why.message, undefined, { hint: why.hint })
  if (!how.isHeld && !how.keep)
    return error('not-permitted', 'this run could not be given processes of its own', undefined, {
      hint: 'nstopo doctor says what is wanting',
    })
  if (kernel.labs().includes(lab))
    return error('in-the-way', `the lab ${lab} is up already, and is not this run’s to take away`, undefined, {
      hint: `nstopo run --unique, or nstopo down ${lab}`,
    })
  const names = nodes.map(({ name }) => name)
  return node === undefined || names.includes(node)
    ? undefined
    : error('not-found', `there is no node ${node} in ${lab}`, undefined, didYouMean(node, names))
}

/** nstopo explain: what becomes of packets between two nodes. */
import { explain } from '../src/pipeline/explain.js'
import { renderExplanation } from '../src/render/explain.js'
import { explanationJson } from '../src/render/explain-json.js'
import { NstopoCommand } from './shared/command.js'
import { Args, common, Flags, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import { labAndNode } from './shared/subject.js'

export default class Explain extends NstopoCommand {
  static override summary = 'follow packets from a node hop by hop, and say where they end, and why'
  static override description =
    'Sends echo requests from the node, and asks the kernel of each node on the way what it does with them: rules and ' +
    'routes, links, neighbours, forwarding, rp_filter, nftables’ counters; there and back, in both families. ' +
    'Exit status 0: they are answered; 1: they end on the way.'
  static override usage = 'LAB FROM TO'
  static override examples = ['nstopo explain branch h1 isp', 'nstopo explain branch h1 10.9.0.1 --size 1400 --json']
  static override args = {
    lab: Args.string({
      ignoreStdin: true,
      required: true,
      name: 'LAB',
      description: 'a lab that is up, or the file that it was made from',
    }),
    from: Args.string({ ignoreStdin: true, required: true, name: 'FROM', description: 'the node that sends' }),
    to: Args.string({
      ignoreStdin: true,
      required: true,
      name: 'TO',
      description: 'a node, node:interface, or an address',
    }),
  }
  static override flags = twins('explain', {
    size: Flags.integer({
      summary: 'packets of so many bytes, that are not to be fragmented',
      helpValue: 'BYTES',
      min: 48,
      max: 65535,
    }),
    name: reading.name,
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Explain)
    const kernel = machine()
    const found = await labAndNode({ lab: args.lab, node: args.from }, kernel, flags)
    if ('problem' in found) return refuse('explain', found.problem, flags)
    const options = flags.size === undefined ? {} : { bytes: flags.size }
    const { value, ...rest } = await explain(found.value.lab, args, kernel, options)
    const { document } = rest
    const ended = value?.passages.some(({ reason }) => reason !== undefined)
    const text = (colour: boolean) => (value ? renderExplanation(value, { colour, document }) : '')
    const result = value && explanationJson(value, document)
    return finish({ command: 'explain', ...rest, result, text, ...(ended && { status: 1 }) }, flags)
  }
}

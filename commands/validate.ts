/** nstopo validate: all errors and warnings of a file, the kernel untouched. */
import { validate } from '../src/pipeline.js'
import { count } from '../src/render/table.js'
import { NstopoCommand } from './shared/command.js'
import { common, file, reading, strict, twins } from './shared/flags.js'
import { finish } from './shared/output.js'
import { refuse, sourceOf } from './shared/run.js'
import { watching } from './shared/timing.js'

export default class Validate extends NstopoCommand {
  static override summary = 'show all errors and warnings of a file; the kernel is not touched'
  static override usage = '[FILE]'
  static override examples = ['nstopo validate lab.yaml', 'nstopo validate --strict --json lab.yaml']
  static override args = file
  static override flags = twins('validate', { ...reading, ...strict, ...common })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Validate)
    const source = await sourceOf(args.file, flags)
    if ('problem' in source) return refuse('validate', source.problem, flags)
    const { value, ...rest } = validate(source.value, { strict: flags.strict }, watching()?.trace)
    const network = value?.network
    const result = network && { lab: network.lab, nodes: network.nodes.length, links: network.wires.length }
    const text = result && `${result.lab} is valid: ${count(result.nodes, 'node')}, ${count(result.links, 'link')}`
    return finish({ command: 'validate', ...rest, result, text: () => text ?? '' }, flags)
  }
}

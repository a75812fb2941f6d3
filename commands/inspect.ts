/** nstopo inspect: a lab as the kernel has it. */
import { inspect } from '../src/pipeline.js'
import { renderInspection } from '../src/render/inspect.js'
import { inspectionJson } from '../src/render/json.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, lab, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import { firstProblem, labOfWord, nodeOf, standing } from './shared/subject.js'

export default class Inspect extends NstopoCommand {
  static override summary = 'show nodes, interfaces, addresses, routes and counters as the kernel has them'
  static override usage = '[LAB] [-n NODE,...]'
  static override examples = ['nstopo inspect branch', 'nstopo inspect -n gw --json']
  static override args = lab
  static override flags = twins('inspect', {
    node: Flags.string({ char: 'n', summary: 'only these nodes', helpValue: 'NODE,...' }),
    name: reading.name,
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Inspect)
    const kernel = machine()
    const named = await labOfWord(args.lab, kernel, flags)
    const lab = 'problem' in named ? named : standing(named.value, kernel)
    if ('problem' in lab) return refuse('inspect', lab.problem, flags)
    const nodes = flags.node?.split(',').filter(name => name !== '')
    const problem = firstProblem((nodes ?? []).map(node => nodeOf(lab.value, node, kernel)))
    if (problem) return refuse('inspect', problem, flags)
    const { value, ...rest } = inspect(lab.value, kernel, nodes)
    const result = value && inspectionJson(value)
    const text = (colour: boolean) => (value ? renderInspection(value, { colour, now: Date.now() }) : '')
    return finish({ command: 'inspect', ...rest, result, text }, flags)
  }
}

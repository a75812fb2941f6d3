/** nstopo ns: the namespaces of nodes, of all kinds. */
import { namespaces } from '../src/pipeline/ns.js'
import { renderNamespaces } from '../src/render/ns.js'
import { NstopoCommand } from './shared/command.js'
import { common, lab, node, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import { labAndNode } from './shared/subject.js'

export default class Ns extends NstopoCommand {
  static override summary = 'list the namespaces of nodes, of all eight kinds, and who is in them'
  static override description =
    'With the types and inodes of lsns(8): what is the node’s own, what it shares with other nodes or with the machine, ' +
    'and the programs of the node that are in each.'
  static override usage = '[LAB [NODE]]'
  static override examples = ['nstopo ns branch', 'nstopo ns branch gw --json']
  static override args = { ...lab, ...node }
  static override flags = twins('ns', { name: reading.name, ...common })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Ns)
    const kernel = machine()
    const found = await labAndNode(args, kernel, flags)
    if ('problem' in found) return refuse('ns', found.problem, flags)
    const { value, ...rest } = namespaces(found.value.lab, kernel, found.value.node)
    const text = (colour: boolean) => (value ? renderNamespaces(value, { colour }) : '')
    return finish({ command: 'ns', ...rest, result: value, text }, flags)
  }
}

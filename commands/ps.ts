/** nstopo ps: what runs in nodes. */
import { processes } from '../src/pipeline/ps.js'
import { renderProcesses } from '../src/render/ps.js'
import { NstopoCommand } from './shared/command.js'
import { common, lab, node, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import { labAndNode } from './shared/subject.js'

export default class Ps extends NstopoCommand {
  static override summary = 'list the processes of the file with their state, and what else runs in nodes'
  static override description =
    'A process is starting, running, ready, stopped (by nstopo stop), exited, failed (it will not be started again), or ' +
    'missing (its node is gone). Those without a name were started by exec, by shell, or by a program in the node.'
  static override usage = '[LAB [NODE]]'
  static override examples = ['nstopo ps branch', 'nstopo ps branch web --json']
  static override args = { ...lab, ...node }
  static override flags = twins('ps', { name: reading.name, ...common })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Ps)
    const kernel = machine()
    const found = await labAndNode(args, kernel, flags)
    if ('problem' in found) return refuse('ps', found.problem, flags)
    const { value, ...rest } = processes(found.value.lab, kernel, found.value.node)
    const text = (colour: boolean) => (value ? renderProcesses(value, { colour, now: Date.now() }) : '')
    return finish({ command: 'ps', ...rest, result: value, text }, flags)
  }
}

/** nstopo start: processes of a node, by hand. */
import { twins } from './shared/flags.js'
import { OrderCommand, orderFlags } from './shared/ordering.js'
import { target } from './shared/target.js'

export default class Start extends OrderCommand {
  static override summary = 'start processes of a node that do not run'
  static override description =
    'Returns when they are ready, or says which did not become so, why, and its last lines (exit status 3). What they need must be ready. One that runs already is left alone.'
  static override usage = '[LAB] NODE[:PROCESS]'
  static override examples = ['nstopo start branch web', 'nstopo start branch web:http']
  static override strict = false
  static override args = target
  static override flags = twins('start', orderFlags)

  override async run(): Promise<number> {
    return this.carryOut('start', await this.parse(Start))
  }
}

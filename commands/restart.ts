/** nstopo restart: processes of a node, by hand. */
import { twins } from './shared/flags.js'
import { OrderCommand, orderFlags } from './shared/ordering.js'
import { target } from './shared/target.js'

export default class Restart extends OrderCommand {
  static override summary = 'stop processes of a node and start them again'
  static override description =
    'Returns when they are ready, or says which did not become so, why, and its last lines (exit status 3).'
  static override usage = '[LAB] NODE[:PROCESS]'
  static override examples = ['nstopo restart branch web', 'nstopo restart branch web:http']
  static override strict = false
  static override args = target
  static override flags = twins('restart', orderFlags)

  override async run(): Promise<number> {
    return this.carryOut('restart', await this.parse(Restart))
  }
}

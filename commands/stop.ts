/** nstopo stop: processes of a node, by hand. */
import { twins } from './shared/flags.js'
import { OrderCommand, orderFlags } from './shared/ordering.js'
import { target } from './shared/target.js'

export default class Stop extends OrderCommand {
  static override summary = 'stop processes of a node'
  static override description =
    'With the signal and the grace of the file. They stay stopped until nstopo start, or the next up, starts them.'
  static override usage = '[LAB] NODE[:PROCESS]'
  static override examples = ['nstopo stop branch web', 'nstopo stop branch web:http']
  static override strict = false
  static override args = target
  static override flags = twins('stop', orderFlags)

  override async run(): Promise<number> {
    return this.carryOut('stop', await this.parse(Stop))
  }
}

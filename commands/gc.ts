/** nstopo gc: removes what dead runs left behind. */
import { gc } from '../src/pipeline.js'
import { renderGc } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'

export default class Gc extends NstopoCommand {
  static override summary = 'find and remove what dead runs left behind, and only that'
  static override description =
    'A lab that a killed run had half made or half taken away is removed, one that it had half changed is put back as it ' +
    'was. Labs that are up, that a run holds, or that --keep has kept are left alone.'
  static override examples = ['nstopo gc --dry-run', 'nstopo gc']
  static override flags = twins('gc', {
    'dry-run': Flags.boolean({ summary: 'say what would be removed, and touch nothing' }),
    ...common,
  })

  override async run(): Promise<number> {
    const { flags } = await this.parse(Gc)
    const { value, diagnostics } = await gc(machine(), { dry: flags['dry-run'] })
    const text = () => (value ? renderGc(value) : '')
    return finish({ command: 'gc', diagnostics, result: value, text }, flags)
  }
}

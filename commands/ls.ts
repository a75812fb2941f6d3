/** nstopo ls: the labs on this machine. */
import { list } from '../src/pipeline/standing.js'
import { labsJson } from '../src/render/json.js'
import { renderLabs } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'

export default class Ls extends NstopoCommand {
  static override summary = 'list the labs on this machine'
  static override examples = ['nstopo ls', 'nstopo ls -q']
  static override flags = twins('ls', { ...common, quiet: Flags.boolean({ char: 'q', summary: 'print names alone' }) })

  override async run(): Promise<number> {
    const { flags } = await this.parse(Ls)
    const labs = list(machine())
    const text = () => (flags.quiet ? labs.map(({ lab }) => `${lab}\n`).join('') : renderLabs(labs, Date.now()))
    return finish({ command: 'ls', diagnostics: [], result: labsJson(labs), text }, { json: flags.json })
  }
}

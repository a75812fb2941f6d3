/** nstopo doctor: what this kernel and user can do. */
import { renderChecks } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { common, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'

export default class Doctor extends NstopoCommand {
  static override summary = 'say what this kernel and user can do, and the command that mends what they can’t'
  static override description = 'Exit status 0 when the core works, 2 when it does not.'
  static override examples = ['nstopo doctor']
  static override flags = twins('doctor', common)

  override async run(): Promise<number> {
    const { flags } = await this.parse(Doctor)
    const checks = machine().checks()
    const status = checks.some(check => check.core && !check.ok) ? 2 : 0
    const text = (colour: boolean) => renderChecks(checks, { colour })
    return finish({ command: 'doctor', diagnostics: [], result: checks, text, status }, flags)
  }
}

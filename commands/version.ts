/** nstopo version: this program, Node and the kernel. */
import { release } from 'node:os'
import { version } from '../src/version.js'
import { NstopoCommand } from './shared/command.js'
import { common, timing, twins } from './shared/flags.js'
import { finish } from './shared/output.js'

export default class Version extends NstopoCommand {
  static override summary = 'print the version'
  static override examples = ['nstopo --version', 'nstopo version --json']
  static override flags = twins('version', { json: common.json, ...timing })

  override async run(): Promise<number> {
    const { flags } = await this.parse(Version)
    const result = { nstopo: version, node: process.versions.node, kernel: release() }
    const text = () => `nstopo ${result.nstopo}, Node ${result.node}, Linux ${result.kernel}`
    return finish({ command: 'version', diagnostics: [], result, text }, flags)
  }
}

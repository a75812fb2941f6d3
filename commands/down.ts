/** nstopo down: takes labs away. */
import { type Diagnostic, error } from '../src/diagnostic.js'
import type { DownReport } from '../src/model/report.js'
import { down } from '../src/pipeline/standing.js'
import { renderDown } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { Args, common, Flags, locking, lockTimeoutOf, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { change, refuse } from './shared/run.js'
import type { Read } from './shared/source.js'
import { labNamed } from './shared/subject.js'

export default class Down extends NstopoCommand {
  static override summary = 'take a lab away'
  static override description =
    'Works from what was recorded and what the kernel holds, never from an edited file. A lab that isn’t up is no error.'
  static override usage = '[LAB or FILE]... | --all'
  static override examples = ['nstopo down branch', 'nstopo down lab.yaml', 'nstopo down --all']
  static override strict = false
  static override args = {
    labs: Args.string({ ignoreStdin: true, name: 'LAB', description: 'labs, or the files that they were made from' }),
  }
  static override flags = twins('down', {
    all: Flags.boolean({ summary: 'every lab on this machine' }),
    ...locking,
    name: reading.name,
    ...common,
  })

  override async run(): Promise<number> {
    const { argv, flags } = await this.parse(Down)
    const words = argv.map(String)
    const kernel = machine()
    const diagnostics: Diagnostic[] = []
    const reports: DownReport[] = []
    if (flags.all && words.length > 0)
      return refuse('down', error('bad-usage', `--all and ${words.join(' ')}: say one of them`), flags)
    const named = words.length === 0 ? [undefined] : words
    const wanted: readonly Read<string>[] = flags.all
      ? kernel.labs().map(lab => ({ value: lab }))
      : await Promise.all(named.map(word => labNamed(word, kernel, flags)))
    const text = () => (wanted.length === 0 ? 'no lab is up' : reports.map(renderDown).join(''))
    const { status } = await change({ ...flags, quiet: true }, async stop => {
      for (const lab of wanted) {
        const options = { ...stop, lockTimeout: lockTimeoutOf(flags) }
        const result = 'problem' in lab ? { diagnostics: [lab.problem] } : await down(lab.value, kernel, options)
        diagnostics.push(...result.diagnostics)
        if ('value' in result && result.value) reports.push(result.value)
      }
      return { diagnostics }
    })
    return finish({ command: 'down', diagnostics, result: { labs: reports }, text, status }, flags)
  }
}

/** nstopo down: takes labs away. */
import { type Diagnostic, error } from '../src/diagnostic.js'
import type { DownReport } from '../src/model/report.js'
import { down } from '../src/pipeline.js'
import { renderDown } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { Args, common, Flags, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { labOfWord } from './shared/subject.js'

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
      diagnostics.push(error('bad-usage', `--all and ${words.join(' ')}: say one of them`))
    const wanted = flags.all ? (words.length > 0 ? [] : kernel.labs().map(lab => ({ value: lab }))) : []
    const named = flags.all ? [] : words.length === 0 ? [undefined] : words
    for (const word of named) wanted.push(...(await one(word)))
    async function one(word: string | undefined) {
      const lab = await labOfWord(word, kernel, flags)
      if (!('problem' in lab)) return [lab]
      diagnostics.push(lab.problem)
      return []
    }
    for (const { value: lab } of wanted) {
      const result = await down(lab, kernel)
      diagnostics.push(...result.diagnostics)
      if (result.value) reports.push(result.value)
      if (result.value && result.value.holders.length > 0) diagnostics.push(stillHeld(result.value))
    }
    return finish(
      { command: 'down', diagnostics, result: { labs: reports }, text: () => reports.map(renderDown).join('') },
      flags,
    )
  }
}

function stillHeld({ lab, holders }: DownReport): Diagnostic {
  const pids = [...new Set(holders.map(({ pid }) => pid))].join(', ')
  return error('still-held', `namespaces of ${lab} are kept alive by other processes`, undefined, {
    hint: `they go when these processes end: ${pids}`,
  })
}

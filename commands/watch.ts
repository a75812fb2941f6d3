/** nstopo watch: drift as it happens. */
import { error } from '../src/diagnostic.js'
import type { WatchEvent } from '../src/model/report.js'
import { watch } from '../src/pipeline/watch.js'
import { watchJson } from '../src/render/json.js'
import { renderWatch } from '../src/render/watch.js'
import { NstopoCommand } from './shared/command.js'
import { timeOf } from './shared/duration.js'
import { common, Flags, lab, reading, strict, twins } from './shared/flags.js'
import { stopping } from './shared/interrupt.js'
import { machine } from './shared/machine.js'
import { colourOf, finish, type OutputFlags, report } from './shared/output.js'
import { refuse } from './shared/run.js'
import { labOfWord, standing } from './shared/subject.js'

export default class Watch extends NstopoCommand {
  static override summary = 'report drift as it happens, and put it right with --heal'
  static override description =
    'Compares a lab with what was last applied, and from then on again wherever the kernel tells that something happened. ' +
    'What it does not tell, which is most settings, is found by a comparison of everything, --every so often. ' +
    'Ends when the lab is taken down, or with Ctrl-C. Exit status 0: nothing differs at that moment; 1: something does.'
  static override usage = '[LAB]'
  static override examples = [
    'nstopo watch branch',
    'nstopo watch --heal branch',
    'nstopo watch --json branch | jq .event',
  ]
  static override args = lab
  static override flags = twins('watch', {
    heal: Flags.boolean({ summary: 'put right what differs, as up does' }),
    every: Flags.string({
      summary: 'compare everything so often, 30s unless said otherwise; 0: never',
      default: '30s',
      helpValue: 'TIME',
    }),
    ...strict,
    prune: Flags.boolean({ summary: 'with --heal: remove what nstopo did not make' }),
    name: reading.name,
    ...common,
    json: Flags.boolean({ summary: 'print one JSON object a line for each event', env: 'NSTOPO_JSON' }),
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Watch)
    const every = timeOf('--every', flags.every)
    if (flags.prune && !flags.heal) return refuse('watch', error('bad-usage', '--prune goes with --heal'), flags)
    const kernel = machine()
    const named = await labOfWord(args.lab, kernel, flags)
    const lab = 'problem' in named ? named : standing(named.value, kernel)
    if ('problem' in lab) return refuse('watch', lab.problem, flags)
    const stop = stopping()
    try {
      const { heal, strict, prune } = flags
      const options = { heal, strict, prune, signal: stop.signal, ...(every > 0 ? { every } : {}) }
      const { value, ...rest } = watch(lab.value, kernel, options)
      return value ? await follow(value, flags) : finish({ command: 'watch', ...rest }, flags)
    } finally {
      stop.done()
    }
  }
}

/** Prints events until there are no more; the exit status says how it stands then. */
async function follow(events: AsyncIterable<WatchEvent>, flags: OutputFlags): Promise<number> {
  let differences = 0
  for await (const event of events) {
    differences = event.differences
    if (flags.json) process.stdout.write(`${JSON.stringify(watchJson(event))}\n`)
    else if (!flags.quiet) process.stdout.write(renderWatch(event, { colour: colourOf(process.stdout) }))
    if (event.event === 'refused' && !flags.json) report(event.diagnostics, event.document, flags)
  }
  return differences === 0 ? 0 : 1
}

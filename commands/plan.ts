/** nstopo plan: the operations that up would run. */
import { writeFileSync } from 'node:fs'
import { plan } from '../src/pipeline.js'
import { renderPlan } from '../src/render/plan.js'
import { planScript } from '../src/render/script.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, file, reading, strict, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { type Answer, documentOf, finish, unwritable } from './shared/output.js'
import { refuse, sourceOf } from './shared/run.js'
import { statusOf } from './shared/status.js'

export default class Plan extends NstopoCommand {
  static override summary = 'show the operations that up would run, in their order'
  static override description =
    'As text, as JSON that `nstopo up --plan` runs, or as a script of ip, tc, bridge and sysctl commands that makes the same.'
  static override usage = '[FILE]'
  static override examples = [
    'nstopo plan lab.yaml',
    'nstopo plan --format sh lab.yaml | sudo sh',
    'nstopo plan --json -o saved.json lab.yaml',
  ]
  static override args = file
  static override flags = twins('plan', {
    format: Flags.string({
      summary: 'text, json or sh',
      options: ['text', 'json', 'sh'],
      default: 'text',
      helpValue: 'FORMAT',
    }),
    output: Flags.string({ char: 'o', summary: 'write it to this file', helpValue: 'FILE' }),
    ...reading,
    ...strict,
    prune: Flags.boolean({ summary: 'as up --prune would' }),
    adopt: Flags.boolean({ summary: 'as up --adopt would' }),
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Plan)
    const json = flags.json || flags.format === 'json'
    const source = await sourceOf(args.file, flags)
    if ('problem' in source) return refuse('plan', source.problem, { ...flags, json })
    const { value, ...rest } = plan(source.value, machine(), {
      strict: flags.strict,
      prune: flags.prune,
      adopt: flags.adopt,
    })
    const made = value?.plan
    const text = (colour: boolean) =>
      !made ? '' : flags.format === 'sh' ? planScript(made) : renderPlan(made, { colour })
    const answer: Answer = { command: 'plan', ...rest, result: made, text }
    if (flags.output === undefined || !made) return finish(answer, { ...flags, json })
    const problem = write(flags.output, json ? documentOf(answer, statusOf(rest.diagnostics)) : text(false))
    return problem ? refuse('plan', problem, flags) : finish({ ...answer, text: undefined }, { ...flags, json: false })
  }
}

function write(path: string, text: string) {
  try {
    writeFileSync(path, text)
    return undefined
  } catch (thrown) {
    return unwritable(path, thrown)
  }
}

/** nstopo up: makes the kernel hold what the file says. */
import type { Diagnostic } from '../src/diagnostic.js'
import { applyPlan, up } from '../src/pipeline.js'
import { upJson } from '../src/render/json.js'
import { renderUp } from '../src/render/reports.js'
import { NstopoCommand } from './shared/command.js'
import { timeOf } from './shared/duration.js'
import { common, Flags, file, locking, lockTimeoutOf, reading, strict, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { change, refuse, sourceOf } from './shared/run.js'

export default class Up extends NstopoCommand {
  static override summary = 'make the kernel hold what the file says'
  static override description =
    'Builds a new lab, or changes the running one in place with the fewest operations; a second run changes nothing. ' +
    'What the kernel refuses is rolled back.'
  static override usage = '[FILE]'
  static override examples = ['nstopo up lab.yaml', 'nstopo up --set N=4 ring.nstopo.yaml', 'nstopo up - < lab.yaml']
  static override args = file
  static override flags = twins('up', {
    ...reading,
    ...strict,
    ...locking,
    prune: Flags.boolean({ summary: 'remove what nstopo did not make' }),
    adopt: Flags.boolean({ summary: 'take over namespaces of the nodes’ names, such as those of a printed plan' }),
    keep: Flags.boolean({ summary: 'leave what was done before a refusal, for a look' }),
    wait: Flags.string({
      summary: 'wait so long until links have carrier, addresses are past duplicate detection, and processes are ready',
      helpValue: 'TIME',
    }),
    plan: Flags.string({ summary: 'run this saved plan, unless the kernel has moved on since', helpValue: 'PLAN' }),
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Up)
    const source = await sourceOf(args.file, flags)
    if ('problem' in source) return refuse('up', source.problem, flags)
    // Its validator is large, and only this needs it.
    const saved = flags.plan === undefined ? undefined : (await import('./shared/saved-plan.js')).readPlan(flags.plan)
    if (saved && 'problem' in saved) return refuse('up', saved.problem, flags)
    const { strict, prune, adopt, keep } = flags
    const done = await change(flags, options => {
      const wait = flags.wait === undefined ? {} : { wait: timeOf('--wait', flags.wait) }
      const all = { strict, prune, adopt, keep, lockTimeout: lockTimeoutOf(flags), ...wait, ...options }
      return saved ? applyPlan(source.value, saved.value, machine(), all) : up(source.value, machine(), all)
    })
    const { value } = done
    const built = value && !refusedOf(done.diagnostics)
    return finish(
      {
        command: 'up',
        ...done,
        ...(value ? { result: upJson(value, done.document) } : {}),
        ...(built ? { text: () => renderUp(value) } : {}),
      },
      flags,
    )
  }
}

function refusedOf(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(d => d.severity === 'error')
}

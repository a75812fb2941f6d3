/** nstopo diff: file against kernel. */
import { diff } from '../src/pipeline.js'
import { renderDiff } from '../src/render/diff.js'
import { diffJson } from '../src/render/json.js'
import { NstopoCommand } from './shared/command.js'
import { Args, common, reading, strict, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse, sourceOf } from './shared/run.js'
import { statusOf } from './shared/status.js'
import { isFile, standing } from './shared/subject.js'

export default class Diff extends NstopoCommand {
  static override summary = 'compare the file with the kernel'
  static override description =
    'Says what is missing, changed or stale, with the place in the YAML; by a lab’s name, against what was last applied. ' +
    'Exit status 0: no differences; 1: some, or the lab isn’t up.'
  static override usage = '[FILE or LAB]'
  static override examples = ['nstopo diff lab.yaml', 'nstopo diff branch || nstopo up lab.yaml']
  static override args = {
    subject: Args.string({ ignoreStdin: true, name: 'FILE', description: 'a topology, or a lab that is up' }),
  }
  static override flags = twins('diff', { ...reading, ...strict, ...common })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Diff)
    const word = args.subject ?? (process.env.NSTOPO_LAB || undefined)
    const kernel = machine()
    const lab = word === undefined || isFile(word) ? undefined : standing(word, kernel)
    if (lab && 'problem' in lab) return refuse('diff', lab.problem, flags, 1)
    const source = lab ? { value: { lab: lab.value } } : await sourceOf(word, flags)
    if ('problem' in source) return refuse('diff', source.problem, flags)
    const { value, ...rest } = diff(source.value, kernel, { strict: flags.strict })
    const failed = statusOf(rest.diagnostics)
    return finish(
      {
        command: 'diff',
        ...rest,
        status: failed !== 0 ? failed : value?.differs || !value?.up ? 1 : 0,
        ...(value ? { result: diffJson(value, rest.document) } : {}),
        text: colour => (value ? renderDiff(value, { colour, document: rest.document }) : ''),
      },
      flags,
    )
  }
}

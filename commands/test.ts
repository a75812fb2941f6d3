/** nstopo test: whether what a file says of its lab is true. */
import { NstopoCommand } from './shared/command.js'
import { Args, common, Flags, reading, twins } from './shared/flags.js'
import { interruption } from './shared/interrupt.js'
import { judged, tell } from './shared/judged.js'
import { machine } from './shared/machine.js'
import { holdByTree } from './shared/own.js'
import { testInOwnLab } from './shared/own-lab.js'
import { refuse, sourceOf } from './shared/run.js'
import { isFile, standing } from './shared/subject.js'

export default class Test extends NstopoCommand {
  static override summary = 'bring a file’s lab up, and say which of its tests are true'
  static override description =
    'The lab has a name of its own and is held by the processes of this run alone: it goes with them, whatever ends them. ' +
    'With the name of a lab that is up, that one is tested. ' +
    'Each test waits for its truth up to a time limit. What is not true is explained by the way that packets take. ' +
    'Exit status 0: all are true; 1: some are not.'
  static override usage = '[FILE or LAB]'
  static override examples = [
    'nstopo test lab.yaml',
    'nstopo test lab.yaml --junit report.xml',
    'nstopo test branch --tap',
  ]
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      name: 'FILE',
      description: 'the topology, or a lab that is up; - for standard input; without it the topology in this folder',
    }),
  }
  static override flags = twins('test', {
    junit: Flags.string({ summary: 'write a report for continuous integration', helpValue: 'FILE' }),
    tap: Flags.boolean({ summary: 'print the Test Anything Protocol' }),
    watch: Flags.boolean({ summary: 'keep the lab, and test again whenever the file changes, until Ctrl-C' }),
    'keep-on-failure': Flags.boolean({
      summary: 'leave the lab for a look when a test fails; it is an ordinary one then, which a kill leaves, too',
    }),
    ...reading,
    ...common,
  })

  override async run(): Promise<number> {
    const { args, flags } = await this.parse(Test)
    const stop = interruption()
    try {
      const word = args.file
      if (word !== undefined && !isFile(word)) {
        const lab = standing(word, machine())
        return 'problem' in lab
          ? refuse('test', lab.problem, flags)
          : await tell(await judged(lab.value, stop, flags), stop, flags)
      }
      if (!flags['keep-on-failure']) holdByTree('test', this.argv)
      const source = await sourceOf(word, flags)
      if ('problem' in source) return refuse('test', source.problem, flags)
      return await testInOwnLab(source.value, stop, flags)
    } finally {
      stop.done()
    }
  }
}

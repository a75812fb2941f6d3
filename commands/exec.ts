/** nstopo exec: runs a command in a node, or in several side by side. */
import { error } from '../src/diagnostic.js'
import type { Kernel } from '../src/kernel/kernel.js'
import { NstopoCommand } from './shared/command.js'
import { enter } from './shared/enter.js'
import { entering, enteringOf, inside, wordsOf } from './shared/entering.js'
import { common, Flags, reading, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { finish } from './shared/output.js'
import { refuse } from './shared/run.js'
import { runInNodes } from './shared/side-by-side.js'
import type { Read } from './shared/source.js'
import { firstProblem, isFile, labOfWord, nodeOf, nodesOf, standing } from './shared/subject.js'
import { watched } from './shared/timing.js'
import { split } from './shared/words.js'

/** As chroot(1), env(1) and nohup(1) have it: our own failures, not the command's. */
const ownFailure = 125

export default class Exec extends NstopoCommand {
  static override summary = 'run a command in a node'
  static override description =
    'The command takes the place of nstopo: exit status, signals and terminal are its own. With -n or --all it runs in ' +
    'several nodes side by side, each line of output named. nstopo’s own failures are 125; 126: not executable; 127: not found.'
  static override usage = '[LAB] NODE -- COMMAND... | [LAB] -n NODE,... -- COMMAND... | [LAB] --all -- COMMAND...'
  static override examples = [
    'nstopo exec h1 -- ping -c 1 10.0.0.2',
    'nstopo exec branch gw -- ip route',
    'nstopo exec branch --all -- ip -br addr',
    'nstopo exec --user nobody --workdir /tmp --env ROLE=client h1 -- env',
  ]
  static override strict = false
  static override args = inside
  static override flags = twins('exec', {
    node: Flags.string({ char: 'n', summary: 'in these nodes, side by side', helpValue: 'NODE,...' }),
    all: Flags.boolean({ summary: 'in all nodes, side by side' }),
    ...entering,
    name: reading.name,
    ...common,
  })

  override async run(): Promise<number> {
    const { before, after: command } = split(this.argv)
    const { argv, flags } = await this.parse(Exec, [...before])
    const words = argv.map(String)
    const kernel = machine()
    const several = flags.all || flags.node !== undefined
    if (!command || command.length === 0) {
      const labFirst = isFile(words[0] ?? '') || kernel.labs().includes(words[0] ?? '')
      return refuse('exec', noCommand(words, labFirst ? 2 : 1), flags, ownFailure)
    }
    const chosen = await choose(words, { kernel, several, flags })
    if ('problem' in chosen) return refuse('exec', chosen.problem, flags, ownFailure)
    const { lab, nodes } = chosen.value
    const entry = enteringOf(flags)
    if (!several && !flags.json) return enter({ kernel, lab, node: nodes[0]!, command, ...entry })
    const work = { lab, nodes, command, words: wordsOf(flags), collect: flags.json }
    const outputs = await watched('run the command', () => runInNodes(work))
    const status = outputs.find(output => output.status !== 0)?.status ?? 0
    return finish({ command: 'exec', diagnostics: [], result: { lab, nodes: outputs }, status }, flags)
  }
}

/** The line as it was probably meant: so many words say where, the rest is the command. */
function noCommand(words: readonly string[], where: number) {
  const [before, after] = [words.slice(0, where), words.slice(where)]
  const likely = `nstopo exec ${before.join(' ') || 'NODE'} -- ${after.join(' ') || 'COMMAND'}`
  return error('bad-usage', 'exec wants a command after --', undefined, { hint: likely })
}

interface Choice {
  readonly kernel: Kernel
  readonly several: boolean
  readonly flags: { readonly node?: string | undefined; readonly all: boolean; readonly name?: string | undefined }
}

/** One word is the node, two are lab and node; with `-n` or `--all` the one word is the lab. */
async function choose(
  words: readonly string[],
  { kernel, several, flags }: Choice,
): Promise<Read<{ readonly lab: string; readonly nodes: readonly string[] }>> {
  const [most, wanted] = several ? [1, '[LAB]'] : [2, '[LAB] NODE']
  if (words.length > most || (!several && words.length === 0))
    return { problem: error('bad-usage', `exec wants ${wanted} before --, not ${words.join(' ') || 'nothing'}`) }
  const named = await labOfWord(several ? words[0] : words.length === 2 ? words[0] : undefined, kernel, flags)
  const lab = 'problem' in named ? named : standing(named.value, kernel)
  if ('problem' in lab) return lab
  const all = () => nodesOf(lab.value, kernel)
  const nodes = flags.all
    ? all()
    : several
      ? [...new Set(flags.node?.split(',').filter(Boolean))]
      : [words[words.length - 1]!]
  if (nodes.length === 0) return { problem: error('bad-usage', `there is no node to run it in`) }
  const problem = firstProblem(nodes.map(node => nodeOf(lab.value, node, kernel)))
  return problem ? { problem } : { value: { lab: lab.value, nodes } }
}

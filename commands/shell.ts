/** nstopo shell: an interactive shell in a node. */
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { error } from '../src/diagnostic.js'
import { NstopoCommand } from './shared/command.js'
import { enter } from './shared/enter.js'
import { entering, enteringOf, inside } from './shared/entering.js'
import { common, reading, timing, twins } from './shared/flags.js'
import { machine } from './shared/machine.js'
import { refuse } from './shared/run.js'
import { labOfWord, nodeOf } from './shared/subject.js'

export default class Shell extends NstopoCommand {
  static override summary = 'open an interactive shell in a node'
  static override description =
    'It is $SHELL or /bin/sh, with your own settings, a prompt that names lab and node, and NSTOPO_LAB and NSTOPO_NODE set.'
  static override usage = '[LAB] NODE'
  static override examples = ['nstopo shell h1', 'nstopo shell branch gw', 'nstopo shell --user nobody h1']
  static override strict = false
  static override args = inside
  static override flags = twins('shell', { ...entering, name: reading.name, quiet: common.quiet, ...timing })

  override async run(): Promise<number> {
    const { argv, flags } = await this.parse(Shell)
    const words = argv.map(String)
    const [node, said] = [words[words.length - 1], words.length === 2 ? words[0] : undefined]
    if (node === undefined || words.length > 2)
      return refuse('shell', error('bad-usage', 'shell wants a node, or a lab and a node'), flags, 125)
    const kernel = machine()
    const lab = await labOfWord(said, kernel, flags)
    const found = 'problem' in lab ? lab : nodeOf(lab.value, node, kernel)
    if ('problem' in lab) return refuse('shell', lab.problem, flags, 125)
    if ('problem' in found) return refuse('shell', found.problem, flags, 125)
    const { variables, ...entry } = enteringOf(flags)
    const shell = shellFor(process.env.SHELL || '/bin/sh', `${lab.value}:${node}`)
    return enter({
      ...{ kernel, lab: lab.value, node, ...entry },
      command: shell.command,
      variables: { ...shell.environment, ...variables },
    })
  }
}

/** How each shell is told its prompt while it still reads the user's own settings. */
function shellFor(shell: string, prompt: string) {
  const folder = fileURLToPath(new URL('rc', import.meta.url))
  const environment = { NSTOPO_PROMPT: `[${prompt}] ` }
  switch (basename(shell)) {
    case 'bash':
      return { command: [shell, '--rcfile', `${folder}/bashrc`, '-i'], environment }
    case 'zsh':
      return { command: [shell, '-i'], environment: { ...environment, ...zshFolder(folder) } }
    case 'fish':
      return { command: [shell, '-i', '-C', `source '${folder.replaceAll("'", "\\'")}/prompt.fish'`], environment }
    default:
      return { command: [shell, '-i'], environment: { ...environment, PS1: `[${prompt}] # ` } }
  }
}

function zshFolder(folder: string) {
  return { ZDOTDIR: folder, NSTOPO_ZDOTDIR: process.env.ZDOTDIR ?? process.env.HOME ?? '/' }
}

/** nstopo completion: the script that a shell completes our command lines with. */
import { renderCompletion } from '../src/render/completion.js'
import { NstopoCommand } from './shared/command.js'
import { Args, timing, twins } from './shared/flags.js'
import { finish } from './shared/output.js'
import { readPages } from './shared/pages.js'

const shells = ['bash', 'zsh', 'fish'] as const

export default class Completion extends NstopoCommand {
  static override summary = 'print the completion script of a shell'
  static override usage = 'bash | zsh | fish'
  static override examples = [
    'nstopo completion bash > /etc/bash_completion.d/nstopo',
    'source <(nstopo completion zsh)',
    'nstopo completion fish > ~/.config/fish/completions/nstopo.fish',
  ]
  static override args = {
    shell: Args.string({
      ignoreStdin: true,
      name: 'SHELL',
      description: shells.join(', '),
      options: [...shells],
      required: true,
    }),
  }
  static override flags = twins('completion', timing)

  override async run(): Promise<number> {
    const { args } = await this.parse(Completion)
    const shell = shells.find(name => name === args.shell)!
    const pages = await readPages()
    return finish({ command: 'completion', diagnostics: [], text: () => renderCompletion(shell, pages) }, {})
  }
}

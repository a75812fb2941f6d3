/** nstopo help: what there is, and how it is called. */
import { error } from '../src/diagnostic.js'
import { renderHelp, renderIndex } from '../src/render/help.js'
import { version } from '../src/version.js'
import { NstopoCommand } from './shared/command.js'
import { Args, timing, twins } from './shared/flags.js'
import { didYouMean } from './shared/near.js'
import { finish } from './shared/output.js'
import { readPages } from './shared/pages.js'
import { refuse } from './shared/run.js'
import { aliases } from './shared/table.js'

export default class Help extends NstopoCommand {
  static override summary = 'say how a command is called'
  static override usage = '[COMMAND]'
  static override examples = ['nstopo help up']
  static override args = { command: Args.string({ ignoreStdin: true, name: 'COMMAND', description: 'the command' }) }
  static override flags = twins('help', timing)

  override async run(): Promise<number> {
    const { args } = await this.parse(Help)
    const pages = await readPages()
    const word = args.command
    if (word === undefined)
      return finish({ command: 'help', diagnostics: [], text: () => renderIndex(pages, version) }, {})
    const page = pages.find(({ id }) => id === (aliases[word] ?? word))
    if (page) return finish({ command: 'help', diagnostics: [], text: () => renderHelp(page) }, {})
    const names = pages.map(({ id }) => id)
    return refuse('help', error('bad-usage', `there is no command ${word}`, undefined, didYouMean(word, names)), {})
  }
}

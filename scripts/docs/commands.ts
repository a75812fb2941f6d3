/** What the commands say of themselves in, the page of docs/commands.md out. */
import { type CommandPage, flagWords, usage } from '../../src/render/help.js'
import { markdownTable } from './markdown.js'

export function commandsPage(pages: readonly CommandPage[]): string {
  const rows = pages.map(page => [`[\`${page.id}\`](#nstopo-${page.id})`, page.summary])
  return `# The commands

${markdownTable(['command', 'what it does'], rows)}

${common}

${pages.map(section).join('\n\n')}
`
}

const common = `**FILE or LAB.** A word with a \`/\`, one that ends in \`.yaml\`, \`.yml\` or \`.json\`, or \`-\` (standard input) is a file; any
other is the name of a lab that is up. Without it: the one \`*.nstopo.yaml\`, \`nstopo.yaml\` or \`lab.yaml\` of the current
folder. For commands that want a lab: \`NSTOPO_LAB\`, then that file’s and, but for
\`down\`, in a folder without one the only lab that is up.

**Environment.** Flags have the variable that stands beside them as a twin. For all commands: \`NSTOPO_LAB\`,
\`NSTOPO_JSON\`, and \`NSTOPO_STATE_DIR\` (instead of \`/run/nstopo\`).

**Streams.** Standard output is the result alone; progress, warnings and errors go to standard error. \`--json\` prints one
document, errors included, whose schema is in \`schemas/COMMAND.schema.json\`; \`watch\` prints one a line. Colours and a progress bar are for terminals
only; \`NO_COLOR\` is obeyed.

**Time.** \`--timings\` says where it went: after the result, on standard error (with \`-q\` too); with \`--json\`, as
\`timings\` in the document. \`--profile FILE\` writes every span of it as a trace that Chrome’s viewer (\`chrome://tracing\`)
and Perfetto (\`ui.perfetto.dev\`) open; it replaces nothing but an older trace. Both are there of a run that fails
too, unless its flags are wrong. \`exec\` and \`shell\` tell it before they become the command. See [the guide](guide.md#where-the-time-goes).

${markdownTable(
  ['exit status', ''],
  [
    ['0', 'done'],
    ['1', 'there are differences (`diff`, `watch`)'],
    ['2', 'the input is wrong or something stands in the way; nothing was touched'],
    [
      '3',
      'the kernel refused, or something did not become ready or usable in time; all was rolled back (`start` and `restart` undo nothing)',
    ],
    ['4', 'another run holds the lab'],
    ['5', 'not permitted'],
    ['70', 'a mistake in nstopo itself'],
    ['74', 'standard output, or the file of `--profile`, can’t be written, such as on a full disk'],
    ['129, 130, 143', 'interrupted by SIGHUP, SIGINT, SIGTERM; rolled back'],
    [
      '125, 126, 127',
      '`exec` and `shell`: nstopo’s own failure; not executable; not found. Else the command’s own status',
    ],
  ],
)}`

function section(page: CommandPage): string {
  const aliases = page.aliases.map(alias => `\`nstopo ${alias}\` is the same.`)
  const args = page.args.map(arg => [arg.name, arg.description])
  const flags = page.flags.map(flag => [`\`${flagWords(flag)}\``, flag.summary, flag.env ? `\`${flag.env}\`` : ''])
  return [
    `## nstopo ${page.id}`,
    [`${capital(page.summary)}.`, page.description, ...aliases].filter(Boolean).join(' '),
    `    ${usage(page)}`,
    ...(args.length > 0 ? [markdownTable(['argument', ''], args)] : []),
    ...(flags.length > 0 ? [markdownTable(['flag', '', 'environment'], flags)] : []),
    ...(page.examples.length > 0 ? [['```sh', ...page.examples, '```'].join('\n')] : []),
  ].join('\n\n')
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** What the commands say of themselves in, help for the terminal out. */
import { table } from './table.js'

export interface FlagPage {
  readonly name: string
  readonly char?: string
  readonly summary: string
  /** What stands for its value; none for a switch. */
  readonly value?: string
  readonly options?: readonly string[]
  readonly multiple: boolean
  /** Its twin in the environment. */
  readonly env?: string
}

export interface ArgPage {
  readonly name: string
  readonly description: string
  readonly required: boolean
  readonly options?: readonly string[]
}

export interface CommandPage {
  readonly id: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly description?: string
  /** What stands after the command’s name. */
  readonly usage: string
  readonly args: readonly ArgPage[]
  readonly flags: readonly FlagPage[]
  readonly examples: readonly string[]
}

/** All commands, a line each. */
export function renderIndex(pages: readonly CommandPage[], version: string): string {
  const lines = table(
    pages.map(page => [page.id, page.summary]),
    '  ',
  )
  return `nstopo ${version}: multi-host networks on one Linux machine, from a YAML file

usage: nstopo COMMAND [FILE or LAB] [FLAGS]

${lines.join('\n')}

nstopo help COMMAND says more of one.
`
}

export function renderHelp(page: CommandPage): string {
  const sections = [
    [page.summary, ...(page.description === undefined ? [] : ['', ...wrap(page.description)])],
    ['usage:', `  ${usage(page)}`, ...page.aliases.map(alias => `  nstopo ${alias} is the same`)],
    titled(
      'arguments:',
      table(
        page.args.map(arg => [arg.name, arg.description]),
        '  ',
      ),
    ),
    titled('flags:', table(page.flags.map(flagRow), '  ')),
    titled(
      'examples:',
      page.examples.map(example => `  ${example}`),
    ),
  ]
  return `${sections
    .filter(section => section.length > 0)
    .map(section => section.join('\n'))
    .join('\n\n')}\n`
}

export function usage(page: CommandPage): string {
  return `nstopo ${page.id} ${page.usage}`.trim()
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines]
}

/** `-n, --node=NODE` */
export function flagWords(flag: FlagPage): string {
  return `${flag.char ? `-${flag.char}, ` : ''}--${flag.name}${flag.value === undefined ? '' : `=${flag.value}`}`
}

function flagRow(flag: FlagPage): readonly string[] {
  return [flagWords(flag), flag.summary, flag.env === undefined ? '' : `(${flag.env})`]
}

function wrap(text: string, width = 96): readonly string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1]!
    if (line !== '' && line.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

/** The command classes in, what help, completion and the manual say of them out. */
import { readFileSync } from 'node:fs'
import type { CommandPage, FlagPage } from '../../src/render/help.js'
import { aliases, type CommandClass, commands } from './table.js'

/** As written beside the program when it was built, so that help loads no other command; in a checkout, from the classes. */
export async function readPages(): Promise<readonly CommandPage[]> {
  try {
    return JSON.parse(readFileSync(new URL('commands.json', import.meta.url), 'utf8'))
  } catch {
    return makePages()
  }
}

/** Loads every command. */
export async function makePages(): Promise<readonly CommandPage[]> {
  const pages: CommandPage[] = []
  for (const [id, load] of Object.entries(commands)) pages.push(page(id, (await load()).default))
  return pages
}

function page(id: string, of: CommandClass): CommandPage {
  const args = Object.values(of.args ?? {}).map(arg => ({
    name: arg.name,
    description: arg.description ?? '',
    required: arg.required === true,
    ...(arg.options ? { options: arg.options } : {}),
  }))
  return {
    id,
    aliases: Object.keys(aliases).filter(alias => aliases[alias] === id),
    summary: of.summary ?? '',
    ...(of.description === undefined ? {} : { description: of.description }),
    usage: [of.usage ?? [], Object.keys(of.flags ?? {}).length > 0 ? ['[FLAGS]'] : []].flat().join(' '),
    args,
    flags: Object.entries(of.flags ?? {}).map(([name, flag]) => flagPage(name, flag)),
    examples: (of.examples ?? []).map(String),
  }
}

function flagPage(name: string, flag: CommandClass['flags'][string]): FlagPage {
  return {
    name,
    summary: flag.summary ?? '',
    multiple: flag.type === 'option' && flag.multiple === true,
    ...(flag.char === undefined ? {} : { char: flag.char }),
    ...(flag.type === 'option' ? { value: flag.helpValue?.toString() ?? 'VALUE' } : {}),
    ...(flag.type === 'option' && flag.options ? { options: flag.options } : {}),
    ...(flag.env === undefined ? {} : { env: flag.env }),
  }
}

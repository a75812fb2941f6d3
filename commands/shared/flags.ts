/** The flags that commands share, and their twins in the environment. */
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type { FlagInput } from '@oclif/core/interfaces'
import { timeOf } from './duration.js'

export { Args, Flags }

/** Of every command. */
export const timing = {
  timings: Flags.boolean({ summary: 'say where the time went, on standard error' }),
  profile: Flags.string({ summary: 'write a trace for Chrome’s viewer and Perfetto', helpValue: 'FILE' }),
}

/** Of every command that answers with more than a text. */
export const common = {
  json: Flags.boolean({ summary: 'print one JSON document, errors included', env: 'NSTOPO_JSON' }),
  quiet: Flags.boolean({ char: 'q', summary: 'say nothing but errors' }),
  ...timing,
}

/** Of commands that read a topology. */
export const reading = {
  name: Flags.string({ summary: 'the lab’s name, instead of what the file says', helpValue: 'LAB' }),
  set: Flags.string({
    summary: 'a variable’s value, before the environment’s',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
}

export const strict = { strict: Flags.boolean({ summary: 'warnings are errors, foreign things are differences' }) }

/** Of commands that take a lab's lock. */
export const locking = {
  'lock-timeout': Flags.string({
    summary: 'wait so long for another run that holds the lab, such as 30s',
    helpValue: 'TIME',
  }),
}

/** In milliseconds; not to wait at all unless said. Throws what `dispatch` tells. */
export function lockTimeoutOf(flags: { readonly 'lock-timeout'?: string | undefined }): number {
  return timeOf('--lock-timeout', flags['lock-timeout'] ?? '0s')
}

export const file = {
  file: Args.string({
    ignoreStdin: true,
    description: 'the topology; - for standard input; without it the one in this folder',
    name: 'FILE',
  }),
}

export const lab = {
  lab: Args.string({
    ignoreStdin: true,
    description: 'a lab that is up, or the file that it was made from',
    name: 'LAB',
  }),
}

export const node = {
  node: Args.string({ ignoreStdin: true, description: 'only this node', name: 'NODE' }),
}

const withoutTwin = new Set(['all', 'json', 'help'])

/** Gives each flag the environment variable NSTOPO_COMMAND_FLAG; what could destroy has none. */
export function twins<T extends FlagInput>(command: string, flags: T): T {
  const named = Object.entries(flags).map(([name, flag]) => {
    const env = `NSTOPO_${command}_${name}`.toUpperCase().replaceAll('-', '_')
    return [name, withoutTwin.has(name) ? flag : { ...flag, env }]
  })
  return Object.fromEntries(named)
}

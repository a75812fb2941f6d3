/** Every command by its name, loaded when it is run. */

import type { Command } from '@oclif/core/command'
import type { Config } from '@oclif/core/config'
import type { NstopoCommand } from './command.js'

type About = Pick<typeof Command, 'id' | 'summary' | 'description' | 'usage' | 'args' | 'flags' | 'examples'>

export interface CommandClass extends About {
  new (argv: string[], config: Config): NstopoCommand
}

/** In the order of the manual. */
export const commands: Readonly<Record<string, () => Promise<{ readonly default: CommandClass }>>> = {
  up: () => import('../up.js'),
  down: () => import('../down.js'),
  plan: () => import('../plan.js'),
  diff: () => import('../diff.js'),
  validate: () => import('../validate.js'),
  ls: () => import('../ls.js'),
  inspect: () => import('../inspect.js'),
  exec: () => import('../exec.js'),
  shell: () => import('../shell.js'),
  graph: () => import('../graph.js'),
  doctor: () => import('../doctor.js'),
  completion: () => import('../completion.js'),
  version: () => import('../version.js'),
  help: () => import('../help.js'),
}

export const aliases: Readonly<Record<string, string>> = { deploy: 'up', destroy: 'down' }

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
  run: () => import('../run.js'),
  plan: () => import('../plan.js'),
  diff: () => import('../diff.js'),
  watch: () => import('../watch.js'),
  validate: () => import('../validate.js'),
  ls: () => import('../ls.js'),
  inspect: () => import('../inspect.js'),
  ps: () => import('../ps.js'),
  logs: () => import('../logs.js'),
  start: () => import('../start.js'),
  stop: () => import('../stop.js'),
  restart: () => import('../restart.js'),
  ns: () => import('../ns.js'),
  explain: () => import('../explain.js'),
  test: () => import('../test.js'),
  exec: () => import('../exec.js'),
  shell: () => import('../shell.js'),
  cp: () => import('../cp.js'),
  graph: () => import('../graph.js'),
  gc: () => import('../gc.js'),
  doctor: () => import('../doctor.js'),
  completion: () => import('../completion.js'),
  version: () => import('../version.js'),
  help: () => import('../help.js'),
}

export const aliases: Readonly<Record<string, string>> = { deploy: 'up', destroy: 'down' }

/** A plan in, a script of iproute2's commands for sh(1) out. */
import type { Plan } from '../model/plan.js'
import { kindOf } from '../resources/index.js'
import { describeOperation } from './describe.js'

/** The plan as a script: the same namespaces, links, addresses, routes and settings, without our record. */
export function planScript(plan: Plan): string {
  const commands = plan.operations.flatMap(operation => kindOf(operation.resource.type).words(operation, plan.lab))
  return renderScript(plan.lab, commands) + beyond(plan)
}

/** What no command of iproute2 makes: as comments, in which nothing ends a line but its end. */
function beyond({ operations }: Plan): string {
  const left = operations.filter(({ resource: { type } }) => type === 'host' || type === 'file' || type === 'process')
  if (left.length === 0) return ''
  const lines = left.map(operation => `#   ${operation.verb} ${describeOperation(operation)}`)
  return `${['# What iproute2 does not make, and "nstopo up --adopt FILE" does:', ...lines].join('\n')}\n`
}

/** Runs in any POSIX shell; no word, whatever it holds, is more than a word to it. */
export function renderScript(lab: string, commands: Iterable<readonly string[]>): string {
  const name = lab.replace(/[^A-Za-z0-9_-]/g, '?')
  const head = [
    '#!/bin/sh',
    `# The plan of ${name} as commands of iproute2, to be run as root.`,
    '# "nstopo up --adopt FILE" takes over what it makes.',
    'set -e',
  ]
  const lines = Array.from(commands, command => command.map(quote).join(' '))
  return `${[...head, ...lines].join('\n')}\n`
}

/** A word of harmless characters stands as it is; any other in single quotes, where only the single quote is special. */
export function quote(word: string): string {
  const harmless = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*$/
  return harmless.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

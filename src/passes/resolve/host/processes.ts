/** A node in; the programs that start with it out. What they need is looked for in `needs.ts`, when all are known. */
import { error } from '../../../diagnostic.js'
import { bytes, type ProcessSpec, seconds } from '../../../kinds/index.js'
import type { ProcessEntry } from '../../../model/network.js'
import type { DraftNode, Report } from '../draft.js'
import { entries, type Item, list, pick } from '../item.js'
import { printable } from '../names.js'
import { didYouMean } from '../nearest.js'
import { readEnvironment } from './environment.js'
import { readNeeds } from './needs.js'
import { normal } from './paths.js'
import { readReady } from './ready.js'
import { signals } from './signals.js'

interface Reading {
  /** The node's own. */
  readonly environment: Readonly<Record<string, string>>
  readonly report: Report
}

export function readProcesses(node: DraftNode, context: Reading): readonly ProcessEntry[] {
  return entries(pick(node.spec, 'processes')).flatMap(([name, item]) => {
    if (item.value === null) return []
    checkName(name, item, context.report)
    return readProcess({ node, name, spec: item as Item<ProcessSpec> }, context) ?? []
  })
}

function checkName(name: string, { at }: Item<unknown>, report: Report): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name)) return
  const hint = 'letters, digits, dots, hyphens and underscores, at most 63, the first a letter or a digit'
  report(error('bad-name', `\`${printable(name)}\` cannot name a process`, { path: at, key: true }, { hint }))
}

interface Named {
  readonly node: DraftNode
  readonly name: string
  readonly spec: Item<ProcessSpec>
}

function readProcess({ node, name, spec }: Named, { environment, report }: Reading): ProcessEntry | undefined {
  const ready = pick(spec, 'ready')
  const condition = ready && readReady(ready, report)
  const [user, workdir] = [pick(spec, 'user'), pick(spec, 'workdir')]
  const command = readCommand({ node, name, spec }, report)
  if (user && !/^([A-Za-z_][A-Za-z0-9_.-]*|\d{1,10})$/.test(user.value))
    report(error('bad-value', `\`${printable(user.value)}\` is no name of a user`, user.at))
  if (workdir) checkFolder(workdir, report)
  return {
    name,
    command,
    ...(condition ? { ready: condition } : {}),
    needs: readNeeds(node, spec),
    restart: pick(spec, 'restart')?.value ?? 'no',
    ...(user ? { user: user.value } : {}),
    ...(workdir ? { workdir: workdir.value } : {}),
    environment: { ...environment, ...readEnvironment(spec, report) },
    stop: readStop(spec, report),
    log: readLog(spec, report),
    at: spec.at,
  }
}

function readCommand({ name, spec }: Named, report: Report): readonly string[] {
  const said = pick(spec, 'command')
  const command = list<string>(said).map(({ value }) => value)
  if (!said) {
    const hint = `\`command: [python3, -m, http.server]\``
    report(error('missing-key', `nothing says what ${name} runs`, { path: spec.at, key: true }, { hint }))
  } else if (command[0] === '') report(error('bad-value', 'the program’s name is empty', said.at))
  return command
}

function checkFolder({ value, at }: Item<string>, report: Report): void {
  if (value === normal(value)) return
  const hint = `write \`${normal(value)}\``
  report(
    error('bad-value', `\`workdir\` wants an absolute path without detours, not \`${printable(value)}\``, at, { hint }),
  )
}

function readStop(spec: Item<ProcessSpec>, report: Report): ProcessEntry['stop'] {
  const said = pick(spec, 'stop')
  const signal = said && pick(said, 'signal')
  const grace = said && pick(said, 'grace')
  const name = signal?.value.replace(/^SIG/i, '').toUpperCase() ?? 'TERM'
  if (signal && !signals.includes(name))
    report(
      error('bad-value', `there is no signal \`${printable(signal.value)}\``, signal.at, didYouMean(name, signals)),
    )
  return { signal: name, grace: grace ? seconds(grace.value)! : 5 }
}

/** Bytes */
const usualLog = 1024 * 1024
const leastLog = 4096

function readLog(spec: Item<ProcessSpec>, report: Report): number {
  const said = pick(spec, 'log')
  const size = said ? bytes(said.value)! : usualLog
  if (said && size < leastLog) report(error('bad-value', `\`log\` is at least 4kb, not \`${said.value}\``, said.at))
  return size
}

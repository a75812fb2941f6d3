/** Processes in, text for people out. */
import type { OrderReport, ProcessReport, ProcessStatus } from '../model/report.js'
import { type Paint, paint } from './paint.js'
import { age, count, duration, plain, table } from './table.js'

const head = ['NODE', 'PROCESS', 'STATE', 'PID', 'SINCE', 'RESTARTS', 'COMMAND']

interface Looks {
  readonly colour: boolean
  /** Milliseconds since 1970 */
  readonly now: number
}

/** One line a process: those of the file, and what else runs in each node. */
export function renderProcesses({ nodes }: ProcessReport, { colour, now }: Looks): string {
  const colours = paint(colour)
  const rows = nodes.flatMap(({ node, processes, others }) => [
    ...processes.map(process => rowOf(node, process, { colours, now })),
    ...others.map(({ pid, command }) => [node, '', '', `${pid}`, '', '', short(command)]),
  ])
  return rows.length === 0 ? 'nothing runs there\n' : `${table([head, ...rows]).join('\n')}\n`
}

/** What came of start, stop and restart. */
export function renderOrder({ processes, milliseconds }: OrderReport, { colour, now }: Looks): string {
  const colours = paint(colour)
  const rows = processes.map(process => rowOf(process.node, process, { colours, now }))
  return [
    ...table([head, ...rows]),
    `${count(processes.length, 'process', 'processes')} in ${duration(milliseconds)}`,
    '',
  ].join('\n')
}

function rowOf(
  node: string,
  { process, state, ended, pid, since, restarts, unsupervised, command }: ProcessStatus,
  { colours, now }: { readonly colours: Paint; readonly now: number },
): readonly string[] {
  const runs = state === 'ready' || state === 'running'
  const more = unsupervised ? 'no supervisor' : runs ? undefined : ended
  const shown = more === undefined ? state : `${state} (${plain(more)})`
  const good = (runs && !unsupervised) || (state === 'exited' && ended === 'exit 0')
  const colour = good ? colours.good : state === 'failed' || state === 'missing' ? colours.bad : colours.change
  return [
    ...[node, process, colour(shown), pid === undefined ? '' : `${pid}`],
    since === undefined ? '' : age(now - since),
    ...[restarts === 0 ? '' : `${restarts}`, short(command.join(' '))],
  ]
}

function short(command: string): string {
  const letters = [...plain(command)]
  return letters.length > 60 ? `${letters.slice(0, 59).join('')}…` : letters.join('')
}

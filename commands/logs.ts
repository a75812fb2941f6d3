/** nstopo logs: what processes have written. */
import { setTimeout as sleep } from 'node:timers/promises'
import { error, warning } from '../src/diagnostic.js'
import type { LabSpace } from '../src/kernel/kernel.js'
import { NstopoCommand } from './shared/command.js'
import { common, Flags, reading, twins } from './shared/flags.js'
import { stopping } from './shared/interrupt.js'
import { type Lines, named } from './shared/lines.js'
import { type LogReader, logReader } from './shared/log-reader.js'
import { machine } from './shared/machine.js'
import { finish, report } from './shared/output.js'
import { refuse } from './shared/run.js'
import type { Read } from './shared/source.js'
import { type Target, target, targetOf } from './shared/target.js'

/** Milliseconds between two looks at a log that is followed. */
const pause = 50

interface Log {
  readonly node: string
  readonly process: string
  readonly reader: LogReader
}

export default class Logs extends NstopoCommand {
  static override summary = 'print what processes of a node have written'
  static override description =
    'Standard output and standard error of a process, in the order in which it wrote them, from its last starts, as much ' +
    'as its log keeps. Of several processes each line is named. With --follow it goes on until the lab is taken down, or ' +
    'with Ctrl-C.'
  static override usage = '[LAB] NODE[:PROCESS]'
  static override examples = ['nstopo logs branch web', 'nstopo logs branch web:http --follow --tail 20']
  static override strict = false
  static override args = target
  static override flags = twins('logs', {
    follow: Flags.boolean({ char: 'f', summary: 'go on with what is written from now on' }),
    tail: Flags.integer({ summary: 'of what there is, only so many lines of each process', min: 0, helpValue: 'N' }),
    name: reading.name,
    ...common,
  })

  override async run(): Promise<number> {
    const { argv, flags } = await this.parse(Logs)
    const both = error('bad-usage', '--follow has no end, and --json is one document: one of them only')
    if (flags.follow && flags.json) return refuse('logs', both, flags)
    const kernel = machine()
    const found = await targetOf('logs', argv.map(String), { kernel, flags })
    if ('problem' in found) return refuse('logs', found.problem, flags)
    const logs = logsOf(kernel.space(found.value.lab), found.value)
    if ('problem' in logs) return refuse('logs', logs.problem, flags)
    if (flags.json) {
      const processes = logs.value.map(log => ({
        node: log.node,
        process: log.process,
        lines: linesOf(log, flags.tail),
      }))
      return finish({ command: 'logs', diagnostics: [], result: { lab: found.value.lab, processes } }, flags)
    }
    await print(logs.value, flags)
    return 0
  }
}

function logsOf(space: LabSpace, { node, process }: Target): Read<readonly Log[]> {
  const names = space.readHost(node).processes.map(({ name }) => name)
  const wanted = process === undefined ? names : names.filter(name => name === process)
  if (wanted.length === 0) {
    const what = process === undefined ? 'no processes' : `no process ${process}`
    const hint = names.length === 0 ? {} : { hint: `it has ${names.join(', ')}` }
    return { problem: error('not-found', `${node} has ${what}`, undefined, hint) }
  }
  return {
    value: wanted.map(name => ({
      node,
      process: name,
      reader: logReader(
        () => space.outputs(node, name),
        () => missed(node, name),
      ),
    })),
  }
}

/** Who reads must know. */
function missed(node: string, process: string): void {
  const hint = 'give it a larger log'
  const why = `${node}:${process} writes faster than its log can be read: lines are missing`
  report([warning('lines-missing', why, undefined, { hint })], undefined, {})
}

interface Amount {
  readonly follow: boolean
  readonly tail?: number | undefined
}

async function print(logs: readonly Log[], { follow, tail }: Amount): Promise<void> {
  const stop = stopping()
  const width = Math.max(...logs.map(nameOf).map(name => name.length))
  const write = (text: string) => void process.stdout.write(text)
  let open = logs.map(log => ({ log, lines: named(logs.length > 1 ? `${nameOf(log).padEnd(width)} | ` : '', write) }))
  for (const { log, lines } of open) lines.text(lastOf(log.reader.more() ?? '', tail))
  while (follow && open.length > 0 && !stop.signal.aborted) {
    await sleep(pause, undefined, { signal: stop.signal }).catch(() => {})
    open = open.filter(({ log, lines }) => goOn(log, lines))
  }
  for (const { lines } of open) lines.end()
  stop.done()
}

/** False when there is no such log any more. */
function goOn({ reader }: Log, lines: Lines): boolean {
  const text = reader.more()
  if (text === undefined) lines.end()
  else lines.text(text)
  return text !== undefined
}

function nameOf({ node, process }: Log): string {
  return `${node}:${process}`
}

/** The last lines of a text; one that is not ended counts. */
function lastOf(text: string, tail: number | undefined): string {
  if (tail === undefined) return text
  const lines = text.split(/(?<=\n)/)
  return lines.slice(Math.max(0, lines.length - tail)).join('')
}

function linesOf({ reader }: Log, tail: number | undefined): readonly string[] {
  const lines = lastOf(reader.more() ?? '', tail).split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

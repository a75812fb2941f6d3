/** What the kernel holds of a lab in, text for people out. */

import type { IdRange } from '../model/network.js'
import type { Inspection, NodeInspection } from '../model/report.js'
import type { Host, Link, Process } from '../model/state.js'
import { fieldValue, hostFacts, origin, routeWords, ruleWords } from './describe.js'
import type { Paint } from './paint.js'
import { paint } from './paint.js'
import { age, bytes, count, plain, table } from './table.js'

/** The kernel's own table of its own addresses, and the rules that every namespace has: JSON has them, people know them. */
const localTable = 255
const usualRules = new Set([0, 32766, 32767])

/** Node by node: interfaces with addresses and counters, routes, rules, neighbours, processes. @param now milliseconds since 1970 */
export function renderInspection(
  inspection: Inspection,
  options: { readonly colour: boolean; readonly now: number },
): string {
  const colours = paint(options.colour)
  const nodes = inspection.nodes.flatMap(node => ['', ...renderNode(node, colours)])
  return `${[head(inspection, options.now), ...nodes].join('\n')}\n`
}

function head({ lab, record, nodes }: Inspection, now: number): string {
  if (!record) return `${lab}: ${count(nodes.length, 'node')}, without a record`
  const from = plain(record.source.path ?? record.source.label)
  return `${lab}: ${record.state} for ${age(now - record.created)}, from ${from}`
}

function renderNode(inspection: NodeInspection, colours: Paint): readonly string[] {
  const { node, kind, labels, namespace, state } = inspection
  const marks = Object.entries(labels).map(([name, value]) => plain(`${name}=${value}`))
  return [
    `${colours.strong(node)} ${colours.faint([kind, ...marks, `netns ${namespace.name}`].join('  '))}`,
    ...table(
      [...state.link.values()].map(link => interfaceRow(link, inspection)),
      '  ',
    ),
    ...section('routes', [...state.route.values()].filter(({ table }) => table !== localTable).map(routeWords)),
    ...section('rules', [...state.rule.values()].filter(({ priority }) => !usualRules.has(priority)).map(ruleWords)),
    ...section(
      'neighbours',
      [...state.neighbor.values()].map(({ to, mac, dev }) => `${to} at ${mac} on ${dev}`),
    ),
    ...section('host', [...[...state.host.values()].flatMap(hostLines), ...usageLines(inspection)]),
    ...section(
      'files',
      [...state.file.values()].map(file => `${file.path}  ${origin(file)}`),
    ),
    ...section('programs', table([...state.process.values()].map(programRow))),
    ...section(
      'processes',
      inspection.processes.map(({ pid, command }) => `${pid} ${plain(command)}`),
    ),
  ]
}

function interfaceRow(link: Link, { state, counters }: NodeInspection): readonly string[] {
  const addresses = [...state.address.values()].filter(address => address.dev === link.name)
  const own = counters[link.name]
  return [
    plain(link.name),
    link.kind,
    link.up ? (link.running === false ? 'no carrier' : 'up') : 'down',
    `mtu ${link.mtu}`,
    leads(link),
    addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`).join(' '),
    own ? `rx ${own.rxPackets} tx ${own.txPackets}` : '',
  ]
}

function leads(link: Link): string {
  if (link.peer) return plain(`── ${link.peer.node}:${link.peer.name}`)
  return link.parent === undefined ? '' : plain(`on ${link.parent}`)
}

function hostLines({ isolate, time, users, environment, pid, ...host }: Host): readonly string[] {
  return [
    [...hostFacts({ ...host, isolate }), ...(pid === undefined ? [] : [`init ${pid}`])].join(', '),
    ...(time ? [`clocks ahead: ${fieldValue('time', time)}`] : []),
    ...(users ? Object.entries(users).map(([kind, ranges]) => `${kind}: ${ranges.map(rangeWords).join(', ')}`) : []),
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ]
}

/** What its control group counts. */
function usageLines({ usage = {} }: NodeInspection): readonly string[] {
  const memory = usage.memory === undefined ? [] : [`memory ${bytes(usage.memory)}`]
  const pids = usage.pids === undefined ? [] : [count(usage.pids, 'process or thread', 'processes and threads')]
  const uses = [...memory, ...pids]
  return uses.length === 0 ? [] : [`uses ${uses.join(', ')}`]
}

const rangeWords = ({ inside, outside, count: many }: IdRange): string => `${many} from ${inside} on are ${outside} on`

function programRow({ name, command, seen }: Process): readonly string[] {
  return [name, seen?.state ?? 'missing', seen?.pid === undefined ? '' : `${seen.pid}`, command.join(' ')].map(plain)
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${name}`, ...lines.map(line => `    ${plain(line)}`)]
}

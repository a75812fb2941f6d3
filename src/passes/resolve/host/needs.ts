/** What processes need, as the file says it in; resolved out, with what does not exist or goes in a circle reported. */
import { error } from '../../../diagnostic.js'
import type { ProcessSpec } from '../../../kinds/index.js'
import type { HostEntry, ProcessEntry, ProcessName } from '../../../model/network.js'
import type { Draft, DraftNode, Report } from '../draft.js'
import { entry, type Item, list, pick } from '../item.js'
import { printable } from '../names.js'
import { didYouMean } from '../nearest.js'

/** `PROCESS` of the same node, or `NODE:PROCESS`. */
export function readNeeds(node: DraftNode, spec: Item<ProcessSpec>): readonly ProcessName[] {
  return list<string>(pick(spec, 'needs')).map(({ value }) => nameIn(value, node))
}

function nameIn(text: string, node: DraftNode): ProcessName {
  const colon = text.indexOf(':')
  return { node: colon < 0 ? node.name : text.slice(0, colon), process: text.slice(colon + 1) }
}

type Hosts = ReadonlyMap<DraftNode, { readonly host?: HostEntry | undefined }>

export function checkNeeds(draft: Draft, hosts: Hosts, report: Report): void {
  const processes = new Map<string, ProcessEntry>()
  for (const [{ name }, { host }] of hosts)
    for (const one of host?.processes ?? []) processes.set(`${name}:${one.name}`, one)
  for (const [node, { host }] of hosts)
    for (const one of host?.processes ?? []) {
      const said = entry(pick(node.spec, 'processes')!, one.name) as Item<ProcessSpec>
      for (const item of list<string>(pick(said, 'needs'))) checkNeed(item, { node, draft, processes, report })
    }
  checkLoops(processes, report)
}

interface Checking {
  readonly node: DraftNode
  readonly draft: Draft
  readonly processes: ReadonlyMap<string, ProcessEntry>
  readonly report: Report
}

function checkNeed({ value, at }: Item<string>, { node, draft, processes, report }: Checking): void {
  const need = nameIn(value, node)
  const holder = draft.nodes.get(need.node)
  if (!holder) {
    if (draft.gaps.hides(need.node)) return
    const near = didYouMean(need.node, draft.nodes.keys())
    report(error('unknown-node', `there is no node \`${printable(need.node)}\``, at, near))
    return
  }
  if (processes.has(`${need.node}:${need.process}`) || holder.broken) return
  const here = [...processes].filter(([name]) => name.startsWith(`${need.node}:`)).map(([, one]) => one.name)
  const elsewhere = [...processes.keys()].filter(name => name.endsWith(`:${need.process}`))
  const near = elsewhere.length > 0 ? { hint: `did you mean \`${elsewhere[0]}\`?` } : didYouMean(need.process, here)
  const hint = near.hint ?? (here.length > 0 ? `there is ${here.slice(0, 8).join(', ')}` : undefined)
  const message = `${need.node} has no process \`${printable(need.process)}\``
  report(error('unknown-process', message, at, hint === undefined ? {} : { hint }))
}

/** So many may wait for each other in turn. */
const longestChain = 1000

/** Each circle once, at the process of it that is met first. */
function checkLoops(processes: ReadonlyMap<string, ProcessEntry>, report: Report): void {
  const waits = new Map<string, number>()
  const visit = (name: string, open: readonly string[]): number => {
    const process = processes.get(name)
    if (!process) return 0
    if (open.includes(name)) report(loop([...open.slice(open.indexOf(name)), name], process))
    const known = open.includes(name) ? 0 : open.length > longestChain ? longestChain : waits.get(name)
    if (known !== undefined) return known
    waits.set(name, 0)
    const below = process.needs.map(need => visit(`${need.node}:${need.process}`, [...open, name]))
    const length = 1 + Math.max(0, ...below)
    waits.set(name, length)
    if (length === longestChain + 1)
      report(error('bad-value', `${name} waits for over ${longestChain} others, one after the other`, process.at))
    return length
  }
  for (const name of processes.keys()) visit(name, [])
}

function loop(names: readonly string[], { at }: ProcessEntry) {
  const shown = names.length > 8 ? [...names.slice(0, 7), '…', names[0]] : names
  const message = names.length > 2 ? `these wait for each other: ${shown.join(' → ')}` : `${names[0]} waits for itself`
  return error('process-loop', message, at)
}

/** What came of up, down, ls and doctor in, text for people out. */
import type { DownReport, GcReport, LabStatus, UpReport } from '../model/report.js'
import { paint } from './paint.js'
import { age, count, duration, plain, table } from './table.js'
import { totals } from './totals.js'

/** A line of `doctor`. */
export interface CheckLine {
  readonly name: string
  readonly ok: boolean
  /** Without it nothing works. */
  readonly core: boolean
  readonly finding: string
  /** The command that mends it. */
  readonly fix?: string
}

/** One line; a lab that is new has a second one with what to type next. */
export function renderUp(report: UpReport): string {
  const size = `${count(report.nodes, 'node')}, ${count(report.links, 'link')}`
  const took = duration(report.milliseconds)
  if (report.fresh) return `${report.lab} is up: ${size} in ${took}\n${next(report)}`
  if (report.operations.length === 0) return `${report.lab} is up already: ${size}, nothing to do\n`
  return `${report.lab} is changed: ${totals(report.operations)}; in ${took}\n`
}

function next(report: UpReport): string {
  const node = report.operations.find(operation => operation.resource.type === 'namespace')?.resource.node
  return node === undefined ? '' : `next: nstopo shell ${report.lab} ${node}   or   nstopo down ${report.lab}\n`
}

export function renderDown(report: DownReport): string {
  const line = report.wasUp
    ? `${report.lab} is down: ${count(report.nodes, 'node')} in ${duration(report.milliseconds)}`
    : `${report.lab} was not up`
  const holders = report.holders.map(
    ({ node, pid, command, how }) => `  ${node} is kept alive by process ${pid} (${plain(command)}): ${how}`,
  )
  return `${[line, ...holders].join('\n')}\n`
}

/** One line a thing; what would be done reads as what was. */
export function renderGc({ labs, removed, dry }: GcReport): string {
  const verbs = dry
    ? { removed: 'would be removed', restored: 'would be put back as it was' }
    : { removed: 'is removed', restored: 'is as it was before the change' }
  const lines = [
    ...labs.map(({ lab, done }) => `${lab}, which a killed run had left, ${verbs[done]}`),
    ...removed.map(path => `${path} ${verbs.removed}`),
  ]
  return `${lines.length === 0 ? 'nothing was left behind' : lines.join('\n')}\n`
}

/** @param now milliseconds since 1970 */
export function renderLabs(labs: readonly LabStatus[], now: number): string {
  if (labs.length === 0) return 'no lab is up\n'
  const head = ['LAB', 'STATE', 'NODES', 'LINKS', 'AGE', 'OWNER', 'FILE']
  const rows = labs.map(({ lab, state, nodes, record }) => [
    lab,
    state,
    `${nodes}`,
    record ? `${record.links}` : '?',
    record ? age(now - record.created) : '?',
    record ? owner(record.owner) : '?',
    plain(record?.source.path ?? record?.source.label ?? '?'),
  ])
  return `${table([head, ...rows]).join('\n')}\n`
}

function owner(uid: number): string {
  return uid === 0 ? 'root' : `${uid}`
}

export function renderChecks(checks: readonly CheckLine[], { colour }: { readonly colour: boolean }): string {
  const colours = paint(colour)
  const mark = (check: CheckLine) =>
    check.ok ? colours.good('ok') : check.core ? colours.bad('NO') : colours.change('no')
  const lines = table(checks.map(check => [mark(check), check.name, plain(check.finding)]))
  const fixes = checks.filter(check => !check.ok && check.fix !== undefined)
  const mend = fixes.length === 0 ? [] : ['', 'to mend it:', ...fixes.map(check => `  ${check.fix}`)]
  const core = checks.filter(check => check.core && !check.ok)
  const last = core.length === 0 ? 'the core works' : `the core does not work: ${core.map(c => c.name).join(', ')}`
  return `${[...lines, ...mend, '', last].join('\n')}\n`
}

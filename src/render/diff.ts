/** A comparison with the kernel in, text for people out. */
import { subject } from '../model/change.js'
import type { Document, Path } from '../model/document.js'
import type { Change } from '../model/plan.js'
import type { DiffReport } from '../model/report.js'
import { describe, digests, fieldValue } from './describe.js'
import type { Paint } from './paint.js'
import { paint } from './paint.js'
import { placeText } from './place.js'
import { count, groupBy, plain, table } from './table.js'

export interface DiffOptions {
  readonly colour: boolean
  readonly document?: Document | undefined
}

/** Differences by node, each with where the YAML says it; what somebody else made stands apart. */
export function renderDiff(report: DiffReport, options: DiffOptions): string {
  const colours = paint(options.colour)
  if (!report.up) return `${report.lab} is not up\n`
  const { shown: ours, along } = folded(report.changes.filter(change => change.state !== 'foreign'))
  const foreign = report.changes.filter(change => change.state === 'foreign')
  const head = ours.length === 0 ? `${report.lab}: no differences` : `${report.lab}: ${sums(ours)}`
  const apart =
    foreign.length === 0 ? [] : ['', foreignHead(foreign.length, report), ...group(foreign, colours, options)]
  return [head, ...group(ours, colours, { ...options, along }), ...apart, ''].join('\n')
}

/** A row of cells for each difference: its state, the words, and where the YAML says it. */
export function differenceRows(changes: readonly Change[], options: DiffOptions): readonly (readonly string[])[] {
  const { shown, along } = folded(changes)
  return shown.map(change => line(change, paint(options.colour), { ...options, along }))
}

interface Lines extends DiffOptions {
  /** What goes with a whole node, by the node's own change. */
  readonly along?: ReadonlyMap<Change, string>
}

/** A node that is missing or stale as a whole stands for all that is in it. */
export function folded(changes: readonly Change[]) {
  const whole = changes.filter(change => change.state !== 'changed' && subject(change).type === 'namespace')
  const nodes = new Map(whole.map(change => [subject(change).node, change]))
  const inside = changes.filter(change => nodes.get(subject(change).node)?.state === change.state)
  const gone = groupBy(inside, change => nodes.get(subject(change).node)!)
  const hidden = new Set(inside.filter(change => !whole.includes(change)))
  return {
    shown: changes.filter(change => !hidden.has(change)),
    along: new Map([...gone].map(([change, all]) => [change, contents(all)])),
  }
}

/** `, with its 2 links and address`; its settings go without saying. */
function contents(changes: readonly Change[]): string {
  const types = ['link', 'address', 'route', 'rule', 'neighbor'] as const
  const words = types.flatMap(type => {
    const number = changes.filter(change => subject(change).type === type).length
    const one = type === 'neighbor' ? 'neighbour' : type
    return number === 0 ? [] : [number === 1 ? one : count(number, one, type === 'address' ? 'addresses' : `${one}s`)]
  })
  const last = words.pop()
  return last === undefined ? '' : `, with its ${words.length > 0 ? `${words.join(', ')} and ` : ''}${last}`
}

function foreignHead(number: number, report: DiffReport): string {
  const counted =
    report.differs && report.changes.every(change => change.state === 'foreign') ? 'counted' : 'left alone'
  return `${count(number, 'thing')} not made by nstopo, ${counted}; up --prune removes them:`
}

/** `1 missing, 2 stale`; what is foreign where it counts, too. */
export function sums(changes: readonly Change[]): string {
  const states = ['missing', 'changed', 'stale', 'foreign'] as const
  const numbers = states.map(state => [state, changes.filter(change => change.state === state).length] as const)
  return numbers
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${number} ${state}`)
    .join(', ')
}

function group(changes: readonly Change[], colours: Paint, options: Lines): readonly string[] {
  const byNode = groupBy(changes, change => subject(change).node)
  return [...byNode].flatMap(([node, own]) => [
    colours.strong(plain(node)),
    ...table(
      own.map(change => line(change, colours, options)),
      '  ',
    ),
  ])
}

function line(change: Change, colours: Paint, { document, along }: Lines): readonly string[] {
  const tint = { missing: colours.bad, changed: colours.change, stale: colours.change, foreign: colours.faint }[
    change.state
  ]
  const at = change.state === 'missing' || change.state === 'changed' ? change.desired.at : change.observed.at
  return [tint(change.state), words(change) + (along?.get(change) ?? ''), colours.faint(place(at, document))]
}

function words(change: Change): string {
  const said = describe(subject(change))
  if (change.state !== 'changed') return said
  const fields = change.fields.map(
    ({ field, from, to }) => digests[field] ?? `${field} is ${show(field, from)}, should be ${show(field, to)}`,
  )
  return plain(`${said}: ${fields.join('; ')}`)
}

function show(field: string, of: unknown): string {
  return of === undefined || of === '' ? 'unset' : fieldValue(field, of)
}

function place(at: Path | undefined, document: Document | undefined): string {
  return at === undefined || document === undefined ? '' : placeText(at, document)
}

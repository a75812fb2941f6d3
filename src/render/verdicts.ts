/** What came of tests in, text for people out. */
import type { Document } from '../model/document.js'
import type { Failure, TestReport, Verdict } from '../model/verdict.js'
import { headlineOf } from './explain.js'
import { paint } from './paint.js'
import { placeText } from './place.js'
import { count, duration, plain } from './table.js'

export interface VerdictOptions {
  readonly colour: boolean
  readonly document?: Document | undefined
}

/** One test: its name, and what is wrong with it. */
export function renderVerdict(verdict: Verdict, { colour, document }: VerdictOptions): string {
  const { name, failures, assertion, milliseconds } = verdict
  const colours = paint(colour)
  if (failures.length === 0) return `${colours.good('✔')} ${plain(name)}  ${colours.faint(duration(milliseconds))}\n`
  const place = document ? `  ${colours.faint(placeText(assertion.at, document))}` : ''
  const lines = failureLines(verdict).map(line => `    ${line}`)
  return [`${colours.bad('✘')} ${plain(name)}${place}`, ...lines, ''].join('\n')
}

/** So many failures of a test are told one by one. */
const mostTold = 20

export function failureLines({ assertion, failures }: Verdict): readonly string[] {
  const told = failures.slice(0, mostTold).flatMap(failure => linesOf(failure, assertion.kind === 'reach'))
  const rest = failures.length - mostTold
  return rest > 0 ? [...told, `and ${rest} more`] : told
}

/** That there is no answer is said by where the packets end. */
function linesOf({ subject, text, passages }: Failure, silent: boolean): readonly string[] {
  const ended = passages.filter(({ reason }) => reason !== undefined).map(passage => headlineOf(subject, passage))
  const [open] = passages.filter(({ reason }) => reason === undefined)
  const way = open && !text.startsWith('the way') ? `, by ${open.there.hops.map(({ node }) => node).join(' → ')}` : ''
  const own = silent && ended.length > 0 ? [] : [`${subject}: ${text}${way}`]
  return [...new Set([...own, ...ended])].map(plain)
}

export function renderTests({ verdicts, milliseconds }: TestReport, { colour }: VerdictOptions): string {
  const colours = paint(colour)
  const failed = verdicts.filter(({ failures }) => failures.length > 0).length
  const words = failed === 0 ? colours.good('all true') : colours.bad(`${failed} not true`)
  return `${count(verdicts.length, 'test')} in ${duration(milliseconds)}: ${words}\n`
}

/** What came of tests in, the Test Anything Protocol out (testanything.org, version 14). */
import type { Document } from '../model/document.js'
import type { TestReport, Verdict } from '../model/verdict.js'
import { placeText } from './place.js'
import { plain } from './table.js'
import { failureLines } from './verdicts.js'

export function renderTap({ verdicts }: TestReport, document: Document | undefined): string {
  const points = verdicts.map((verdict, place) => pointOf(verdict, place + 1, document))
  return `TAP version 14\n1..${verdicts.length}\n${points.join('')}`
}

function pointOf(verdict: Verdict, number: number, document: Document | undefined): string {
  const { name, failures, assertion, milliseconds } = verdict
  // What stands behind a # would be a directive.
  const line = `ok ${number} - ${plain(name).replace(/[\\#]/g, '\\$&')}\n`
  if (failures.length === 0) return line
  const details = [
    ...['---', 'message: |', ...failureLines(verdict).map(one => `  ${one}`)],
    ...(document ? [`at: ${JSON.stringify(placeText(assertion.at, document))}`] : []),
    ...[`duration_ms: ${milliseconds.toFixed(1)}`, '...'],
  ]
  return `not ${line}${details.map(one => `  ${one}\n`).join('')}`
}

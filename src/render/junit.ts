/** What came of tests in, the XML that continuous integration reads out (JUnit's, as Jenkins, GitLab and others take it). */
import type { Document } from '../model/document.js'
import type { TestReport, Verdict } from '../model/verdict.js'
import { placeJson } from './place.js'
import { plain } from './table.js'
import { failureLines } from './verdicts.js'

export function renderJunit({ lab, verdicts, milliseconds }: TestReport, document: Document | undefined): string {
  const failed = verdicts.filter(({ failures }) => failures.length > 0).length
  const totals = attributes({ tests: verdicts.length, failures: failed, errors: 0, time: seconds(milliseconds) })
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${totals}>
<testsuite${attributes({ name: lab })}${totals}>
${verdicts.map(verdict => caseOf(verdict, lab, document)).join('\n')}
</testsuite>
</testsuites>
`
}

function caseOf(verdict: Verdict, lab: string, document: Document | undefined): string {
  const { name, failures, assertion, milliseconds } = verdict
  const place = document && placeJson(assertion.at, document)
  const about = {
    name,
    classname: lab,
    ...(place && { file: place.file, line: place.line }),
    time: seconds(milliseconds),
  }
  if (failures.length === 0) return `<testcase${attributes(about)}/>`
  const lines = failureLines(verdict)
  const failure = `<failure${attributes({ message: lines[0] ?? '', type: assertion.kind })}>${escaped(lines.join('\n'))}</failure>`
  return `<testcase${attributes(about)}>${failure}</testcase>`
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(plain(`${value}`))}"`)
    .join('')
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => names[character]!)
}

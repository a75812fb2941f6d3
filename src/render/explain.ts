/** The ways of packets in, text for people out. */
import type { Document, Path } from '../model/document.js'
import type { Explanation, Hop, Passage, Way } from '../model/explanation.js'
import { type Paint, paint } from './paint.js'
import { duration, table } from './table.js'

export interface ExplainOptions {
  readonly colour: boolean
  /** The text that places point into. */
  readonly document?: Document | undefined
}

export function renderExplanation(explanation: Explanation, { colour, document }: ExplainOptions): string {
  const context = { colours: paint(colour), document }
  return `${explanation.passages.map(passage => block(explanation, passage, context)).join('\n\n')}\n`
}

interface Context {
  readonly colours: Paint
  readonly document: Document | undefined
}

function block(ends: Explanation, passage: Passage, context: Context): string {
  const { colours } = context
  const { family, source = 'no address', destination, there, back, reason } = passage
  const headline = headlineOf(`${ends.from} → ${ends.to}`, passage)
  const lines = [reason ? colours.bad(headline) : colours.good(headline)]
  lines.push(`  IPv${family}, ${source} → ${destination}`, ...table(rowsOf(there, context), '    '))
  if (back) lines.push(`  and back, ${destination} → ${source}`, ...table(rowsOf(back, context), '    '))
  return lines.join('\n')
}

/** `h1 → h2 ends at r2: no route to 10.0.2.0/24 in table 100 (rule 1000, line 31)` */
export function headlineOf(subject: string, { milliseconds, reason }: Passage): string {
  if (!reason) return `${subject} is answered in ${duration(milliseconds ?? 0)}`
  const what = reason.direction === 'there' ? subject : `${subject}: the answer`
  return `${what} ends at ${reason.node}: ${reason.text}`
}

function rowsOf({ hops, end }: Way, context: Context): readonly (readonly string[])[] {
  return hops.map((hop, place) => {
    const last = place === hops.length - 1
    const away = hop.out === undefined ? (last && end ? '' : 'arrives') : `→ ${hop.out}`
    const stop = last && end ? context.colours.bad('✗') : ''
    return [hop.node, hop.in ?? '', away, hop.via ? `via ${hop.via}` : '', `${notes(hop, context.document)}${stop}`]
  })
}

function notes({ route, table, rule, at, through }: Hop, document: Document | undefined): string {
  const parts = [
    ...(route === undefined ? [] : [/^(0\.0\.0\.0|::)\/0$/.test(route) ? 'default' : route]),
    ...(table === undefined || table === 254 ? [] : [`table ${table}`]),
    ...(rule === undefined ? [] : [`rule ${rule}`]),
    ...lineOf(at, document),
    ...(through.length === 0 ? [] : [`through ${[...new Set(through.map(({ node }) => node))].join(', ')}`]),
  ]
  return parts.length === 0 ? '' : `${parts.join(', ')} `
}

function lineOf(at: Path | undefined, document: Document | undefined): readonly string[] {
  return at && document ? [`line ${document.place(at).line}`] : []
}

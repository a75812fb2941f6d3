/** What `watch` tells in, lines for people out: the time, a word, what it is about, and where the YAML says it. */

import { subject } from '../model/change.js'
import type { Change } from '../model/plan.js'
import type { WatchEvent } from '../model/report.js'
import { describe, describeOperation } from './describe.js'
import { differenceRows, folded, sums } from './diff.js'
import { type Paint, paint } from './paint.js'
import { placeText } from './place.js'
import { duration, plain, table } from './table.js'

export interface WatchStyle {
  readonly colour: boolean
}

/** One line a difference or operation. */
export function renderWatch(event: WatchEvent, { colour }: WatchStyle): string {
  const colours = paint(colour)
  const time = colours.faint(new Date(event.at).toTimeString().slice(0, 8))
  return linesOf(event, colours, colour)
    .map(line => `${time}  ${line}\n`)
    .join('')
}

function linesOf(event: WatchEvent, colours: Paint, colour: boolean): readonly string[] {
  const { good, change, bad, strong } = colours
  const { lab, document } = event
  switch (event.event) {
    case 'start':
      return [`watching ${strong(lab)}: ${total(event.changes)}`, ...differences(event, colour)]
    case 'changed': {
      const file = plain(document?.source.label ?? lab)
      const said = `another run applied ${file}: ${total(event.changes)}`
      return [...table([[change(word('changed')), said]]), ...differences(event, colour)]
    }
    case 'drift':
      return differences(event, colour)
    case 'mended':
      return mended(event, colours)
    case 'healed':
      return table(event.operations.map(each => [good(word('healed')), `${each.verb} ${describeOperation(each)}`]))
    case 'postponed':
      return table(event.changes.map(each => [change(word('waiting')), `${describe(subject(each))} ${again(event)}`]))
    case 'refused':
      return table([
        [bad(word('refused')), `it was not put right: ${event.diagnostics.map(d => plain(d.message)).join('; ')}`],
      ])
    case 'overflow':
      return table([[change(word('overflow')), 'more happened than could be told one by one: all was compared afresh']])
    case 'down':
      return [`${strong(lab)} was taken down`]
  }
}

function again({ milliseconds }: { readonly milliseconds: number }): string {
  return `comes back over and over: next try in ${duration(milliseconds)}`
}

/** As wide as the longest, so that lines of different moments stand below each other. */
const widest = 'overflow'.length

function word(text: string): string {
  return text.padEnd(widest)
}

function differences(event: WatchEvent & { readonly changes: readonly Change[] }, colour: boolean): readonly string[] {
  const rows = differenceRows(event.changes, { colour, document: event.document })
  return table([[' '.repeat(widest)], ...rows]).slice(1)
}

/** A node that is there again stands for all that is in it. */
function mended(event: WatchEvent & { readonly changes: readonly Change[] }, colours: Paint): readonly string[] {
  const { shown, along } = folded(event.changes)
  return table(
    shown.map(change => [
      colours.good(word('mended')),
      describe(subject(change)) + (along.get(change) ?? ''),
      place(change, event, colours),
    ]),
  )
}

function total(changes: readonly Change[]): string {
  return changes.length === 0 ? 'no differences' : sums(folded(changes).shown)
}

function place(change: Change, { document }: WatchEvent, { faint }: Paint): string {
  const { at } = subject(change)
  return at === undefined || document === undefined ? '' : faint(placeText(at, document))
}

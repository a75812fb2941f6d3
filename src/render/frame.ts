/** A text and a place in it in; the line out, with its number, and what is meant underlined. */
import type { Ansis } from 'ansis'
import type { Place } from '../model/document.js'

export interface Mark {
  readonly place: Place
  /** Stands behind the underline. */
  readonly label: string
  /** What underlines, one column each. */
  readonly mark: string
  readonly colour: (text: string) => string
}

/** Characters of the line that are shown around the place. */
const before = 60
const after = 90

export function frame(text: string, mark: Mark, style: { readonly digits: number; readonly paint: Ansis }) {
  const { place } = mark
  const lineStart = place.start - place.column + 1
  const newline = text.slice(place.start, place.start + after + 1).indexOf('\n')
  const lineEnd = newline < 0 ? text.length : place.start + newline
  const from = Math.max(lineStart, place.start - before)
  const to = Math.min(lineEnd, place.start + after)
  const lead = (from > lineStart ? '…' : '') + shown(text.slice(from, place.start))
  const meant = shown(text.slice(place.start, Math.min(place.end, to)).trimEnd())
  const line = `${lead}${shown(text.slice(place.start, to))}${to < lineEnd ? '…' : ''}`.trimEnd()
  const underline = mark.mark.repeat(Math.max(1, columns(meant)))
  const label = mark.label === '' ? '' : ` ${printable(mark.label)}`
  const bar = style.paint.dim('|')
  const blank = ' '.repeat(style.digits + 1)
  const number = style.paint.dim(`${place.line}`.padStart(style.digits + 1))
  return [`${number} ${bar} ${line}`, `${blank} ${bar} ${' '.repeat(columns(lead))}${mark.colour(underline + label)}`]
}

/** Without what would move the cursor or colour the terminal. */
export function printable(text: string): string {
  return text
    .replace(/\r?\n/g, '␤')
    .replace(/[\x00-\x1f]/g, c => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu, '\ufffd')
}

/** A tab is shown as two blanks, so that the underline is right in every terminal. */
function shown(text: string): string {
  return printable(text.replaceAll('\t', '  ').replaceAll('\r', ''))
}

/** How many columns of a terminal a text takes (Unicode Standard Annex 11; combining characters take none). */
function columns(text: string): number {
  let sum = 0
  for (const character of text) sum += /\p{Mn}|\p{Me}|\p{Cf}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return sum
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

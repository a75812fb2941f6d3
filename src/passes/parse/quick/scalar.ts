/** A cursor in; out the plain or quoted scalar of one line that it stands at, or undefined where there is any doubt. */
import { type Cursor, doubleQuote, peek, singleQuote } from './cursor.js'

/** Where a scalar stands: inside of brackets and braces it ends at them, and at commas. */
export type Context = 'block' | 'flow'

const nulls = new Set(['~', 'null', 'Null', 'NULL'])

/** Plain scalars as far as there is no doubt: `-1`, `.5` and `::1` are such too. */
const plain = { block: plainBetween(''), flow: plainBetween(',[\\]{}') }

/** @param signs those that end a plain scalar besides blanks, for a class of characters */
function plainBetween(signs: string): RegExp {
  const gap = `(?:[ \\n${signs}]|$)`
  const first = '(?:[\\w/+~$\\x80-\\uffff]|[-.](?=\\w)|:(?=:?[\\da-fA-F/]))'
  const further = `(?:[^ \\n:#${signs}]|:(?!${gap})|(?<! )#| +(?!#|:?${gap}))`
  return new RegExp(`${first}${further}*`, 'y')
}

/** A scalar as a value: its text, or null. */
export function readScalar(cursor: Cursor, context: Context): string | null | undefined {
  const quoted = isQuote(peek(cursor))
  const text = readText(cursor, context)
  return !quoted && text !== undefined && nulls.has(text) ? null : text
}

/** A scalar as text, `null` too. */
export function readText(cursor: Cursor, context: Context): string | undefined {
  // The package has a sign of its own before a plain one.
  cursor.words += 2
  return isQuote(peek(cursor)) ? readQuoted(cursor) : readPlain(cursor, context)
}

export function isQuote(code: number): boolean {
  return code === doubleQuote || code === singleQuote
}

function readQuoted(cursor: Cursor): string | undefined {
  const { text, at } = cursor
  const quote = text[at]!
  const end = text.indexOf(quote, at + 1)
  const inner = text.slice(at + 1, end)
  const doubtful = end < 0 || text[end + 1] === quote || inner.includes('\n') || inner.includes('\\')
  if (doubtful) return undefined
  cursor.at = end + 1
  return inner
}

function readPlain(cursor: Cursor, context: Context): string | undefined {
  const { text, at } = cursor
  plain[context].lastIndex = at
  if (!plain[context].test(text)) return undefined
  cursor.at = plain[context].lastIndex
  return text.slice(at, cursor.at)
}

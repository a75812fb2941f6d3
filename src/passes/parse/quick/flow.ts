/** A cursor at `[` or `{` in; out the list or mapping up to its other end, or undefined where there is any doubt. */
import type { Mapping, Value } from '../../../model/document.js'
import {
  type Cursor,
  closeBrace,
  closeBracket,
  colon,
  column,
  comma,
  deepest,
  isGap,
  openBrace,
  openBracket,
  pass,
  peek,
  skip,
  skipBlanks,
} from './cursor.js'
import { finished, newEntries, set } from './entries.js'
import { isQuote, readScalar, readText } from './scalar.js'

/** @param outer the column of the block around it: further lines stand more to the right */
export function readFlow(cursor: Cursor, outer: number): Value | undefined {
  if (++cursor.brackets > deepest) return undefined
  const value = peek(cursor) === openBracket ? readList(cursor, outer) : readMapping(cursor, outer)
  cursor.brackets--
  return value
}

function readList(cursor: Cursor, outer: number): Value | undefined {
  const items: Value[] = []
  do {
    pass(cursor)
    if (!within(cursor, outer)) return undefined
    if (peek(cursor) === closeBracket) break
    const item = readItem(cursor, outer)
    if (item === undefined || !within(cursor, outer)) return undefined
    items.push(item)
  } while (peek(cursor) === comma)
  return closed(cursor, closeBracket) ? items : undefined
}

function readMapping(cursor: Cursor, outer: number): Mapping | undefined {
  const entries = newEntries()
  do {
    pass(cursor)
    if (!within(cursor, outer)) return undefined
    if (peek(cursor) === closeBrace) break
    const quoted = isQuote(peek(cursor))
    const key = readText(cursor, 'flow')
    if (key === undefined) return undefined
    const value = readBehindKey(cursor, outer, quoted)
    if (value === undefined || !within(cursor, outer) || !set(entries, key, value)) return undefined
  } while (peek(cursor) === comma)
  return closed(cursor, closeBrace) ? finished(entries) : undefined
}

/** Null for a key without a colon. Behind a quoted key the colon may stand right before the value, as in JSON. */
function readBehindKey(cursor: Cursor, outer: number, quoted: boolean): Value | undefined {
  skipBlanks(cursor)
  if (peek(cursor) !== colon) return null
  pass(cursor)
  if (!quoted && !isGap(cursor.text, cursor.at)) return undefined
  if (!within(cursor, outer)) return undefined
  if (peek(cursor) !== comma && peek(cursor) !== closeBrace) return readItem(cursor, outer)
  // The package has a word of no letters here.
  cursor.words += 2
  return null
}

function readItem(cursor: Cursor, outer: number): Value | undefined {
  const code = peek(cursor)
  return code === openBracket || code === openBrace ? readFlow(cursor, outer) : readScalar(cursor, 'flow')
}

function closed(cursor: Cursor, by: number): boolean {
  if (peek(cursor) !== by) return false
  pass(cursor)
  return true
}

/**
 * Over blanks, comments and line ends to the next word; false where its line stands too far left. The last bracket
 * may stand below the key that the first one stands behind, which is against YAML's letter, but nobody minds.
 */
function within(cursor: Cursor, outer: number): boolean {
  const { lineStart: line, at } = cursor
  if (!skip(cursor)) return false
  if (cursor.lineStart === line) return true
  // Behind a quoted word the package takes a comment at the very left for a part of it.
  if (cursor.text.slice(at, cursor.at).includes('\n#')) return false
  if (column(cursor) > outer) return true
  const closes = peek(cursor) === closeBracket || peek(cursor) === closeBrace
  return column(cursor) === outer && cursor.brackets === 1 && closes
}

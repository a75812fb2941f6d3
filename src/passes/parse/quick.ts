/**
 * A text in; its value out, or undefined for a text that is left to the `yaml` package.
 *
 * Most topologies need little of YAML: blocks by indentation, brackets and braces, scalars of one line, comments. That
 * is read here, straight from the text, in a fraction of the time. It is a short-cut and never a second truth. The law:
 * **whatever this reader returns, the package's way (`thorough.ts`) returns too**: an equal value, its keys in the same
 * order, and not one diagnostic. At the least doubt it declines: tabs, anchors, tags, merges, block scalars, escapes,
 * scalars of several lines, further documents, keys that stand twice, and every text with a mistake.
 */
import type { Mapping, Value } from '../../model/document.js'
import { longest } from './compose.js'
import {
  type Cursor,
  colon,
  column,
  dash,
  deepest,
  isGap,
  openBrace,
  openBracket,
  pass,
  peek,
  skip,
  skipBlanks,
} from './quick/cursor.js'
import { finished, newEntries, set } from './quick/entries.js'
import { readFlow } from './quick/flow.js'
import { readScalar, readText } from './quick/scalar.js'

/** Tabs, other line ends, byte order marks, and lines that begin or end a document. */
const doubtful = /[\t\r\ufeff]|^(?:---|\.\.\.)/m

/** In characters. Longer texts are of another sort, and might fill the stack of a regular expression. */
const largest = 2_000_000

/** YAML takes no longer ones (1024 characters) for keys. */
const longestKey = 1000

/** @param text without control characters (`refusedText`) */
export function quick(text: string): Value | undefined {
  const read = readQuickly(text)
  return read !== undefined && read.words <= longest ? read.value : undefined
}

/** The value, and at least as many words, signs and blanks as the package counts in the text. */
export function readQuickly(text: string): { readonly value: Value; readonly words: number } | undefined {
  if (text.length > largest || doubtful.test(text)) return undefined
  const cursor: Cursor = { text, at: 0, lineStart: 0, blocks: 0, brackets: 0, words: beginning }
  if (!skip(cursor) || cursor.at === text.length) return undefined
  const value = isBracket(cursor) ? readLine(cursor, -1) : readBlock(cursor)
  return cursor.at === text.length && value !== undefined ? { value, words: cursor.words } : undefined
}

/** The package's signs for a document's begin and end. */
const beginning = 2

function isBracket(cursor: Cursor): boolean {
  return peek(cursor) === openBracket || peek(cursor) === openBrace
}

function isItem(cursor: Cursor): boolean {
  return peek(cursor) === dash && isGap(cursor.text, cursor.at + 1)
}

/** The collection whose first key or dash is next, up to the first line that is none of it. */
function readBlock(cursor: Cursor): Value | undefined {
  if (++cursor.blocks > deepest) return undefined
  const value = isItem(cursor) ? readList(cursor, column(cursor)) : readMapping(cursor, column(cursor))
  cursor.blocks--
  return value
}

/** A list may end in its own column: at the next key of a mapping around it. */
function readList(cursor: Cursor, indent: number): Value | undefined {
  const items: Value[] = []
  do {
    pass(cursor)
    const item = readBehind(cursor, indent, 'item')
    if (item === undefined) return undefined
    items.push(item)
  } while (column(cursor) === indent && isItem(cursor))
  return column(cursor) <= indent ? items : undefined
}

function readMapping(cursor: Cursor, indent: number): Mapping | undefined {
  const entries = newEntries()
  do {
    const key = readKey(cursor)
    const value = key === undefined ? undefined : readBehind(cursor, indent, 'key')
    if (value === undefined || !set(entries, key!, value)) return undefined
  } while (column(cursor) === indent)
  return column(cursor) < indent ? finished(entries) : undefined
}

/** A key with its colon. */
function readKey(cursor: Cursor): string | undefined {
  const start = cursor.at
  const key = readText(cursor, 'block')
  skipBlanks(cursor)
  if (key === undefined || peek(cursor) !== colon || cursor.at - start > longestKey) return undefined
  pass(cursor)
  return isGap(cursor.text, cursor.at) ? key : undefined
}

/** What stands behind a dash or a key's colon, and the line's end; the next word is that of another line then. */
function readBehind(cursor: Cursor, indent: number, what: 'item' | 'key'): Value | undefined {
  const line = cursor.lineStart
  if (!skip(cursor)) return undefined
  if (cursor.lineStart === line && cursor.at < cursor.text.length) {
    const compact = what === 'item' && !isBracket(cursor) && (isItem(cursor) || isKey(cursor))
    return compact ? readBlock(cursor) : readLine(cursor, indent)
  }
  const deeper = column(cursor) > indent || (what === 'key' && column(cursor) === indent && isItem(cursor))
  return deeper ? readBlock(cursor) : null
}

/** Whether a key is next; nothing is read. */
function isKey(cursor: Cursor): boolean {
  const { at, words } = cursor
  const found = readKey(cursor) !== undefined
  cursor.at = at
  cursor.words = words
  return found
}

/** A scalar, or brackets (these over several lines), behind which the line ends. */
function readLine(cursor: Cursor, indent: number): Value | undefined {
  const value = isBracket(cursor) ? readFlow(cursor, indent) : readScalar(cursor, 'block')
  const line = cursor.lineStart
  if (value === undefined || !skip(cursor)) return undefined
  return cursor.lineStart > line || cursor.at === cursor.text.length ? value : undefined
}

/** A cursor in; out the plain or quoted scalar of one line that it stands at, or undefined where there is any doubt. */
import { blank, type Cursor, colon, doubleQuote, hash, isGap, newline, peek, singleQuote } from './cursor.js'

/** Where a scalar stands: inside of brackets and braces it ends at them, and at commas. */
export type Context = 'block' | 'flow'

const flowSigns = ',[]{}'
const nulls = new Set(['~', 'null', 'Null', 'NULL'])

/** By character code below 128: whether it is part of a plain scalar whatever stands around it. */
const ordinary = Uint8Array.from({ length: 128 }, (_, code) => {
  return code > blank && !`:#${flowSigns}`.includes(String.fromCharCode(code)) ? 1 : 0
})

/** By character code below 128: whether a plain scalar may begin with it, whatever follows. */
const begins = Uint8Array.from({ length: 128 }, (_, code) => (/[\w/+~$]/.test(String.fromCharCode(code)) ? 1 : 0))

/** A scalar as a value: its text, or null. */
export function readScalar(cursor: Cursor, context: Context): string | null | undefined {
  const quoted = isQuote(peek(cursor))
  const text = readText(cursor, context)
  return !quoted && text !== undefined && nulls.has(text) ? null : text
}

/** A scalar as text, `null` too. */
export function readText(cursor: Cursor, context: Context): string | undefined {
  cursor.values++
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
  if (!beginsPlain(text, at)) return undefined
  cursor.at = plainEnd(text, at, context)
  return text.slice(at, cursor.at)
}

/** `-1`, `.5` and `::1` are plain too. */
function beginsPlain(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code > 127 || begins[code] === 1 || /^(?:[-.]\w|::?[\da-fA-F/])/.test(text.slice(at, at + 3))
}

/** Behind the last character of the plain scalar that begins here. */
function plainEnd(text: string, start: number, context: Context): number {
  let end = start
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at)
    if (code > 127 || ordinary[code] === 1) end = at + 1
    else if (code !== blank) {
      if (endsPlain(text, at, context)) return end
      end = at + 1
    }
  }
}

/** Whether a sign that is not always a part of plain scalars ends this one. */
function endsPlain(text: string, at: number, context: Context): boolean {
  const code = text.charCodeAt(at)
  if (code === hash) return text.charCodeAt(at - 1) === blank
  if (code === colon) return isGap(text, at + 1) || (context === 'flow' && flowSigns.includes(text[at + 1]!))
  return at >= text.length || code === newline || context === 'flow'
}

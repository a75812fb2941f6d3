/** Where the quick reader stands in a text; in and out goes the cursor, moved over blanks, comments and line ends. */

export interface Cursor {
  readonly text: string
  /** Offset of the next character. */
  at: number
  /** Offset of the first character of this line. */
  lineStart: number
  /** How many collections of lines are open. */
  blocks: number
  /** How many brackets and braces are open. */
  brackets: number
  /** How many words, signs, blanks, comments and line ends were read, as the package counts them, or more. */
  words: number
}

/** Collections inside of one another, of each sort; the `yaml` package's way may go deeper than both together. */
export const deepest = 30

/** Character codes, by what they are called. */
export const blank = 32
export const newline = 10
export const doubleQuote = 34
export const hash = 35
export const singleQuote = 39
export const comma = 44
export const dash = 45
export const colon = 58
export const openBracket = 91
export const closeBracket = 93
export const openBrace = 123
export const closeBrace = 125

/** The code of the next character; NaN at the text's end. */
export function peek({ text, at }: Cursor): number {
  return text.charCodeAt(at)
}

/** Whether at this offset stands what sets words apart in every place: a blank, a line end, or the text's end. */
export function isGap(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === blank || code === newline || at >= text.length
}

/** Over blanks, comments and line ends, as many as there are; false where a comment begins inside of a word. */
export function skip(cursor: Cursor): boolean {
  const { text } = cursor
  let { at } = cursor
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === blank) at = blanksEnd(text, at)
    else if (code === newline) cursor.lineStart = ++at
    else if (code !== hash) break
    else if (at > 0 && !isGap(text, at - 1)) return false
    else at = lineEnd(text, at)
    cursor.words++
  }
  cursor.at = at
  return true
}

/** Over a single sign. */
export function pass(cursor: Cursor): void {
  cursor.at++
  cursor.words++
}

/** Over the blanks that are next, however many. */
export function skipBlanks(cursor: Cursor): void {
  const end = blanksEnd(cursor.text, cursor.at)
  if (end > cursor.at) cursor.words++
  cursor.at = end
}

function blanksEnd(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === blank) at++
  return at
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** The column of the next word, from 0; -1 at the text's end. */
export function column({ text, at, lineStart }: Cursor): number {
  return at < text.length ? at - lineStart : -1
}

/** One error of the `yaml` package in; out the mistake behind it, as the text around it tells. */
import type { YAMLError } from 'yaml'
import type { Code } from '../../diagnostic.js'

export interface Mistake {
  readonly code?: Code
  readonly message: string
  readonly range: readonly [start: number, end: number]
  readonly hint?: string
  /** It spoils no more than the entry it stands in. */
  readonly local?: boolean
  /** It may be no mistake of its own. */
  readonly follows?: boolean
  /** What to read instead, of the same length, to find what else is wrong. */
  readonly repair?: string
}

interface Context {
  readonly code: string
  readonly text: string
  readonly start: number
  readonly end: number
  readonly said: string
}

type Recognizer = (context: Context) => Omit<Mistake, 'range'> & Partial<Pick<Mistake, 'range'>>

/** What the package says (its code, and words of its message), and what that means; the first that fits. */
const table: readonly (readonly [codes: RegExp, words: RegExp, recognizer: Recognizer])[] = [
  [/TAB_AS_INDENT/, /./, tab],
  [/RESOURCE_EXHAUSTION/, /./, () => ({ code: 'yaml-bomb', message: 'the text nests too deep here' })],
  [/BLOCK_AS_IMPLICIT_KEY|BLOCK_IN_FLOW/, /./, nested],
  [/MISSING_CHAR/, /closing/, unclosedQuote],
  [/BAD_INDENT|MISSING_CHAR/, /end with a/, unclosedBracket],
  [/BAD_INDENT/, /./, indentation],
  [/MISSING_CHAR/, /followed by map values/, loneKey],
  [/MISSING_CHAR/, /Missing space after/, () => ({ message: 'a blank is missing after this colon' })],
  [/MISSING_CHAR/, /Missing ,/, () => missingComma()],
  [/UNEXPECTED_TOKEN/, /same line with key/, listOnKeyLine],
  [/UNEXPECTED_TOKEN/, /Unexpected ,|empty item/, emptyItem],
  [/UNEXPECTED_TOKEN/, /(map|seq)-end/, strayBracket],
  [/UNEXPECTED_TOKEN/, /./, unexpected],
  [/BAD_SCALAR_START/, /./, reserved],
  [/MULTILINE_IMPLICIT_KEY/, /./, manyLineKey],
  [/BAD_DQ_ESCAPE/, /./, unknownEscape],
]

export function recognize(text: string, { code, message, pos }: YAMLError): Mistake {
  const [start, end] = [pos[0], Math.max(pos[1], pos[0] + 1)]
  const range = [start, end] as const
  const variable = unquotedVariable(text, start)
  if (variable) return variable
  const row = table.find(([codes, words]) => codes.test(code) && words.test(message))
  return { range, ...(row?.[2]({ code, text, start, end, said: message }) ?? { message: uncapitalized(message) }) }
}

/** Inside `{}` and `[]` a plain text ends before a brace. */
function unquotedVariable(text: string, at: number): Mistake | undefined {
  const line = text.slice(0, at + 1).lastIndexOf('\n') + 1
  const match = /\$\{[^}\n]*\}?/g
  match.lastIndex = line
  for (let found = match.exec(text); found && found.index <= at; found = match.exec(text)) {
    const end = found.index + found[0].length
    if (at > end) continue
    return {
      code: 'yaml-surprise',
      message: 'inside {} and [] YAML takes the braces of a variable for its own',
      range: [found.index, end],
      hint: `put it in quotes: "${found[0]}"`,
      local: true,
      repair: found[0].replace(/[^$\w]/g, '_'),
    }
  }
  return undefined
}

function tab() {
  return { message: 'a tab indents this line, which YAML does not take', hint: 'indent with blanks' }
}

function nested({ code, text, start }: Context) {
  const word = /[^\s,\]}]*/.exec(text.slice(start, start + 200))![0]
  const range = [start, start + word.length] as const
  if (/^[0-9a-f.]*:[0-9a-f:.]*:$/i.test(word)) return { ...address(word), range }
  const line = text.slice(start).split('\n', 1)[0]!
  const twoKeys = code === 'BLOCK_IN_FLOW' && /^[^\s:,]+(?=\s+[\w+-]+:\s)/.exec(line)
  if (twoKeys) return missingComma(start + twoKeys[0].length)
  if (!/:(\s|$)/.test(line)) {
    return {
      message: 'this key has a value already, and keys stand below it',
      range: [start, start + line.trimEnd().length] as const,
      hint: 'take the value out, or indent the lines below like this one',
    }
  }
  return {
    message: 'two keys stand on one line',
    range,
    hint: 'a text with a colon and a blank in it wants quotes; else begin a new line',
  }
}

/** An address that ends in colons is a mapping's key to YAML. */
function address(word: string) {
  return {
    code: 'yaml-surprise',
    message: `YAML takes the colon at the end of \`${word}\` for a mapping’s`,
    hint: `put it in quotes: "${word}"`,
    local: true,
    repair: '_'.repeat(word.length),
  } as const
}

function unclosedQuote({ text, start, said }: Context) {
  const quote = said.includes('"') ? '"' : "'"
  let open = text.lastIndexOf(quote, start - 1)
  while (open > 0 && text[open - 1] === '\\' && quote === '"') open = text.lastIndexOf(quote, open - 1)
  const range = open < 0 ? ([start, start + 1] as const) : ([open, open + 1] as const)
  return { message: 'this quote is never closed', range, hint: `a ${quote} is missing where the text ends` }
}

function unclosedBracket({ text, start, said }: Context) {
  const [open, close] = said.endsWith('}') ? '{}' : '[]'
  let depth = 1
  let at = start
  while (at > 0 && depth > 0) {
    at--
    if (text[at] === close) depth++
    if (text[at] === open) depth--
  }
  const range = depth === 0 ? ([at, at + 1] as const) : ([start, start + 1] as const)
  return {
    message: `this ${open} is not closed before the next line that stands further left`,
    range,
    hint: `a ${close} is missing`,
  }
}

function indentation({ text, start }: Context) {
  const word = start + /^\s*/.exec(text.slice(start))![0].length
  const line = text.lastIndexOf('\n', word - 1) + 1
  const blanks = word - line
  const range = [word, Math.max(word + 1, lineEnd(text, word))] as const
  return {
    message: `this line is indented by ${blanks}, and fits to none above`,
    range,
    hint: 'keys of one mapping begin in the same column',
  }
}

function loneKey({ text, start, end }: Context) {
  const key = text.slice(start, end).split('\n', 1)[0]!.trim()
  const colon = key.indexOf(':')
  const hint =
    colon > 0
      ? `a blank is missing: \`${key.slice(0, colon)}: ${key.slice(colon + 1)}\``
      : 'a key ends in a colon, a list’s item begins with `- `'
  return { message: `\`${key}\` is neither a key with a value nor an item of a list`, hint }
}

function missingComma(at?: number) {
  const range = at === undefined ? {} : { range: [at, at + 1] as const }
  return { ...range, message: 'a comma is missing here', hint: 'items inside [] and {} are set apart by commas' }
}

function listOnKeyLine() {
  return {
    message: 'a list cannot begin in the line of its key',
    hint: 'begin a new line before the `-`, or write [a, b]',
  }
}

function emptyItem() {
  return { message: 'an item is missing before this comma', hint: 'take the comma out', local: true }
}

function strayBracket({ text, start }: Context) {
  return {
    message: `nothing was opened that this ${text[start]} closes`,
    hint: `take it out, or put the text in quotes`,
  }
}

function unexpected({ text, start, said }: Context) {
  const before = text.slice(0, start).trimEnd().at(-1)
  if (before === '"' || before === "'") {
    return {
      message: 'more text stands after the closing quote',
      hint: 'is a quote missing further up, or one too many? Quotes inside double quotes are written \\"',
    }
  }
  if (before === ']' || before === '}')
    return { message: `more text stands after the closing ${before}`, hint: 'is a comma missing before it?' }
  if (/Not a YAML token/.test(said)) return { message: 'text cannot stand in the line of `|` and `>`' }
  return {
    message: 'this does not belong to what stands above',
    hint: 'look at the indentation, and whether a list and a mapping are mixed',
  }
}

function reserved({ text, start }: Context) {
  const word = /[^\s,\]}]*/.exec(text.slice(start, start + 200))![0]
  return {
    message: `a text that begins with ${text[start]} wants quotes`,
    range: [start, start + word.length] as const,
    hint: `"${word}"`,
  }
}

function manyLineKey({ text, start, end }: Context) {
  const lines = text.slice(start, end).split('\n').length
  const message = lines > 1 ? 'these lines are one key to YAML' : 'this line cannot stand here'
  return { message, hint: 'is a colon missing at the end of a line, or is one indented too far?' }
}

function unknownEscape({ text, start }: Context) {
  const word = text.slice(start, start + 2)
  return {
    message: `\`${word}\` means nothing inside double quotes`,
    range: [start, start + 2] as const,
    hint: `write \\${word}, or use single quotes`,
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return text.slice(0, end < 0 ? text.length : end).trimEnd().length
}

function uncapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** A text in, the `yaml` package's nodes out, with what is wrong with the text as diagnostics. */
import { Composer, type CST, Lexer, type ParsedNode, Parser } from 'yaml'
import { type Diagnostic, error } from '../../diagnostic.js'
import type { Mistake } from './mistakes.js'
import { mistakesIn, repaired } from './syntax.js'

export interface Composed {
  readonly text: string
  readonly root: ParsedNode | null
  readonly diagnostics: readonly Diagnostic[]
  /** Offsets of mistakes that spoil only the entry that they stand in; undefined when nothing can be relied on. */
  readonly spoiled: readonly number[] | undefined
}

/** Deep enough for every topology, and far from what overflows the composer's stack. */
const deepest = 100

/** Words, signs and blanks: about 15 000 nodes; each costs the package a kilobyte. */
export const longest = 500_000

/** Every plain scalar stays text; unique keys are checked by us, as the package's way is quadratic. */
const options = { version: '1.2', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' } as const

/** Mistakes that can be put right are, and the text is read again, a few times, for what else is wrong with it. */
export function compose(text: string): Composed {
  const known: Mistake[] = []
  let reading = composeOnce(text)
  for (let attempt = 0; attempt < 10; attempt++) {
    const better = repaired(reading.text, reading.mistakes)
    if (better === undefined) break
    known.push(...reading.mistakes.filter(each => each.repair !== undefined))
    reading = composeOnce(better)
  }
  const mistakes = [...known, ...reading.mistakes.filter(each => !each.follows)]
  const spoiled = reading.mistakes.every(each => each.local) ? mistakes.map(each => each.range[0]) : undefined
  return { text, root: reading.root, diagnostics: mistakes.map(diagnose), spoiled }
}

interface Reading {
  readonly text: string
  readonly root: ParsedNode | null
  readonly mistakes: readonly Mistake[]
}

function composeOnce(text: string): Reading {
  try {
    const { tokens, found } = tokenize(text)
    if (found.length > 0) return { text, root: null, mistakes: found }
    const [document] = [...new Composer<ParsedNode>(options).compose(tokens, true, text.length)]
    return { text, root: document?.contents ?? null, mistakes: mistakesIn(text, document?.errors ?? []) }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return { text, root: null, mistakes: [{ message: `YAML can’t be read: ${reason}`, range: [0, 1] }] }
  }
}

function diagnose({ code, message, range, hint }: Mistake): Diagnostic {
  return error(code ?? 'yaml-syntax', message, { range }, hint === undefined ? {} : { hint })
}

/** The package's syntax tokens, as long as they nest no deeper than they should and make one document of YAML 1.2. */
function tokenize(text: string): { readonly tokens: readonly CST.Token[]; readonly found: readonly Mistake[] } {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let lexemes = 0
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > deepest) return { tokens: [], found: [tooDeep(parser.offset)] }
    if (++lexemes > longest) return { tokens: [], found: [tooLong(parser.offset)] }
  }
  tokens.push(...parser.end())
  const found = [...oldVersions(tokens), ...furtherDocuments(tokens)]
  return { tokens, found }
}

function tooDeep(offset: number): Mistake {
  return {
    code: 'yaml-bomb',
    message: `the text nests deeper than ${deepest} levels here`,
    range: [offset, offset + 1],
  }
}

function tooLong(offset: number): Mistake {
  const message = `the text has more than ${longest} words and signs, which no topology has`
  return { code: 'file-unreadable', message, range: [offset, offset + 1] }
}

function oldVersions(tokens: readonly CST.Token[]): readonly Mistake[] {
  return tokens
    .filter(token => token.type === 'directive')
    .filter(({ source }) => /^%YAML\s/.test(source) && !/^%YAML\s+1\.2(\s|$)/.test(source))
    .map(({ source, offset }) => ({
      code: 'yaml-unsupported',
      message: `nstopo reads YAML 1.2, not ${source.trim().slice(1)}`,
      range: [offset, offset + source.length],
      hint: 'take the line out; `yes`, `no`, `0644` and `22:22` mean what they say then',
    }))
}

function furtherDocuments(tokens: readonly CST.Token[]): readonly Mistake[] {
  const second = tokens.filter(token => token.type === 'document')[1]
  if (!second) return []
  const hint = 'one file is one lab: take out the line `---`, or put what follows into a file of its own'
  const range = [second.offset, second.offset + 3] as const
  return [{ code: 'yaml-unsupported', message: 'a second document starts here', range, hint }]
}

/** A text in, the `yaml` package's nodes out, with what is wrong with the text as diagnostics. */
import { Composer, type CST, Lexer, type ParsedNode, Parser, type YAMLError } from 'yaml'
import { type Diagnostic, error } from '../../diagnostic.js'
import { syntaxErrors } from './syntax.js'

export interface Composed {
  readonly text: string
  readonly root: ParsedNode | null
  readonly diagnostics: readonly Diagnostic[]
  /** Offsets of mistakes that spoil only the entry that they stand in; undefined when nothing can be relied on. */
  readonly spoiled: readonly number[] | undefined
}

/** Deep enough for every topology, and far from what overflows the composer's stack. */
const deepest = 100

/** Every plain scalar stays text; unique keys are checked by us, as the package's way is quadratic. */
const options = { version: '1.2', schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' } as const

export function compose(text: string): Composed {
  try {
    const { tokens, found } = tokenize(text)
    if (found.length > 0) return { text, root: null, diagnostics: found, spoiled: undefined }
    const [document] = [...new Composer<ParsedNode>(options).compose(tokens, true, text.length)]
    const errors: readonly YAMLError[] = document?.errors ?? []
    return { text, root: document?.contents ?? null, ...syntaxErrors(text, errors) }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return {
      text,
      root: null,
      diagnostics: [error('yaml-syntax', `YAML can’t be read: ${reason}`)],
      spoiled: undefined,
    }
  }
}

/** The package's syntax tokens, as long as they nest no deeper than they should and make one document of YAML 1.2. */
function tokenize(text: string): { readonly tokens: readonly CST.Token[]; readonly found: readonly Diagnostic[] } {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > deepest) return { tokens: [], found: [tooDeep(parser.offset)] }
  }
  tokens.push(...parser.end())
  const found = [...oldVersions(tokens), ...furtherDocuments(tokens)]
  return { tokens, found }
}

function tooDeep(offset: number): Diagnostic {
  return error('yaml-bomb', `the text nests deeper than ${deepest} levels here`, { range: [offset, offset + 1] })
}

function oldVersions(tokens: readonly CST.Token[]): readonly Diagnostic[] {
  return tokens
    .filter(token => token.type === 'directive')
    .filter(({ source }) => /^%YAML\s/.test(source) && !/^%YAML\s+1\.2(\s|$)/.test(source))
    .map(({ source, offset }) =>
      error('yaml-unsupported', `nstopo reads YAML 1.2, not ${source.trim().slice(1)}`, at(offset, source), {
        hint: 'take the line out; `yes`, `no`, `0644` and `22:22` mean what they say then',
      }),
    )
}

function furtherDocuments(tokens: readonly CST.Token[]): readonly Diagnostic[] {
  const second = tokens.filter(token => token.type === 'document')[1]
  if (!second) return []
  const range = { range: [second.offset, second.offset + 3] } as const
  const hint = 'one file is one lab: take out the line `---`, or put what follows into a file of its own'
  return [error('yaml-unsupported', 'a second document starts here', range, { hint })]
}

function at(offset: number, source: string) {
  return { range: [offset, offset + source.length] } as const
}

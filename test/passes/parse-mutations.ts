/** Texts in, the same texts out as somebody might have edited them: for properties that hold for any text. */
import fc from 'fast-check'

/** Words and signs that mean something to YAML or JavaScript. */
export const hostile: readonly string[] = [
  '__proto__',
  'toString',
  'constructor',
  '1',
  '',
  '~',
  '<<',
  '*a',
  '&a',
  '{',
  '\t',
  '${X}',
  '!x',
  ': ',
  '- ',
  '|',
  '"',
  "'",
  '[',
  ']',
  '#',
  '---',
  '%YAML 1.1',
  '\0',
  '\ud800',
  '%',
  '?',
]

/** One of them. */
export const hostileWord: fc.Arbitrary<string> = fc.constantFrom(...hostile)

export interface Mutation {
  readonly at: number
  readonly kind: number
  readonly word: string
  readonly length: number
}

/** A change by a word or sign. */
export function mutationBy(word: fc.Arbitrary<string>): fc.Arbitrary<Mutation> {
  return fc.record({ at: fc.nat(), kind: fc.nat(5), word, length: fc.nat(12) })
}

/** The text with a line or some characters taken out, put in, repeated, indented or replaced. */
export function mutated(text: string, { at, kind, word, length }: Mutation): string {
  const lines = text.split('\n')
  const line = at % lines.length
  const offset = at % (text.length + 1)
  if (kind === 0) return lines.toSpliced(line, 1).join('\n')
  if (kind === 1) return lines.toSpliced(line, 0, lines[(line + length) % lines.length]!).join('\n')
  if (kind === 2) return text.slice(0, offset) + word + text.slice(offset)
  if (kind === 3) return text.slice(0, offset) + text.slice(offset + length)
  if (kind === 4) return lines.toSpliced(line, 1, ' '.repeat(length) + lines[line]!).join('\n')
  return lines.toSpliced(line, 1, lines[line]!.replace(/[^\s:]+$/, word)).join('\n')
}

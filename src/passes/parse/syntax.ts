/** Errors of the `yaml` package in; out what they mean to the one who wrote the text, without what follows from them. */
import type { YAMLError } from 'yaml'
import { type Diagnostic, error } from '../../diagnostic.js'
import { type Mistake, recognize } from './mistakes.js'

export interface SyntaxErrors {
  readonly diagnostics: readonly Diagnostic[]
  /** Where the text is spoiled only locally; undefined when its structure is in doubt. */
  readonly spoiled: readonly number[] | undefined
}

/**
 * One mistake makes several errors. So the first counts, and further ones only if they are known not to follow from
 * it: those that spoil no more than their own line.
 */
export function syntaxErrors(text: string, errors: readonly YAMLError[]): SyntaxErrors {
  const found: Mistake[] = []
  const lines = new Set<number>()
  let broken = false
  for (const each of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const line = text.lastIndexOf('\n', each.pos[0] - 1)
    const mistake = recognize(text, each)
    if (lines.has(line)) continue
    lines.add(line)
    if (!mistake.local) broken = true
    if (mistake.local || found.length === 0) found.push(mistake)
  }
  return { diagnostics: found.map(diagnose), spoiled: broken ? undefined : found.map(({ range }) => range[0]) }
}

function diagnose({ code, message, range, hint }: Mistake): Diagnostic {
  return error(code ?? 'yaml-syntax', message, { range }, hint === undefined ? {} : { hint })
}

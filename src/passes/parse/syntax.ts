/** Errors of the `yaml` package in; out what they mean to the one who wrote the text, without what follows from them. */
import type { YAMLError } from 'yaml'
import { type Mistake, recognize } from './mistakes.js'

/** Errors that are looked at: a text with more is none of YAML. */
const most = 50

/**
 * One mistake makes several errors. So the first counts, and further ones only if they are known not to follow from
 * it: those that spoil no more than their own entry.
 */
export function mistakesIn(text: string, errors: readonly YAMLError[]): readonly Mistake[] {
  const found: Mistake[] = []
  const lines = new Set<number>()
  for (const each of errors.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, most)) {
    const line = text.lastIndexOf('\n', each.pos[0] - 1)
    if (lines.has(line)) continue
    lines.add(line)
    const mistake = recognize(text, each)
    if (mistake.local || found.length === 0) found.push(mistake)
    else if (found.every(other => other.local)) found.push({ ...mistake, follows: true })
  }
  return found
}

/** The text with what can be put right put right, at the same offsets; undefined when there is no such thing. */
export function repaired(text: string, mistakes: readonly Mistake[]): string | undefined {
  const repairs = mistakes.filter(each => each.repair !== undefined)
  if (repairs.length === 0) return undefined
  return repairs.reduce((so, { range, repair = '' }) => so.slice(0, range[0]) + repair + so.slice(range[1]), text)
}

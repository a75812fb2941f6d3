/** A mistyped word and the words there are in, the likely ones out. */
import { editDistance } from '../../src/model/distance.js'

/** Names at most a third of their letters away from `word` wrong, nearest first, at most three. */
export function near(word: string, names: Iterable<string>): readonly string[] {
  const allowed = Math.max(1, Math.floor(word.length / 3))
  return [...names]
    .filter(name => Math.abs(name.length - word.length) <= allowed)
    .map(name => ({ name, steps: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ steps }) => steps <= allowed)
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** `did you mean a or b?`, as a hint, or nothing. */
export function didYouMean(word: string, names: Iterable<string>): { readonly hint?: string } {
  const likely = near(word, names)
  return likely.length === 0 ? {} : { hint: `did you mean ${likely.join(' or ')}?` }
}

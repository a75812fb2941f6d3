/** A mistyped word and the words there are in, the likely ones out. */

/** Names at most a third of their letters away from `word` (optimal string alignment), nearest first, at most three. */
export function near(word: string, names: Iterable<string>): readonly string[] {
  const allowed = Math.max(1, Math.floor(word.length / 3))
  return [...names]
    .filter(name => Math.abs(name.length - word.length) <= allowed)
    .map(name => ({ name, steps: distance(word.toLowerCase(), name.toLowerCase()) }))
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

/** Letters to put in, take out, change, or swap with the next to make one word of the other. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  let before = above
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const swapped = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = swapped ? before[column - 2]! + 1 : change
      line.push(Math.min(change, swap, above[column]! + 1, line[column - 1]! + 1))
    }
    before = above
    above = line
  }
  return above[b.length]!
}

/** A misspelt word and the words there are in; the one that was probably meant out. */

/** Thousands of mistakes among thousands of names would take minutes. */
const mostCandidates = 2000

/** The nearest candidate, if it is near enough: one slip in three letters, or cut short. */
export function similar(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates]
  if (all.length > mostCandidates) return undefined
  const longer = word.length > 2 ? all.filter(candidate => candidate.startsWith(word)) : []
  if (longer.length === 1) return longer[0]
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of all) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance >= least || distance >= candidate.length) continue
    least = distance
    best = candidate
  }
  return best
}

/** How many letters are wrong, missing, too many or swapped with a neighbour (Damerau and Levenshtein). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const change = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost)
      current.push(swapped ? Math.min(change, beforeLast[column - 2]! + 1) : change)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}

/** A misspelt word and the words there are in; the one that was probably meant out. */
import { editDistance } from '../../model/distance.js'

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

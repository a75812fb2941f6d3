/** Two words in; how far one is from being the other out. */

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

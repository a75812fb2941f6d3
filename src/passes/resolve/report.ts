/** Collects what is wrong: diagnostics in, the same in the order they were found out, each told once, follow-ups never. */
import type { Diagnostic } from '../../diagnostic.js'
import type { Report } from './draft.js'

export function collect(follows: (diagnostic: Diagnostic) => boolean): {
  readonly report: Report
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const seen = new Set<string>()
  const report = (diagnostic: Diagnostic) => {
    if (follows(diagnostic)) return
    const key = keyOf(diagnostic)
    if (!seen.has(key)) diagnostics.push(diagnostic)
    seen.add(key)
  }
  return { report, diagnostics }
}

/** What groups and defaults get wrong, they get wrong for every node that inherits it: one of them is enough. */
function keyOf({ code, at, message }: Diagnostic): string {
  const inherited = at && 'path' in at && (at.path[0] === 'groups' || at.path[0] === 'defaults')
  return JSON.stringify([code, at, inherited ? '' : message])
}

/** Overlapping subnets where routes are computed: segments and loopbacks in, a warning for each pair out. */
import { warning } from '../../diagnostic.js'
import type { Path } from '../../model/document.js'
import { comparePrefixes, contains, formatPrefix, networkOf, type Prefix, width } from '../../model/ip.js'
import type { Draft, DraftInterface, Report } from './draft.js'
import { type DraftSegment, labelOf } from './segments.js'

interface Owned {
  readonly prefix: Prefix
  /** A segment's name; loopbacks may share a prefix, which then goes to the nearest. */
  readonly owner: string
  readonly at: Path
}

export function doubtOverlaps(draft: Draft, segments: readonly DraftSegment[], report: Report): void {
  const around: Owned[] = []
  for (const owned of owners(draft, segments).sort((a, b) => comparePrefixes(a.prefix, b.prefix))) {
    while (around.length > 0 && !contains(around.at(-1)!.prefix, owned.prefix)) around.pop()
    const outer = around.at(-1)
    if (outer && outer.owner !== owned.owner) {
      const also = [{ at: { path: outer.at }, message: `${formatPrefix(outer.prefix)} stands here` }]
      const message = `${formatPrefix(owned.prefix)} of ${owned.owner} overlaps ${formatPrefix(outer.prefix)} of ${outer.owner}`
      const hint = 'computed routes lead to the nearer of the two'
      report(warning('subnets-overlap', message, owned.at, { also, hint }))
    }
    around.push(owned)
  }
}

function owners(draft: Draft, segments: readonly DraftSegment[]): Owned[] {
  const result: Owned[] = []
  for (const segment of segments)
    if (segment.routing) for (const owned of networks(segment.ends, labelOf(segment))) result.push(owned)
  for (const node of draft.nodes.values())
    for (const owned of networks([node.interfaces.get('lo')!], 'loopbacks')) result.push(owned)
  return result
}

function networks(ends: readonly DraftInterface[], owner: string): readonly Owned[] {
  const seen = new Map<string, Owned>()
  for (const end of ends)
    for (const { prefix, at } of end.addresses) {
      const network = networkOf(prefix)
      const text = `${network.family} ${network.bits} ${network.length}`
      if (prefix.length < width(prefix.family) && !seen.has(text)) seen.set(text, { prefix: network, owner, at })
    }
  return [...seen.values()]
}

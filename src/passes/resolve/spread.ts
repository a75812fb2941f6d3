/** Nodes that lack something in, on the workbench; out as broken, too, those whose numbering or reach hangs on them. */
import type { Draft, DraftNode } from './draft.js'

/** What is faulty in a switch, or in a node that may be one, is so for all that meet in it. */
export function spreadDoubt(draft: Draft): void {
  const passes = (node: DraftNode) => node.kind === 'switch' || draft.gaps.unsure(node.name)
  const open = [...draft.nodes.values()].filter(node => node.broken && passes(node))
  const neighbours = neighboursOf(draft)
  const seen = new Set(open)
  for (const node of open)
    for (const other of neighbours.get(node) ?? []) {
      other.broken = true
      if (!passes(other) || seen.has(other)) continue
      seen.add(other)
      open.push(other)
    }
}

function neighboursOf({ wires }: Draft): ReadonlyMap<DraftNode, readonly DraftNode[]> {
  const result = new Map<DraftNode, DraftNode[]>()
  const add = (from: DraftNode, to: DraftNode) => {
    const known = result.get(from)
    if (known) known.push(to)
    else result.set(from, [to])
  }
  for (const { ends } of wires) {
    add(ends[0].node, ends[1].node)
    add(ends[1].node, ends[0].node)
  }
  return result
}

/** Offsets of mistakes in; out the entries that they stand in, and the value without them, so that nothing false is said. */
import { isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path } from '../../model/document.js'

/** The entries of `nodes`, `groups`, `links` … that hold the offsets; the whole file where there is none such. */
export function entriesAt(root: Node | null, offsets: readonly number[]): readonly Path[] {
  return offsets.flatMap(offset => {
    const tops = stepsAt(root, offset)
    if (tops.length === 0) return [[]]
    return tops.flatMap(([key, inner]) => {
      const below = isMap(inner) || key === 'links' ? stepsAt(inner, offset) : []
      return below.length === 0 ? [[key]] : below.map(([step]) => [key, step])
    })
  })
}

type Step = readonly [step: string | number, inner: unknown]

function stepsAt(node: unknown, offset: number): readonly Step[] {
  if (isMap(node))
    return node.items.flatMap(({ key, value }) =>
      isScalar(key) && holds(key, value, offset) ? [[`${key}`, value] as const] : [],
    )
  if (!isSeq(node)) return []
  return node.items.flatMap((item, i) => (holds(item, item, offset) ? [[i, item] as const] : []))
}

function holds(first: unknown, last: unknown, offset: number): boolean {
  const start = (first as Node | null)?.range?.[0] ?? 0
  const end = (last as Node | null)?.range?.[2] ?? (first as Node | null)?.range?.[2] ?? 0
  return offset >= start && offset <= end
}

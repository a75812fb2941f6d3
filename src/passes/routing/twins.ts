/** Both families' plans in; out which prefix of the one is which of the other, where all their tables must be alike. */
import { sameGraph } from './graph.js'
import type { Plan } from './plan.js'
import type { Table } from './tables.js'
import type { Trie } from './trie.js'

/** By number in the first trie that in the second. */
export type Twins = Int32Array

/**
 * A lab that has its addresses from pools has the same network twice: then tables are reckoned once. That holds where
 * the graphs are one, destinations have the same owners, nodes the same prefixes, and the tries the same branches.
 */
export function findTwins(a: Plan, b: Plan): Twins | undefined {
  const alike =
    sameGraph(a.graph, b.graph) &&
    same(a.targets.owners, b.targets.owners) &&
    same(a.targets.firstOwner, b.targets.firstOwner) &&
    same(a.targets.alone, b.targets.alone)
  const twins = alike ? matched(a.trie, b.trie) : undefined
  const agree = (own: readonly number[], other: readonly number[] | undefined) =>
    other?.length === own.length && own.every((number, i) => twins?.[number] === other[i])
  const fits =
    a.connected.every((own, node) => agree(own, b.connected[node])) &&
    a.written.every((own, node) => agree(own, b.written[node]))
  return fits ? twins : undefined
}

type Numbers = Int32Array | Uint8Array

function same(a: Numbers, b: Numbers): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

/** Which prefix stands where the other does, from those that were given upwards; the halves may be swapped. */
function matched(a: Trie, b: Trie): Twins | undefined {
  if (a.parent.length !== b.parent.length || a.numbers.length !== b.numbers.length) return undefined
  const twins = new Int32Array(a.parent.length).fill(-1)
  const back = new Int32Array(a.parent.length).fill(-1)
  const pair = (i: number, twin: number) => {
    if (twins[i] === -1 && back[twin] === -1) {
      twins[i] = twin
      back[twin] = i
    }
    return twins[i] === twin && back[twin] === i
  }
  if (!pair(0, 0) || !a.numbers.every((number, i) => pair(number, b.numbers[i]!))) return undefined
  for (let i = twins.length - 1; i > 0; i--) {
    const twin = twins[i]!
    const alike = a.apart[i] === b.apart[twin] && a.leaf[i] === b.leaf[twin] && oneChild(a, i) === oneChild(b, twin)
    if (twin < 1 || !alike || !pair(a.parent[i]!, b.parent[twin]!)) return undefined
  }
  return oneChild(a, 0) === oneChild(b, 0) ? twins : undefined
}

const oneChild = ({ empty }: Trie, i: number): boolean => empty[i] !== 2

/** The table of a node in one family as that of the other. */
export function translated({ merged, hopsOf }: Table, twins: Twins): Table {
  return { merged: merged.map(({ at, part, label }) => ({ at: twins[at]!, part, label })), hopsOf }
}

/** A graph and a node in; how far every node is from it, and by which first hops, out (Dijkstra 1959, with ties kept). */
import type { Graph } from './graph.js'
import { createHeap } from './heap.js'
import { createSets, type Sets } from './sets.js'

/** Valid until the next search. */
export interface Paths {
  /** By node; Infinity where nothing leads. */
  readonly distance: Float64Array
  /** By node: the set of first hops of all shortest ways; -1 for the source and where nothing leads. */
  readonly hops: Int32Array
  /** Of numbers of `firstHops`. */
  readonly sets: Sets
  readonly firstHops: readonly FirstHop[]
}

/** A way out of the source: rows of the graph's `outPort` and `inPort`. */
export interface FirstHop {
  readonly out: number
  readonly in: number
}

interface Search extends Paths {
  /** Of nodes, then of subnets. */
  readonly distance: Float64Array
  readonly hops: Int32Array
  readonly firstHops: FirstHop[]
  readonly numbers: Map<number, number>
}

/** Finds the paths from one node after another; only nodes that forward are passed through. */
export function createPathFinder(graph: Graph, forwards: readonly boolean[]): (source: number) => Paths {
  const { nodes, subnets, outStart, outSubnet, outCost, inStart, inNode } = graph
  const distance = new Float64Array(nodes + subnets)
  const hops = new Int32Array(nodes + subnets)
  const done = new Uint8Array(nodes + subnets)
  /** Subnets that the source stands in. */
  const beside = new Uint8Array(subnets)
  const heap = createHeap(outSubnet.length + inNode.length + 1)
  let search: Search

  /** A subnet that is as near comes before a node, so that a node's last predecessor is known before it is passed on. */
  const reach = (vertex: number, length: number, set: number) => {
    if (done[vertex] === 1 || length > distance[vertex]!) return
    if (length < distance[vertex]!) {
      distance[vertex] = length
      hops[vertex] = set
      heap.push(2 * length + (vertex < nodes ? 1 : 0), vertex)
    } else if (set !== hops[vertex]) {
      hops[vertex] = hops[vertex] === -1 ? set : set === -1 ? hops[vertex]! : search.sets.union(hops[vertex]!, set)
    }
  }

  const leave = (node: number, source: number) => {
    for (let row = outStart[node]!; row < outStart[node + 1]!; row++)
      reach(nodes + outSubnet[row]!, distance[node]! + outCost[row]!, node === source ? -1 : hops[node]!)
  }

  const enter = (subnet: number, source: number) => {
    const length = distance[nodes + subnet]!
    for (let row = inStart[subnet]!; row < inStart[subnet + 1]!; row++) {
      const node = inNode[row]!
      if (node === source) continue
      if (hops[nodes + subnet] !== -1) reach(node, length, hops[nodes + subnet]!)
      if (beside[subnet] === 0) continue
      for (let out = outStart[source]!; out < outStart[source + 1]!; out++)
        if (outSubnet[out] === subnet && outCost[out] === length) reach(node, length, firstHop(graph, search, out, row))
    }
  }

  return source => {
    distance.fill(Number.POSITIVE_INFINITY)
    hops.fill(-1)
    done.fill(0)
    beside.fill(0)
    for (let row = outStart[source]!; row < outStart[source + 1]!; row++) beside[outSubnet[row]!] = 1
    heap.clear()
    search = { distance, hops, sets: createSets(), firstHops: [], numbers: new Map() }
    distance[source] = 0
    heap.push(1, source)
    for (let vertex = heap.pop(); vertex !== -1; vertex = heap.pop()) {
      if (done[vertex] === 1) continue
      done[vertex] = 1
      if (vertex >= nodes) enter(vertex - nodes, source)
      else if (vertex === source || forwards[vertex]) leave(vertex, source)
    }
    return search
  }
}

/** The set of one first hop; two subnets between the same two interfaces are one way. */
function firstHop(graph: Graph, search: Search, out: number, row: number): number {
  const key = graph.outPort[out]! * 0x4000000 + graph.inPort[row]!
  let number = search.numbers.get(key)
  if (number === undefined) {
    number = search.firstHops.push({ out, in: row }) - 1
    search.numbers.set(key, number)
  }
  return search.sets.single(number)
}

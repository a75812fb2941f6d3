/** A plan and a node in; its merged routes out. */
import { formatPrefix } from '../../model/ip.js'
import type { NextHop, RouteEntry } from '../../model/network.js'
import { leaveToRouter, onlyGateway } from './gateway.js'
import type { Graph } from './graph.js'
import { type Merged, none, prefixOf, taken } from './merge.js'
import type { FirstHop, Paths } from './paths.js'
import { mainTable, type Plan, type Targets } from './plan.js'

/** A node's merged routes: labels by prefix of the trie, and what they stand for. */
export interface Table {
  readonly merged: readonly Merged[]
  /** In the order of the node's interfaces, then of the file. */
  hopsOf(label: number): readonly FirstHop[]
}

const nowhere: Table = { merged: [], hopsOf: () => [] }

/** The table of a node; its paths are asked for only when they are needed. */
export function tableOf(plan: Plan, node: number, pathsFrom: (node: number) => Paths): Table {
  const { graph, labels } = plan
  if (graph.outStart[node] === graph.outStart[node + 1]) return nowhere
  const gateway = onlyGateway(plan, node)
  if (gateway !== undefined) return { merged: [{ at: 0, part: 'whole', label: 0 }], hopsOf: () => [gateway] }
  const paths = pathsFrom(node)
  setLabels(plan, node, paths)
  const fill = leaveToRouter(plan, node, paths)
  const merged = plan.merge({ labels, count: paths.sets.count(), fill })
  return { merged, hopsOf: label => firstHopsOf(graph, paths, label) }
}

export function routesOf(plan: Plan, { merged, hopsOf }: Table): readonly RouteEntry[] {
  const { family } = plan
  const nextHops: RouteEntry['nextHops'][] = []
  return merged.map(route => {
    const { label } = route
    nextHops[label] ??= hopsOf(label).map(hop => nextHopOf(plan, hop))
    const [to, metric] = [textOf(plan, route), family === 4 ? 0 : 1024]
    return { family, to, action: 'unicast', nextHops: nextHops[label], table: mainTable, metric }
  })
}

function textOf({ trie, texts }: Plan, route: Merged): string {
  if (route.part !== 'whole') return formatPrefix(prefixOf(trie, route))
  const text = texts[route.at] ?? formatPrefix(trie.prefixes[route.at]!)
  texts[route.at] = text
  return text
}

/** By number in the trie: the set of first hops towards it. */
function setLabels(plan: Plan, node: number, paths: Paths): void {
  const { labels, targets, connected, written } = plan
  const { numbers, alone } = targets
  labels.fill(none)
  for (const number of connected[node]!) labels[number] = taken
  for (const number of written[node]!) labels[number] = taken
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!
    if (labels[number] !== none || (alone[i] === 1 && isNear(plan, node, number))) continue
    labels[number] = nearest(targets, i, node, paths)
  }
}

/** Whether the node's own interfaces reach the prefix, so that the longest match above it is connected. */
function isNear({ trie, labels, connected }: Plan, node: number, number: number): boolean {
  let above = trie.parent[number]!
  while (above !== -1 && labels[above] === none) above = trie.parent[above]!
  return connected[node]!.includes(above)
}

/** The first hops towards the nearest of its owners; none if that is the node itself, or nothing leads there. */
function nearest({ firstOwner, owners }: Targets, target: number, node: number, paths: Paths): number {
  const { distance, hops, sets } = paths
  let least = Number.POSITIVE_INFINITY
  let label = none
  for (let at = firstOwner[target]!; at < firstOwner[target + 1]!; at++) {
    const owner = owners[at]!
    const length = distance[owner]!
    if (owner === node) return none
    if (length > least || length === Number.POSITIVE_INFINITY) continue
    label = length < least || label === none ? hops[owner]! : sets.union(label, hops[owner]!)
    least = length
  }
  return label
}

function firstHopsOf({ outPort, inPort }: Graph, paths: Paths, set: number): readonly FirstHop[] {
  return paths.sets
    .members(set)
    .map(member => paths.firstHops[member]!)
    .sort((a, b) => outPort[a.out]! - outPort[b.out]! || inPort[a.in]! - inPort[b.in]!)
}

function nextHopOf({ terrain, graph, addresses }: Plan, hop: FirstHop): NextHop {
  const dev = terrain.ports[graph.outPort[hop.out]!]!.interface.name
  return { via: addresses[hop.in]!, dev, weight: 1, onlink: false }
}

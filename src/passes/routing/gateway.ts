/** A host's first hops by prefix in; whether a default route may stand for most of them out, and the rest left. */
import { none, taken } from './merge.js'
import type { Paths } from './paths.js'
import type { Plan } from './tables.js'
import type { Trie } from './trie.js'

/**
 * Whether a host has a single way out, to a router: then a default route stands for most. What is behind another host
 * of its only subnet the router reaches too, so that no LAN needs N² routes; a default route never leads to a host.
 */
export function leaveToRouter(plan: Plan, given: { node: number; paths: Paths; labels: Int32Array }): boolean {
  const { graph, terrain, trie } = plan
  const { node, paths, labels } = given
  const [first, last] = [graph.outStart[node]!, graph.outStart[node + 1]!]
  const onlyWay = graph.outPort.subarray(first, last).every(port => port === graph.outPort[first])
  if (terrain.forwards[node] || !onlyWay) return false
  const routers = routersIn(plan, paths, graph.outSubnet.subarray(first, last))
  if (routers === none) return false
  const leads = (label: number) => label >= 0 && paths.sets.intersection(label, routers) === label
  if (last - first > 1 && labels.some(label => label >= 0 && !leads(label))) return false
  if (!keepWhatLeads(trie, labels, leads) && labels[0] === none) labels[0] = routers
  return true
}

/** Drops the labels that a route to a router stands for; whether one is left that no prefix of the host’s hides. */
function keepWhatLeads(trie: Trie, labels: Int32Array, leads: (label: number) => boolean): boolean {
  const effective = labels.slice()
  const inside = labels.map(label => Number(label === taken))
  let left = false
  for (let i = 1; i < labels.length; i++) {
    const parent = trie.parent[i]!
    const above = effective[parent]!
    if (labels[i]! >= 0 && !leads(labels[i]!) && (above === none || leads(above))) labels[i] = none
    effective[i] = labels[i] === none ? above : labels[i]!
    inside[i]! |= inside[parent]!
    left ||= labels[i]! >= 0 && inside[i] === 0
  }
  return left
}

/** The first hops to all routers that stand in the subnets. */
function routersIn({ graph, terrain }: Plan, { hops, sets }: Paths, subnets: Int32Array): number {
  let result = none
  for (const subnet of subnets)
    for (const node of graph.inNode.subarray(graph.inStart[subnet], graph.inStart[subnet + 1]))
      if (terrain.forwards[node] && hops[node] !== -1)
        result = result === none ? hops[node]! : sets.union(result, hops[node]!)
  return result
}

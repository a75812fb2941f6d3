/** A host's ways out in; whether a default route may stand for most of its routes, or for all of them, out. */
import { none, taken } from './merge.js'
import type { FirstHop, Paths } from './paths.js'
import type { Plan } from './plan.js'
import type { Trie } from './trie.js'

/**
 * The next hop of a host whose only way out is one subnet with one router: whatever is elsewhere, a default route leads
 * there, and nobody need know where it is. Most hosts are such ones. Undefined where something asks for a closer look:
 * routes of the host's own, or prefixes inside of those that it is connected to.
 */
export function onlyGateway({ graph, terrain, trie, connected, written }: Plan, node: number): FirstHop | undefined {
  const out = graph.outStart[node]!
  if (terrain.forwards[node] || graph.outStart[node + 1] !== out + 1) return undefined
  if (written[node]!.length > 0 || connected[node]!.some(number => number === 0 || trie.leaf[number] === 0))
    return undefined
  const subnet = graph.outSubnet[out]!
  let router: number | undefined
  for (let row = graph.inStart[subnet]!; row < graph.inStart[subnet + 1]!; row++) {
    if (!terrain.forwards[graph.inNode[row]!]) continue
    if (router !== undefined) return undefined
    router = row
  }
  return router === undefined ? undefined : { out, in: router }
}

/**
 * Whether a host has a single way out, to a router: then a default route stands for most. What is behind another host
 * of its only subnet the router reaches too, so that no LAN needs N² routes; a default route never leads to a host.
 */
export function leaveToRouter(plan: Plan, node: number, paths: Paths): boolean {
  const { graph, terrain, trie, labels } = plan
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

/** A lab → what `inspect` shows of its nodes. */
import type { Network } from '../model/network.js'
import type { Compiled, Counters, NodeInspection } from '../model/report.js'
import type { State } from '../model/state.js'
import { traced } from '../model/trace.js'
import { observe } from '../passes/observe.js'
import { linkRequest, namespaceName, readCounters } from '../resources/index.js'
import type { Lab } from './lab.js'
import { earlierOf } from './record.js'

/** In the order of the file; what only the kernel has comes last. */
export function inspectNodes(lab: Lab, only?: readonly string[]): readonly NodeInspection[] {
  const applied = earlierOf(lab).applied()
  const pinned = lab.space.nodes()
  const names = new Set([...(applied?.network.nodes.map(node => node.name) ?? []), ...pinned.keys()])
  const wanted = [...names].filter(node => pinned.has(node) && (!only || only.includes(node)))
  const options = {
    sysctls: (node: string) => applied?.state.get(node)?.sysctl.keys() ?? [],
    nodes: withPeers(wanted, applied?.network),
    complete: true,
    ...(applied ? { desired: applied.state } : {}),
  }
  const state = traced(lab.kernel.trace, 'observe', () => observe(lab.space, options))
  return wanted.map(node => inspectNode(lab, node, { applied, state, inode: pinned.get(node)! }))
}

/** A cable's other end is told by what the other node holds. */
function withPeers(nodes: readonly string[], network: Network | undefined): ReadonlySet<string> {
  const wanted = new Set(nodes)
  const peers = network?.wires.flatMap(({ ends: [a, b] }) =>
    wanted.has(a.node) ? [b.node] : wanted.has(b.node) ? [a.node] : [],
  )
  return new Set([...nodes, ...(peers ?? [])])
}

interface Seen {
  readonly applied: Compiled | undefined
  readonly state: State
  readonly inode: number
}

function inspectNode({ name, space }: Lab, node: string, { applied, state, inode }: Seen): NodeInspection {
  const made = applied?.network.nodes.find(other => other.name === node)
  const label = namespaceName(name, node)
  return {
    node,
    kind: made?.kind ?? 'unknown',
    labels: made?.labels ?? {},
    namespace: { name: label, path: `/run/netns/${label}`, inode },
    state: state.get(node)!,
    ...usageOf(space, node),
    counters: counters(space, node),
    processes: space.processes(node).map(({ pid, command }) => ({ pid, command })),
  }
}

function counters(space: Lab['space'], node: string): Readonly<Record<string, Counters>> {
  return Object.fromEntries(space.dump(node, linkRequest({})).map(readCounters))
}

function usageOf(space: Lab['space'], node: string): Pick<NodeInspection, 'usage'> {
  const usage = space.usage(node)
  return usage ? { usage } : {}
}

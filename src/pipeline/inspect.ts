/** A node of a lab → what `inspect` shows of it. */
import type { Compiled, Counters, NodeInspection } from '../model/report.js'
import { observe } from '../passes/observe.js'
import { kindOf, namespaceName, readCounters } from '../resources/index.js'
import type { Lab } from './lab.js'

export function inspectNode({ name, space }: Lab, node: string, applied: Compiled | undefined): NodeInspection {
  const state = observe(space, {
    nodes: [node],
    sysctls: () => applied?.state.get(node)?.sysctl.keys() ?? [],
    ...(applied ? { desired: applied.state } : {}),
  })
  const made = applied?.network.nodes.find(other => other.name === node)
  const inode = space.nodes().get(node)!
  const label = namespaceName(name, node)
  return {
    node,
    kind: made?.kind ?? 'unknown',
    labels: made?.labels ?? {},
    namespace: { name: label, path: `/run/netns/${label}`, inode },
    state: state.get(node)!,
    counters: counters(space, node),
    processes: space.processes(node).map(({ pid, command }) => ({ pid, command })),
  }
}

function counters(space: Lab['space'], node: string): Readonly<Record<string, Counters>> {
  const bodies = kindOf('link').requests!().flatMap(batch => space.dump(node, batch))
  return Object.fromEntries(bodies.map(answer => readCounters(answer.body)))
}

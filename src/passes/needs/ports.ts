/** Operations in their order, and what the kernel held before → the bridge that is fullest at any moment. */
import type { Needs } from '../../model/needs.js'
import type { Operation } from '../../model/plan.js'
import type { Link, Resource, State } from '../../model/state.js'

/** New ports come before old ones go, and somebody may have added some by hand: so the moment counts, not the end. */
export function fullestBridge(operations: readonly Operation[], observed: State): Needs['fullest'] {
  const counts = new Map<string, number>()
  let fullest: Needs['fullest']
  const add = (port: Link | undefined, by: number) => {
    if (port?.master === undefined) return
    const { node, master: bridge } = port
    const key = `${node}:${bridge}`
    const ports = (counts.get(key) ?? portsOf(observed, node, bridge)) + by
    counts.set(key, ports)
    if (by > 0 && ports > (fullest?.ports ?? 0)) fullest = { node, bridge, ports }
  }
  for (const { verb, resource, before, partner } of operations) {
    if (resource.type !== 'link') continue
    if (verb === 'update') moved(linkOf(before), resource, add)
    else for (const end of [resource, partner]) add(end, verb === 'create' ? 1 : -1)
  }
  return fullest
}

function moved(before: Link | undefined, after: Link, add: (port: Link | undefined, by: number) => void): void {
  if (before?.master === after.master) return
  add(before, -1)
  add(after, 1)
}

function linkOf(resource: Resource | undefined): Link | undefined {
  return resource?.type === 'link' ? resource : undefined
}

function portsOf(observed: State, node: string, bridge: string): number {
  let ports = 0
  for (const { master } of observed.get(node)?.link.values() ?? []) if (master === bridge) ports++
  return ports
}

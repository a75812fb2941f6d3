/** A plan, the network it leads to, and what the kernel held before → what the plan asks of the machine. */
import { linkKinds } from '../kinds/index.js'
import type { Needs } from '../model/needs.js'
import type { Family, Network } from '../model/network.js'
import type { Operation, Plan } from '../model/plan.js'
import type { Address, State } from '../model/state.js'
import { hostNeeds } from './needs/hosts.js'
import { neighboursOf } from './needs/neighbours.js'
import { fullestBridge } from './needs/ports.js'

export interface NeedsRequest {
  readonly plan: Plan
  readonly network: Network
  readonly observed: State
}

/** A new lab's own folder, the one that all labs share, and /run/netns where nstopo makes it. */
const folders = 3

/** Only what is made counts: what goes does so after the new is there, and the kernel frees it later. */
export function needs({ plan, network, observed }: NeedsRequest): Needs {
  const made = madeBy(plan.operations)
  const { links, addresses, routes, longest } = made
  const fullest = fullestBridge(plan.operations, observed)
  const hosts = hostNeeds(plan.operations)
  return {
    ...{ lab: plan.lab, namespaces: made.namespaces, links, routes, longest },
    // A host's name is pinned as well.
    mounts: made.namespaces + (hosts?.count ?? 0) + (observed.size === 0 && made.namespaces > 0 ? folders : 0),
    devices: [...links].reduce((sum, [kind, count]) => sum + (linkKinds.get(kind)?.made === 'device' ? count : 0), 0),
    addresses: addresses.length,
    families: made.used,
    ruled: made.ruled,
    neighbours: neighboursOf(network, addresses),
    ...(fullest && { fullest }),
    ...(hosts && { hosts }),
  }
}

/** In one walk, as a large lab has tens of thousands of operations, most of them settings. */
function madeBy(operations: readonly Operation[]) {
  const made = { namespaces: 0, routes: 0, longest: '', addresses: [] as Address[], links: new Map<string, number>() }
  const [used, ruled] = [new Set<Family>(), new Set<Family>()]
  for (const { verb, resource } of operations) {
    if (resource.type === 'sysctl' || verb !== 'create') continue
    if (resource.type === 'namespace') {
      made.namespaces++
      if (resource.node.length > made.longest.length) made.longest = resource.node
    } else if (resource.type === 'link') made.links.set(resource.kind, (made.links.get(resource.kind) ?? 0) + 1)
    else if ('family' in resource) {
      used.add(resource.family)
      if (resource.type === 'address') made.addresses.push(resource)
      else if (resource.type === 'route') made.routes++
      else if (resource.type === 'rule') ruled.add(resource.family)
    }
  }
  return { ...made, used, ruled }
}

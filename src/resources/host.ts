/** A node's other namespaces and its cgroup, held by the node's init (namespaces(7), cgroups(7)). */
import type { Host } from '../model/state.js'
import { differences, id, type ResourceKind } from './contract.js'

/** What the kernel changes of a node that runs; anything else wants another init. */
const mutable: ReadonlySet<string> = new Set(['hostname', 'limits', 'environment'])

export const host: ResourceKind<Host> = {
  type: 'host',
  key: () => '',
  name: () => 'host',
  compare: (desired, observed) =>
    differences(['hostname', 'isolate', 'time', 'limits', 'users', 'environment'], desired, observed),
  updatable: changes => changes.every(({ field }) => mutable.has(field)),
  owner: () => 'marked',
  needs: ({ node }) => [id.namespace(node)],
  provides: ({ node }) => [id.host(node)],
  act({ verb, resource }) {
    const host = resource as Host
    if (verb === 'remove') return { by: 'remove-host', node: host.node }
    return { by: verb === 'create' ? 'create-host' : 'update-host', host }
  },
  // No command of iproute2 makes them.
  words: () => [],
}

/** A node's network namespace (network_namespaces(7)), pinned by a name. */
import type { Namespace } from '../model/state.js'
import { id, namespaceName, type ResourceKind } from './contract.js'

export const namespace: ResourceKind<Namespace> = {
  type: 'namespace',
  key: () => '',
  name: () => 'namespace',
  compare: () => [],
  updatable: () => false,
  owner: () => 'marked',
  needs: () => [],
  provides: ns => [id.namespace(ns.node)],
  act: ({ verb, resource }) => ({ by: verb === 'create' ? 'create-node' : 'remove-node', node: resource.node }),
  words: ({ verb, resource }, lab) => [
    ['ip', 'netns', verb === 'create' ? 'add' : 'del', namespaceName(lab, resource.node)],
  ],
}

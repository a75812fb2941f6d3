/** A file or folder of a node's own view, mounted over the machine's (mount_namespaces(7)). */
import type { File } from '../model/state.js'
import { differences, id, type ResourceKind } from './contract.js'

export const file: ResourceKind<File> = {
  type: 'file',
  key: ({ path }) => path,
  name: ({ path }) => `file ${path}`,
  compare: (desired, observed) => differences(['kind', 'digest', 'mode'], desired, observed),
  updatable: () => true,
  owner: () => 'marked',
  needs: ({ node }) => [id.host(node)],
  provides: ({ node, path }) => [id.file(node, path)],
  act: ({ verb, resource }) =>
    verb === 'remove'
      ? { by: 'remove-file', node: resource.node, path: (resource as File).path }
      : { by: 'put-file', file: resource as File },
  words: () => [],
}

/** isolate: which namespaces a node has of its own besides network and UTS (namespaces(7)). */
import { nullable, oneOrMany } from '../fragment.js'

/** In the order in which a host names them. */
export const isolatedKinds = ['mount', 'pid', 'ipc', 'user', 'cgroup', 'time'] as const

const kind = {
  enum: ['all', 'mount', 'pid', 'ipc', 'user', 'cgroup', 'time'],
  description: 'what the node has of its own besides its network and its name; all: whatever applies',
} as const

export const isolateProperties = { isolate: nullable(oneOrMany(kind)), 'isolate+': oneOrMany(kind) } as const

/** limits: how much of the machine a node's programs may use together (cgroups(7)). */
import { nullable } from '../fragment.js'
import { share, size } from '../quantity.js'

export const limitProperties = {
  limits: nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      memory: nullable({ ...size, description: 'such as 256mb; past it, a program of the node is ended' } as const),
      cpu: nullable({ ...share, description: 'such as 50%, or 1.5 for one and a half processors' } as const),
      pids: nullable({
        type: 'integer',
        minimum: 2,
        maximum: 4194304,
        description: 'processes and threads, the node’s init included',
      } as const),
    },
    description: 'what its programs may use together; a cgroup of its own',
  } as const),
} as const

/** time: how far a node's clocks are ahead of the machine's (time_namespaces(7)). */
import { nullable } from '../fragment.js'
import { offset } from '../quantity.js'

export const timeProperties = {
  time: nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      monotonic: nullable({ ...offset, description: 'CLOCK_MONOTONIC is so far ahead, such as +7d or -3h' } as const),
      boottime: nullable({ ...offset, description: 'CLOCK_BOOTTIME, and so the uptime, is so far ahead' } as const),
    },
    description: 'its clocks, as far ahead of the machine’s; the time of day is the machine’s',
  } as const),
} as const

/** hosts: a node's own /etc/hosts (hosts(5)). */
import { flag, nullable, oneOrMany, text } from '../fragment.js'

export const hostsProperties = {
  hosts: {
    anyOf: [
      { enum: ['auto'] },
      flag,
      {
        type: 'object',
        additionalProperties: nullable(oneOrMany({ ...text, description: 'an address' } as const)),
      },
      { type: 'null' },
    ],
    description: 'auto: every node of the lab by its name; further names by a mapping; false: the machine’s own file',
  },
} as const

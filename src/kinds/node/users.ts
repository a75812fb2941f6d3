/** users: a node's own user and group ids, and what they are on the machine (user_namespaces(7)). */
import { nullable, oneOrMany } from '../fragment.js'

const range = {
  type: 'string',
  pattern: '^\\d+ +\\d+ +\\d+$',
  description: '"INSIDE OUTSIDE COUNT": so many ids from INSIDE on are those from OUTSIDE on to the machine',
} as const

export const userProperties = {
  users: nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      map: nullable({ ...oneOrMany(range), description: 'of users and groups alike: "INSIDE OUTSIDE COUNT"' } as const),
      uids: nullable({ ...oneOrMany(range), description: 'of users, where groups have others' } as const),
      gids: nullable({ ...oneOrMany(range), description: 'of groups, where users have others' } as const),
    },
    description: 'user and group ids of its own',
  } as const),
} as const

/** dns: a node's own /etc/resolv.conf (resolv.conf(5)). */
import { nullable, oneOrMany, text } from '../fragment.js'

export const dnsProperties = {
  dns: nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      servers: nullable(oneOrMany({ ...text, description: 'addresses of resolvers, at most three' } as const)),
      search: nullable(oneOrMany({ ...text, description: 'domains that short names are looked up in' } as const)),
      options: nullable(oneOrMany({ ...text, description: 'such as ndots:2 or timeout:1' } as const)),
    },
    description: 'which resolvers it asks',
  } as const),
} as const

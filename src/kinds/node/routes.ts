/** routes: static routes of a node (ip-route(8)). */
import { flag, nullable, oneOrMany, tableNumber, text } from '../fragment.js'

export const nextHop = {
  anyOf: [
    { ...text, description: 'an address, a node, or an end' },
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        via: { ...text, description: 'an address, a node, or an end' },
        dev: { ...text, description: 'an interface of the node' },
        weight: {
          type: 'integer',
          minimum: 1,
          maximum: 256,
          description: 'its share among several next hops; 1 unless said otherwise',
        },
        onlink: { ...flag, description: 'true: it counts as reachable though no subnet says so' },
      },
    },
  ],
} as const

export const route = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: { ...text, description: 'a prefix, an address, or default' },
    via: oneOrMany(nextHop),
    dev: { ...text, description: 'an interface of the node' },
    table: { ...tableNumber, description: 'the routing table; main unless said otherwise' },
    metric: { type: 'integer', minimum: 0, maximum: 4294967295, description: 'the least wins among equal prefixes' },
    src: { ...text, description: 'the address of the node that packets leave with' },
    mtu: { type: 'integer', minimum: 68, maximum: 65535, description: 'the path’s MTU in bytes' },
    onlink: { ...flag, description: 'true: the next hop counts as reachable though no subnet says so' },
    type: {
      enum: ['unicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'local'],
      description: 'what becomes of packets; unicast unless said otherwise',
    },
  },
} as const

export const routeProperties = { routes: nullable(oneOrMany(route)), 'routes+': oneOrMany(route) } as const

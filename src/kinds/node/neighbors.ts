/** neighbors: fixed entries of the ARP and neighbour tables (ip-neighbour(8)). */
import { nullable, oneOrMany, text } from '../fragment.js'

export const neighbor = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'mac', 'dev'],
  properties: {
    to: { ...text, description: 'an address' },
    mac: { ...text, description: 'the MAC address that it has, such as "02:00:00:00:00:01"; quoted' },
    dev: { ...text, description: 'an interface of the node' },
  },
} as const

export const neighborProperties = {
  neighbors: nullable(oneOrMany(neighbor)),
  'neighbors+': oneOrMany(neighbor),
} as const

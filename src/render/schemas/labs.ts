/** The JSON Schemas of what `validate`, `ls` and `graph` say of labs, as plain data. */
import { integer, oneOf, text, textByName, texts } from './words.js'

export const validate = {
  type: 'object',
  required: ['lab', 'nodes', 'links'],
  properties: { lab: text, nodes: integer, links: integer },
} as const

export const ls = {
  type: 'array',
  items: {
    type: 'object',
    required: ['lab', 'state', 'nodes'],
    properties: {
      ...{
        lab: text,
        state: oneOf('up', 'building', 'kept', 'leaving', 'damaged', 'unknown'),
        nodes: integer,
        links: integer,
      },
      ...{ file: text, created: { ...integer, description: 'milliseconds since 1970' }, owner: integer },
    },
  },
} as const

export const graph = {
  type: 'object',
  required: ['lab', 'nodes', 'links'],
  properties: {
    lab: text,
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'kind', 'labels', 'interfaces'],
        properties: {
          ...{ name: text, kind: oneOf('host', 'router', 'switch'), labels: textByName },
          interfaces: {
            type: 'array',
            items: {
              type: 'object',
              required: ['name', 'kind', 'mtu', 'addresses'],
              properties: { name: text, kind: text, mac: text, mtu: integer, addresses: texts },
            },
          },
        },
      },
    },
    links: {
      type: 'array',
      items: { ...texts, minItems: 2, maxItems: 2, description: 'its ends, each node:interface' },
    },
  },
} as const

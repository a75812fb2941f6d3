/** The JSON Schemas of what came of `up`, `down` and `gc`, as plain data. */
import { flag, integer, number, oneOf, place, text, texts } from './words.js'

const refused = {
  type: 'object',
  required: ['operation', 'errno', 'text'],
  properties: {
    operation: { ...text, description: 'in plain words' },
    ...{ errno: text, text, message: text, attribute: text, step: text, output: texts, place },
  },
} as const

const nodePlace = {
  type: 'object',
  required: ['node', 'kind', 'namespace', 'addresses'],
  properties: {
    ...{ node: text, kind: text },
    namespace: { ...text, description: 'a path for nsenter --net= and the like' },
    addresses: {
      type: 'array',
      items: {
        type: 'object',
        required: ['interface', 'address', 'prefixLength'],
        properties: { interface: text, address: text, prefixLength: integer },
      },
    },
  },
} as const

export const up = {
  type: 'object',
  required: ['lab', 'fresh', 'nodes', 'links', 'operations', 'done', 'refused', 'undone', 'milliseconds'],
  properties: {
    ...{ lab: text, fresh: flag, nodes: integer, links: integer },
    operations: { ...integer, description: 'how many were planned' },
    done: { ...integer, description: 'how many were done, before anything was undone' },
    refused: { type: 'array', items: refused },
    ...{ undone: flag, milliseconds: number },
    places: { type: 'array', items: nodePlace, description: 'the nodes as they are now; not after a refusal' },
  },
} as const

const holder = {
  type: 'object',
  required: ['node', 'pid', 'command', 'how'],
  properties: { node: text, pid: integer, command: text, how: text },
} as const

export const down = {
  type: 'object',
  required: ['labs'],
  properties: {
    labs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['lab', 'wasUp', 'nodes', 'holders', 'left', 'milliseconds'],
        properties: {
          ...{ lab: text, wasUp: flag, nodes: integer, milliseconds: number },
          holders: { type: 'array', items: holder },
          left: { type: 'array', items: text },
        },
      },
    },
  },
} as const

export const gc = {
  type: 'object',
  required: ['labs', 'removed', 'dry'],
  properties: {
    labs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['lab', 'done'],
        properties: { lab: text, done: oneOf('removed', 'restored') },
      },
    },
    removed: { ...texts, description: 'paths of other things that were left behind' },
    dry: { ...flag, description: 'nothing was done: this is what would be' },
  },
} as const

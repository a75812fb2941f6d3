/** The JSON Schema of what `explain --json` prints of its passages, as plain data; ../schemas.ts puts it among the others. */
import { endings } from '../../model/explanation.js'
import { integer, place, text } from './words.js'

const hop = {
  type: 'object',
  required: ['node', 'through'],
  properties: {
    node: text,
    in: { ...text, description: 'the interface that it comes by; none where it begins' },
    out: { ...text, description: 'the interface that it leaves by; none where it arrives, or ends' },
    via: { ...text, description: 'the next hop' },
    route: { ...text, description: 'the destination of the route that was chosen' },
    table: integer,
    rule: { ...integer, description: 'the priority of the rule that chose the table, unless every node has it' },
    through: { type: 'array', items: text, description: 'interfaces on the way to the next hop, those of switches' },
    place,
  },
} as const

const reasonProperties = {
  node: { ...text, description: 'at which it ends' },
  why: { enum: endings },
  text,
  likely: { type: 'boolean', description: 'nothing else explains what was seen; it was not seen itself' },
  place,
} as const

const way = {
  type: 'object',
  required: ['hops'],
  properties: {
    hops: { type: 'array', items: hop },
    end: { type: 'object', required: ['node', 'why', 'text'], properties: reasonProperties },
  },
} as const

export const passageSchema = {
  type: 'object',
  required: ['family', 'destination', 'there'],
  properties: {
    family: { enum: [4, 6] },
    source: text,
    destination: text,
    milliseconds: { type: 'number', description: 'after which the answer came' },
    there: way,
    back: way,
    reason: {
      type: 'object',
      required: ['node', 'why', 'text', 'direction'],
      properties: { ...reasonProperties, direction: { enum: ['there', 'back'] } },
    },
  },
} as const

export const explainSchema = {
  type: 'object',
  required: ['lab', 'from', 'to', 'passages'],
  properties: {
    ...{ lab: text, from: text, to: text },
    passages: { type: 'array', items: passageSchema, description: 'one for each family that both ends speak' },
  },
} as const

/** The JSON Schema of what `test --json` prints, as plain data; ../schemas.ts puts it among the others. */
import { passageSchema } from './explain.js'
import { flag, number, place, text } from './words.js'

const failure = {
  type: 'object',
  required: ['subject', 'text', 'passages'],
  properties: {
    subject: { ...text, description: 'what was looked at, such as h1 → h2' },
    text: { ...text, description: 'why it is not true' },
    passages: { type: 'array', items: passageSchema, description: 'the way of packets, where that explains it' },
  },
} as const

const kinds = ['reach', 'unreachable', 'path', 'tcp', 'http', 'dns', 'throughput', 'mtu', 'run'] as const

export const testSchema = {
  type: 'object',
  required: ['lab', 'milliseconds', 'tests'],
  properties: {
    lab: text,
    milliseconds: number,
    tests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'kind', 'ok', 'milliseconds', 'failures'],
        properties: {
          ...{ name: text, kind: { enum: kinds }, ok: flag, milliseconds: number, place },
          failures: { type: 'array', items: failure },
        },
      },
    },
  },
} as const

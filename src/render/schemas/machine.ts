/** The JSON Schemas of what `doctor` and `--version` say of the machine, as plain data. */
import { flag, text } from './words.js'

export const doctor = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'ok', 'core', 'finding'],
    properties: { name: text, ok: flag, core: flag, finding: text, fix: text },
  },
} as const

export const version = {
  type: 'object',
  required: ['nstopo', 'node', 'kernel'],
  properties: { nstopo: text, node: text, kernel: text },
} as const

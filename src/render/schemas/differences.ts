/** The JSON Schemas of `diff`, and of the lines of `watch`, as plain data. */
import type { Static } from '../../model/static.js'
import { diagnostic } from './envelope.js'
import { field, resource } from './resource.js'
import { flag, integer, oneOf, place, text, texts } from './words.js'

const changes = {
  type: 'array',
  items: {
    type: 'object',
    required: ['state', 'node', 'text'],
    properties: {
      state: oneOf('missing', 'changed', 'stale', 'foreign'),
      ...{ node: text, text, place, desired: resource, observed: resource },
      fields: { type: 'array', items: field },
    },
  },
} as const

export const diff = {
  type: 'object',
  required: ['lab', 'up', 'differs', 'changes'],
  properties: { ...{ lab: text, up: flag, differs: flag }, changes },
} as const

export const watchLine = {
  type: 'object',
  required: ['event', 'lab', 'at', 'differences'],
  additionalProperties: false,
  properties: {
    event: oneOf('start', 'drift', 'mended', 'changed', 'healed', 'postponed', 'refused', 'overflow', 'down'),
    lab: text,
    at: { ...integer, description: 'milliseconds since 1970' },
    differences: { ...integer, description: 'how many there are now' },
    changes: {
      ...changes,
      description: 'of start and changed: all there are; of drift: new ones; of mended: those gone',
    },
    operations: { ...texts, description: 'of healed: what was done, in plain words' },
    milliseconds: { ...integer, description: 'of postponed: until it is tried again' },
    diagnostics: { type: 'array', items: diagnostic, description: 'of refused: why' },
  },
} as const

export type WatchLine = Static<typeof watchLine>

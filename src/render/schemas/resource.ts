/** The JSON Schemas of resources, and of what is done with them, as plain data. */
import { file, host, process } from './host.js'
import { address, link, namespace, neighbor, route, rule, sysctl } from './network.js'
import { oneOf, text } from './words.js'

export const resource = {
  anyOf: [namespace, link, address, route, rule, neighbor, sysctl, host, file, process],
} as const

export const field = {
  type: 'object',
  required: ['field'],
  properties: { field: text, from: {}, to: {} },
} as const

export const operation = {
  type: 'object',
  required: ['verb', 'resource'],
  properties: {
    verb: oneOf('create', 'update', 'remove'),
    resource,
    before: resource,
    changes: { type: 'array', items: field },
    partner: link,
    because: text,
  },
} as const

/** Of `plan --format json`, less the envelope; `up --plan` reads it. */
export const planSchema = {
  type: 'object',
  required: ['lab', 'operations', 'fingerprint'],
  properties: { lab: text, operations: { type: 'array', items: operation }, fingerprint: text },
} as const

/** The JSON Schemas of what the kernel holds of a network, as plain data. */
import { exactly, flag, integer, number, oneOf, text } from './words.js'

const path = {
  type: 'array',
  items: { anyOf: [text, integer] },
  description: 'keys and list indexes in the YAML',
} as const
const family = oneOf(4, 6)
export const settings = { type: 'object', additionalProperties: { anyOf: [text, number, flag] } } as const

const nextHop = {
  type: 'object',
  required: ['weight', 'onlink'],
  properties: { via: text, dev: text, weight: integer, onlink: flag },
} as const

export const common = { node: text, at: path } as const

export const namespace = {
  type: 'object',
  required: ['type', 'node'],
  properties: { ...common, type: exactly('namespace'), inode: integer },
} as const

export const link = {
  type: 'object',
  required: ['type', 'node', 'name', 'kind', 'mtu', 'up', 'data'],
  properties: {
    ...common,
    ...{ type: exactly('link'), name: text, kind: text, index: integer, mac: text, mtu: integer, up: flag },
    ...{ master: text, parent: text, data: settings, linkIndex: integer, running: flag },
    peer: { type: 'object', required: ['node', 'name'], properties: { node: text, name: text } },
  },
} as const

export const address = {
  type: 'object',
  required: ['type', 'node', 'dev', 'family', 'address', 'prefixLength', 'dad'],
  properties: {
    ...common,
    ...{ type: exactly('address'), dev: text, family, address: text, prefixLength: integer, dad: flag },
    origin: oneOf('kernel'),
  },
} as const

export const route = {
  type: 'object',
  required: ['type', 'node', 'family', 'to', 'action', 'nextHops', 'table', 'metric', 'protocol'],
  properties: {
    ...common,
    ...{ type: exactly('route'), family, to: text, nextHops: { type: 'array', items: nextHop } },
    action: oneOf('unicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'local'),
    ...{ table: integer, metric: integer, src: text, mtu: integer, protocol: integer },
  },
} as const

const range = { type: 'array', items: integer, minItems: 2, maxItems: 2 } as const

export const rule = {
  type: 'object',
  required: ['type', 'node', 'family', 'priority', 'not', 'action', 'protocol'],
  properties: {
    ...common,
    ...{ type: exactly('rule'), family, priority: integer, not: flag, from: text, to: text, iif: text, oif: text },
    ...{
      fwmark: integer,
      fwmask: integer,
      ipproto: integer,
      sport: range,
      dport: range,
      uidrange: range,
      tos: integer,
    },
    ...{ action: oneOf('table', 'blackhole', 'unreachable', 'prohibit'), table: integer, protocol: integer },
  },
} as const

export const neighbor = {
  type: 'object',
  required: ['type', 'node', 'family', 'to', 'mac', 'dev', 'protocol'],
  properties: { ...common, type: exactly('neighbor'), family, to: text, mac: text, dev: text, protocol: integer },
} as const

export const sysctl = {
  type: 'object',
  required: ['type', 'node', 'name', 'value'],
  properties: { ...common, type: exactly('sysctl'), name: text, value: text },
} as const

/** The JSON Schema of `inspect`, as plain data. */
import { file, host, process } from './host.js'
import { neighbor, route, rule, settings } from './network.js'
import { flag, integer, text, textByName, texts } from './words.js'

const counters = {
  type: 'object',
  additionalProperties: integer,
} as const

const inspectedInterface = {
  type: 'object',
  required: ['name', 'kind', 'mtu', 'up', 'addresses', 'settings'],
  properties: {
    ...{ name: text, kind: text, index: integer, mac: text, mtu: integer, up: flag, running: flag },
    ...{ master: text, parent: text, peer: { ...text, description: 'node:interface' } },
    ...{ addresses: texts, settings, counters },
  },
} as const

export const inspect = {
  type: 'object',
  required: ['lab', 'nodes'],
  properties: {
    ...{ lab: text, state: text, file: text, created: integer, owner: integer },
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        required: [
          'node',
          'kind',
          'labels',
          'namespace',
          'interfaces',
          'routes',
          'rules',
          'neighbors',
          'sysctls',
          'processes',
        ],
        properties: {
          ...{ node: text, kind: text, labels: textByName },
          namespace: {
            type: 'object',
            required: ['path', 'name', 'inode'],
            properties: { path: text, name: text, inode: integer },
          },
          interfaces: { type: 'array', items: inspectedInterface },
          routes: { type: 'array', items: route },
          rules: { type: 'array', items: rule },
          neighbors: { type: 'array', items: neighbor },
          sysctls: textByName,
          host,
          usage: {
            type: 'object',
            description: 'of a host: what it uses of what can be limited, where that is counted',
            properties: { memory: { ...integer, description: 'bytes' }, pids: integer },
          },
          files: { type: 'array', items: file, description: 'of a host’s own view' },
          programs: { type: 'array', items: process, description: 'that start with the host' },
          processes: {
            type: 'array',
            description: 'all that runs in it',
            items: { type: 'object', required: ['pid', 'command'], properties: { pid: integer, command: text } },
          },
        },
      },
    },
  },
} as const

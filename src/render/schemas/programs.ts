/** The JSON Schemas of what `ps`, `logs`, `start`, `stop`, `restart` and `ns` print with `--json`; ../schemas.ts puts them among the others. */
import { flag, integer, number, ofNodes, oneOf, text, texts } from './words.js'

const program = { type: 'object', required: ['pid', 'command'], properties: { pid: integer, command: text } } as const

const processState = {
  ...{ state: oneOf('starting', 'running', 'ready', 'stopped', 'exited', 'failed', 'missing'), process: text },
  pid: { ...integer, description: 'as the machine sees it' },
  ended: { ...text, description: 'of the last end: exit 1, SIGKILL, unknown' },
  restarts: integer,
  since: { ...integer, description: 'of the last start: milliseconds since 1970' },
  unsupervised: { ...flag, description: 'it runs, but its supervisor was killed: the next up brings another' },
  command: texts,
} as const
const stateRequired = ['process', 'state', 'restarts', 'command'] as const

export const psSchema = ofNodes({
  type: 'object',
  required: ['node', 'processes', 'others'],
  properties: {
    node: text,
    init: integer,
    processes: {
      type: 'array',
      description: 'those of the file',
      items: { type: 'object', required: stateRequired, properties: processState },
    },
    others: { type: 'array', items: program, description: 'what else runs in it' },
  },
})

export const logsSchema = {
  type: 'object',
  required: ['lab', 'processes'],
  properties: {
    lab: text,
    processes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['node', 'process', 'lines'],
        properties: { node: text, process: text, lines: { ...texts, description: 'the oldest first' } },
      },
    },
  },
} as const

/** Of start, stop and restart. */
export const orderedSchema = {
  type: 'object',
  required: ['lab', 'processes', 'milliseconds'],
  properties: {
    ...{ lab: text, milliseconds: number },
    processes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['node', ...stateRequired],
        properties: { node: text, ...processState },
      },
    },
  },
} as const

export const nsSchema = ofNodes({
  type: 'object',
  required: ['node', 'namespaces'],
  properties: {
    node: text,
    init: { ...integer, description: 'the process that holds them, where the node is a whole host' },
    namespaces: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'inode', 'entered', 'machine', 'nodes', 'programs'],
        properties: {
          type: oneOf('net', 'uts', 'mnt', 'pid', 'ipc', 'user', 'cgroup', 'time'),
          inode: integer,
          entered: { ...flag, description: 'exec and shell come into this one' },
          machine: { ...flag, description: 'it is the machine’s own' },
          nodes: { ...texts, description: 'other nodes that have it too' },
          programs: { type: 'array', items: program, description: 'those of the node that are in it' },
        },
      },
    },
  },
})

/** The JSON Schemas of what `--json` prints, as plain data; TypeScript's types are read off them. */
import type { Static } from 'typebox'
import { explainSchema } from './explain-schema.js'
import { logsSchema, nsSchema, orderedSchema, psSchema } from './programs-schema.js'
import { exactly, flag, integer, number, oneOf, place, text, textByName, texts } from './schema-words.js'
import { testSchema } from './verdicts-schema.js'

const path = {
  type: 'array',
  items: { anyOf: [text, integer] },
  description: 'keys and list indexes in the YAML',
} as const
const family = oneOf(4, 6)
const settings = { type: 'object', additionalProperties: { anyOf: [text, number, flag] } } as const
/** As src/render/diagnostics.ts makes it. */
const diagnostic = {
  type: 'object',
  required: ['code', 'severity', 'message'],
  properties: {
    ...{ code: text, severity: oneOf('error', 'warning'), message: text, hint: text },
    output: { ...texts, description: 'the last lines of a program that it is about' },
  },
} as const

const idRanges = {
  type: 'array',
  items: {
    type: 'object',
    required: ['inside', 'outside', 'count'],
    properties: { inside: integer, outside: integer, count: integer },
  },
} as const

const nextHop = {
  type: 'object',
  required: ['weight', 'onlink'],
  properties: { via: text, dev: text, weight: integer, onlink: flag },
} as const

const common = { node: text, at: path } as const

const namespace = {
  type: 'object',
  required: ['type', 'node'],
  properties: { ...common, type: exactly('namespace'), inode: integer },
} as const

const link = {
  type: 'object',
  required: ['type', 'node', 'name', 'kind', 'mtu', 'up', 'data'],
  properties: {
    ...common,
    ...{ type: exactly('link'), name: text, kind: text, index: integer, mac: text, mtu: integer, up: flag },
    ...{ master: text, parent: text, data: settings, linkIndex: integer, running: flag },
    peer: { type: 'object', required: ['node', 'name'], properties: { node: text, name: text } },
  },
} as const

const address = {
  type: 'object',
  required: ['type', 'node', 'dev', 'family', 'address', 'prefixLength', 'dad'],
  properties: {
    ...common,
    ...{ type: exactly('address'), dev: text, family, address: text, prefixLength: integer, dad: flag },
    origin: oneOf('kernel'),
  },
} as const

const route = {
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

const rule = {
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

const neighbor = {
  type: 'object',
  required: ['type', 'node', 'family', 'to', 'mac', 'dev', 'protocol'],
  properties: { ...common, type: exactly('neighbor'), family, to: text, mac: text, dev: text, protocol: integer },
} as const

const sysctl = {
  type: 'object',
  required: ['type', 'node', 'name', 'value'],
  properties: { ...common, type: exactly('sysctl'), name: text, value: text },
} as const

const host = {
  type: 'object',
  required: ['type', 'node', 'hostname', 'isolate', 'environment'],
  properties: {
    ...{ ...common, type: exactly('host'), hostname: text, isolate: texts, environment: textByName, pid: integer },
    time: { type: 'object', properties: { monotonic: number, boottime: number }, description: 'seconds ahead' },
    limits: { type: 'object', properties: { memory: integer, cpu: number, pids: integer } },
    users: { type: 'object', properties: { uids: idRanges, gids: idRanges } },
  },
} as const

const file = {
  type: 'object',
  required: ['type', 'node', 'path', 'kind', 'digest'],
  properties: {
    ...{ ...common, type: exactly('file'), path: text, kind: oneOf('content', 'bind', 'copy', 'tmpfs'), digest: text },
    ...{ mode: integer, content: text, from: text, size: integer },
  },
} as const

const process = {
  type: 'object',
  required: ['type', 'node', 'name', 'command', 'needs', 'restart', 'environment', 'stop', 'log', 'files'],
  properties: {
    ...{ ...common, type: exactly('process'), name: text, command: texts, user: text, workdir: text, files: text },
    ready: {
      type: 'object',
      required: ['by', 'timeout'],
      properties: {
        ...{ by: oneOf('listen', 'command', 'log', 'after'), timeout: number, protocol: oneOf('tcp', 'udp') },
        ...{ port: integer, command: texts, pattern: text, seconds: number },
      },
    },
    needs: {
      type: 'array',
      items: { type: 'object', required: ['node', 'process'], properties: { node: text, process: text } },
    },
    ...{ restart: oneOf('no', 'on-failure', 'always'), environment: textByName, log: integer },
    stop: { type: 'object', required: ['signal', 'grace'], properties: { signal: text, grace: number } },
    seen: {
      type: 'object',
      required: ['state', 'restarts'],
      properties: {
        state: oneOf('starting', 'running', 'ready', 'stopped', 'exited', 'failed'),
        ...{ pid: integer, ended: text, restarts: integer, since: integer, unsupervised: flag },
      },
      description: 'what has become of it',
    },
  },
} as const

const resource = { anyOf: [namespace, link, address, route, rule, neighbor, sysctl, host, file, process] } as const

const field = {
  type: 'object',
  required: ['field'],
  properties: { field: text, from: {}, to: {} },
} as const

const operation = {
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

const up = {
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

const down = {
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

const gc = {
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

const diff = {
  type: 'object',
  required: ['lab', 'up', 'differs', 'changes'],
  properties: { ...{ lab: text, up: flag, differs: flag }, changes },
} as const

const watchLine = {
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

const validate = {
  type: 'object',
  required: ['lab', 'nodes', 'links'],
  properties: { lab: text, nodes: integer, links: integer },
} as const

const ls = {
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

const inspect = {
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

const exec = {
  type: 'object',
  required: ['lab', 'nodes'],
  properties: {
    lab: text,
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['node', 'status', 'stdout', 'stderr'],
        properties: { node: text, status: integer, stdout: text, stderr: text },
      },
    },
  },
} as const

const cp = {
  type: 'object',
  required: ['lab', 'from', 'to', 'files', 'folders', 'bytes'],
  properties: { ...{ lab: text, from: text, to: text }, files: integer, folders: integer, bytes: integer },
} as const

const graph = {
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

const doctor = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'ok', 'core', 'finding'],
    properties: { name: text, ok: flag, core: flag, finding: text, fix: text },
  },
} as const

const version = {
  type: 'object',
  required: ['nstopo', 'node', 'kernel'],
  properties: { nstopo: text, node: text, kernel: text },
} as const

const timings = {
  type: 'object',
  description: 'with --timings: where the time went, until the document was printed',
  required: ['milliseconds', 'kernel', 'phases'],
  properties: {
    milliseconds: { ...number, description: 'since the process began' },
    kernel: { ...number, description: 'milliseconds of it in calls of the kernel' },
    phases: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'milliseconds'],
        properties: {
          path: { ...texts, description: 'its name, after those of what it is a part of' },
          milliseconds: number,
          message: { ...text, description: 'the kernel’s name, such as RTM_NEWLINK' },
          count: { ...integer, description: 'messages, or calls' },
        },
      },
    },
  },
} as const

export type Timings = Static<typeof timings>

/** The `result` of each command. */
export const results = {
  up,
  down,
  plan: planSchema,
  diff,
  validate,
  ls,
  inspect,
  ps: psSchema,
  logs: logsSchema,
  start: orderedSchema,
  stop: orderedSchema,
  restart: orderedSchema,
  ns: nsSchema,
  explain: explainSchema,
  test: testSchema,
  exec,
  cp,
  graph,
  gc,
  doctor,
  version,
} as const

export type ResultOf<C extends keyof typeof results> = Static<(typeof results)[C]>

/** A line of `watch --json`: what happened; or, before it began, why it can't. */
export const watchSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'nstopo watch --json, each line',
  anyOf: [watchLine, { type: 'object', ...enveloped('watch') }],
} as const

/** The whole document that a command prints with `--json`: one shape, whatever happens. */
export function documentSchema(command: keyof typeof results) {
  const { required, additionalProperties, properties } = enveloped(command)
  const { timings, ...before } = properties
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `nstopo ${command} --json`,
    type: 'object',
    ...{ required, additionalProperties },
    properties: {
      ...before,
      result: { ...results[command], description: 'there unless an error stood in its way' },
      timings,
    },
  } as const
}

/** What stands around every result. */
function enveloped<const C extends string>(command: C) {
  return {
    required: ['command', 'status', 'diagnostics'],
    additionalProperties: false,
    properties: {
      command: { const: command },
      status: { ...integer, description: 'the exit status' },
      diagnostics: { type: 'array', items: diagnostic },
      timings,
    },
  } as const
}

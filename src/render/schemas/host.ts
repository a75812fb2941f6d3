/** The JSON Schemas of what a node has when it is a whole host, as plain data. */
import { common } from './network.js'
import { exactly, flag, integer, number, oneOf, text, textByName, texts } from './words.js'

const idRanges = {
  type: 'array',
  items: {
    type: 'object',
    required: ['inside', 'outside', 'count'],
    properties: { inside: integer, outside: integer, count: integer },
  },
} as const

export const host = {
  type: 'object',
  required: ['type', 'node', 'hostname', 'isolate', 'environment'],
  properties: {
    ...{ ...common, type: exactly('host'), hostname: text, isolate: texts, environment: textByName, pid: integer },
    time: { type: 'object', properties: { monotonic: number, boottime: number }, description: 'seconds ahead' },
    limits: { type: 'object', properties: { memory: integer, cpu: number, pids: integer } },
    users: { type: 'object', properties: { uids: idRanges, gids: idRanges } },
  },
} as const

export const file = {
  type: 'object',
  required: ['type', 'node', 'path', 'kind', 'digest'],
  properties: {
    ...{ ...common, type: exactly('file'), path: text, kind: oneOf('content', 'bind', 'copy', 'tmpfs'), digest: text },
    ...{ mode: integer, content: text, from: text, size: integer },
  },
} as const

export const process = {
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

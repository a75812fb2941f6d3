/** processes: programs that start with their node, and go with it. */
import { nullable, oneOrMany, text } from '../fragment.js'
import { duration, size } from '../quantity.js'
import { variables } from './environment.js'

const command = { type: 'array', minItems: 1, items: text } as const

export const ready = {
  type: 'object',
  additionalProperties: false,
  properties: {
    listen: nullable({
      type: 'string',
      pattern: '^(tcp|udp)/\\d+$',
      description: 'a socket of the node listens there: tcp/80, udp/53',
    } as const),
    command: nullable({ ...command, description: 'this command, run in the node, ends with status 0' } as const),
    log: nullable({ ...text, description: 'a line of its output matches this regular expression' } as const),
    after: nullable({ ...duration, description: 'it has run so long' } as const),
    timeout: nullable({ ...duration, description: 'after which it is given up; 30s' } as const),
  },
} as const

const need = { ...text, description: 'what must be ready before: a process of the node, or NODE:PROCESS' } as const

export const processSpec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    command: nullable({ ...command, description: 'the program and its words, each an item of the list' } as const),
    ready: nullable({ ...ready, description: 'when it counts as ready; at once unless said otherwise' } as const),
    needs: nullable(oneOrMany(need)),
    'needs+': oneOrMany(need),
    restart: nullable({
      enum: ['no', 'on-failure', 'always'],
      description: 'whether it is started again when it ends; no unless said otherwise',
    } as const),
    user: nullable({
      ...text,
      description: 'a name or a number, as the node has it; root unless said otherwise',
    } as const),
    workdir: nullable({ ...text, description: 'the folder that it starts in; / unless said otherwise' } as const),
    environment: nullable({ ...variables, description: 'variables of its own, besides the node’s' } as const),
    stop: nullable({
      type: 'object',
      additionalProperties: false,
      properties: {
        signal: nullable({ ...text, description: 'that ends it; TERM unless said otherwise' } as const),
        grace: nullable({ ...duration, description: 'before it is killed; 5s' } as const),
      },
      description: 'how it is ended',
    } as const),
    log: nullable({ ...size, description: 'how much of its output is kept; 1mb' } as const),
  },
} as const

export const processProperties = {
  processes: nullable({
    type: 'object',
    additionalProperties: nullable(processSpec),
    description: 'programs that start with it, by name',
  } as const),
} as const

/** tests: what has to be true of a lab that is up; `nstopo test` finds out. */
import { nullable, oneOrMany, text } from './fragment.js'
import { duration, rate } from './quantity.js'

const described = <const D extends string>(description: D) => ({ ...text, description }) as const
const within = {
  within: nullable({
    ...duration,
    description: 'so long it may take to become true; 5s unless said otherwise',
  } as const),
} as const
const families = {
  family: nullable({
    enum: ['ipv4', 'ipv6'],
    description: 'this one alone; each that both ends speak, unless said',
  } as const),
} as const
const senders = oneOrMany(described('a node that sends; `all`: every host and router'))
const receivers = oneOrMany(described('a node, node:interface or an address; `all`: every host and router'))
const ports = oneOrMany(described('node:port or address:port'))
const pattern = described('what must be found in it: a text, or a regular expression between slashes')

const pair = { from: senders, to: receivers, ...families, ...within } as const
const test = <const P extends object, const R extends readonly string[]>(required: R, properties: P) =>
  ({ type: 'object', additionalProperties: false, required, properties }) as const

export const assertionProperties = {
  reach: {
    ...test(['from', 'to'], pair),
    description: 'echo requests are answered',
  },
  unreachable: { ...test(['from', 'to'], pair), description: 'no echo request is answered' },
  path: {
    ...test(['from', 'to', 'via'], { ...pair, via: oneOrMany(described('a node on the way, in this order')) }),
    description: 'packets arrive, and pass these nodes in this order',
  },
  tcp: { ...test(['from', 'to'], { ...pair, to: ports }), description: 'connections are taken' },
  http: {
    ...test(['from', 'to'], {
      ...{ from: senders, to: oneOrMany(described('node, node:port or address:port; port 80 unless said')) },
      path: nullable(described('what is asked for; / unless said')),
      status: nullable({ type: 'integer', minimum: 100, maximum: 599, description: 'of the answer; 200' } as const),
      body: nullable(pattern),
      ...families,
      ...within,
    }),
    description: 'a web server answers',
  },
  dns: {
    ...test(['from', 'name'], {
      ...{ from: senders, name: described('that is asked for') },
      server: nullable(described('a node or an address; what the node’s dns says, unless said')),
      type: nullable({ enum: ['A', 'AAAA'], description: 'of the record; A unless said' } as const),
      answer: nullable(oneOrMany(described('an address that must be among the answers'))),
      ...within,
    }),
    description: 'a resolver answers',
  },
  throughput: {
    ...test(['from', 'to', 'atLeast'], {
      ...{ from: described('the node that sends'), to: described('a node or node:interface'), ...families },
      ...{ atLeast: { ...rate, description: 'of one TCP connection' }, ...within },
    }),
    description: 'so much goes through',
  },
  mtu: {
    ...test(['from', 'to', 'is'], {
      ...pair,
      is: { type: 'integer', minimum: 68, maximum: 65535, description: 'bytes of the largest packet' },
    }),
    description: 'packets of this size are answered whole, and larger ones are not',
  },
  run: {
    ...test(['in', 'command'], {
      in: oneOrMany(described('a node; `all`: every host and router')),
      command: { type: 'array', minItems: 1, items: text, description: 'a program and its words' },
      status: nullable({
        type: 'integer',
        minimum: 0,
        maximum: 255,
        description: 'it ends with; 0 unless said',
      } as const),
      output: nullable(pattern),
      ...within,
    }),
    description: 'a command ends well, in a node',
  },
} as const

/** One of its keys says what is tested. */
export const assertionSchema = {
  type: 'object',
  additionalProperties: false,
  properties: assertionProperties,
} as const

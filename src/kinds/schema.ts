/** The JSON Schema of a topology, composed of the kinds' fragments; TypeScript's types are read off it. */
import type { Static } from '../model/static.js'
import { flag, nullable, oneOrMany, text } from './fragment.js'
import { linkProperties } from './link/index.js'
import {
  type file,
  type neighbor,
  type nextHop,
  nodeFeatures,
  type processSpec,
  type route,
  type rule,
} from './node/index.js'
import { portProperties, sharedPortProperties } from './port/index.js'
import { assertionSchema } from './tests.js'

const prefixes = oneOrMany({ type: 'string', description: 'a prefix, such as 10.0.0.0/24' })

const interfaceSchema = {
  anyOf: [
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        kind: nullable({
          type: 'string',
          description: 'bridge, vxlan, macvlan, tap or tun; lo and the ends of links have none',
        }),
        ...portProperties,
        ...linkProperties,
      },
    },
    { type: 'null' },
  ],
} as const

/** What a switch's bridge may be told, on the switch itself or on the LAN that it is made for. */
const switchProperties = {
  stp: nullable({ ...flag, description: 'the bridge speaks the spanning tree protocol' } as const),
} as const

const nodeProperties = {
  kind: nullable({
    enum: ['host', 'router', 'switch'],
    description: 'host (default), router (forwards), switch (a bridge)',
  }),
  interfaces: nullable({ type: 'object', additionalProperties: interfaceSchema }),
  ...nodeFeatures,
  subnet: nullable({ ...prefixes, description: 'of the segment that a switch makes' }),
  gateway: nullable({ ...text, description: 'of a switch’s segment: a node or an end' }),
  ...switchProperties,
} as const

const nodeSchema = {
  anyOf: [
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        group: nullable(oneOrMany({ ...text, description: 'a name of groups; later ones win' })),
        ...nodeProperties,
      },
    },
    { type: 'null' },
  ],
} as const

const groupSchema = {
  anyOf: [{ type: 'object', additionalProperties: false, properties: nodeProperties }, { type: 'null' }],
} as const

const endSchema = {
  anyOf: [
    { ...text, description: 'node, node:interface, either followed by addresses' },
    {
      type: 'object',
      additionalProperties: false,
      required: ['node'],
      properties: { node: text, interface: text, ...portProperties },
    },
  ],
} as const

const linkSettings = {
  ...sharedPortProperties,
  routing: nullable({ ...flag, description: 'false: left out of computed routes, with its addresses' } as const),
} as const

const linkSchema = {
  anyOf: [
    { type: 'array', minItems: 2, items: endSchema, description: 'its ends' },
    {
      type: 'object',
      additionalProperties: false,
      required: ['endpoints'],
      properties: {
        name: { ...text, description: 'makes it a LAN: a switch of this name, and its links' },
        endpoints: { type: 'array', minItems: 1, items: endSchema },
        subnet: { ...prefixes, description: 'ends without an address take the next free one' },
        gateway: { ...text, description: 'a node or an end: hosts get a default route to it' },
        ...switchProperties,
        ...linkSettings,
      },
    },
  ],
} as const

export const topologySchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'nstopo topology',
  type: 'object',
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  properties: {
    $schema: text,
    name: { ...text, description: 'of the lab: [a-z0-9][a-z0-9-]{0,62}' },
    ipv6: { ...flag, description: 'false: no IPv6 addresses are made up' },
    defaults: nullable({
      type: 'object',
      additionalProperties: false,
      properties: {
        node: groupSchema,
        link: nullable({ type: 'object', additionalProperties: false, properties: linkSettings }),
        interface: interfaceSchema,
      },
    }),
    groups: nullable({ type: 'object', additionalProperties: groupSchema }),
    nodes: nullable({ type: 'object', additionalProperties: nodeSchema }),
    links: nullable({ type: 'array', items: linkSchema }),
    addressing: nullable({
      type: 'object',
      additionalProperties: false,
      properties: {
        links: {
          ...prefixes,
          description: 'one prefix, or one per family: segments without addresses get theirs from it',
        },
        loopbacks: { ...prefixes, description: 'every host and router gets a loopback address from it' },
      },
    }),
    tests: nullable({
      type: 'array',
      items: assertionSchema,
      description: 'what has to be true; see nstopo test',
    } as const),
    routing: {
      enum: ['none', 'shortest-path'],
      description: 'shortest-path: static routes to every address of the lab',
    },
  },
} as const

type NonNull<T> = Exclude<T, null>

/** A topology as the file says it, after validation. */
export type Topology = Static<typeof topologySchema>
export type NodeSpec = NonNull<Static<typeof nodeSchema>>
export type GroupSpec = NonNull<Static<typeof groupSchema>>
export type InterfaceSpec = NonNull<Static<typeof interfaceSchema>>
export type LinkSpec = Static<typeof linkSchema>
export type EndSpec = Static<typeof endSchema>
export type RouteSpec = Static<typeof route>
export type NextHopSpec = Static<typeof nextHop>
export type RuleSpec = Static<typeof rule>
export type AssertionSpec = Static<typeof assertionSchema>
export type NeighborSpec = Static<typeof neighbor>
export type FileSpec = Static<typeof file>
export type ProcessSpec = Static<typeof processSpec>

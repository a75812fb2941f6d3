/** The JSON Schema of a topology, composed of the kinds' fragments; TypeScript's types are read off it. */
import type { Static } from 'typebox'
import { linkProperties } from './link/index.js'

const nullable = <const S>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const
const oneOrMany = <const S>(schema: S) => ({ anyOf: [schema, { type: 'array', items: schema }] }) as const

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const mtu = { type: 'integer', minimum: 68, maximum: 65535, description: 'bytes; 1500 unless said otherwise' } as const
const mac = { type: 'string', description: 'a unicast MAC address, such as "02:00:00:00:00:01"; quoted' } as const
const cost = {
  type: 'integer',
  minimum: 1,
  maximum: 16777215,
  description: 'what the way out of here costs computed routes; 1 unless said otherwise',
} as const
const prefixes = oneOrMany({ type: 'string', description: 'a prefix, such as 10.0.0.0/24' })
const addresses = oneOrMany({ type: 'string', description: 'an address with its prefix length, such as 10.0.0.1/24' })

/** What an end of a link and an interface have in common. */
const portProperties = {
  addresses: nullable(addresses),
  'addresses+': addresses,
  mac: nullable(mac),
  mtu: nullable(mtu),
  up: nullable({ ...flag, description: 'false: made, but not set up' } as const),
  ipv6: nullable({ ...flag, description: 'false: no IPv6 on it at all' } as const),
  dad: nullable({ ...flag, description: 'true: addresses wait for duplicate-address detection' } as const),
  cost: nullable(cost),
} as const

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

const nextHop = {
  anyOf: [
    { ...text, description: 'an address, a node, or an end' },
    {
      type: 'object',
      additionalProperties: false,
      properties: { via: text, dev: text, weight: { type: 'integer', minimum: 1, maximum: 256 }, onlink: flag },
    },
  ],
} as const

const tableNumber = {
  anyOf: [{ type: 'integer', minimum: 1, maximum: 4294967295 }, { enum: ['main', 'local', 'default'] }],
} as const

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: { ...text, description: 'a prefix, an address, or default' },
    via: oneOrMany(nextHop),
    dev: { ...text, description: 'an interface of the node' },
    table: tableNumber,
    metric: { type: 'integer', minimum: 0, maximum: 4294967295 },
    src: { ...text, description: 'the address of the node that packets leave with' },
    mtu,
    onlink: { ...flag, description: 'true: the next hop counts as reachable though no subnet says so' },
    type: { enum: ['unicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'local'] },
  },
} as const

const portRange = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 65535 },
    { type: 'string', pattern: '^\\d+-\\d+$' },
  ],
} as const

const rule = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: text,
    to: text,
    iif: text,
    oif: text,
    fwmark: { ...text, description: 'a number, or number/mask; 0x for hexadecimal' },
    ipproto: { ...text, description: 'tcp, udp, icmp, … or a number' },
    sport: portRange,
    dport: portRange,
    uidrange: { type: 'string', pattern: '^\\d+(-\\d+)?$' },
    tos: { ...text, description: 'a number; 0x for hexadecimal' },
    not: { ...flag, description: 'true: packets that do not match' },
    table: tableNumber,
    type: { enum: ['blackhole', 'unreachable', 'prohibit'] },
    priority: { type: 'integer', minimum: 0, maximum: 4294967295 },
  },
} as const

const neighbor = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'mac', 'dev'],
  properties: { to: text, mac, dev: text },
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
  routes: nullable(oneOrMany(route)),
  'routes+': oneOrMany(route),
  rules: nullable(oneOrMany(rule)),
  'rules+': oneOrMany(rule),
  neighbors: nullable(oneOrMany(neighbor)),
  'neighbors+': oneOrMany(neighbor),
  sysctls: nullable({ type: 'object', additionalProperties: nullable(text), description: 'by name with dots' }),
  labels: nullable({
    type: 'object',
    additionalProperties: nullable(text),
    description: 'free; shown by inspect and graph',
  }),
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
  mtu: nullable(mtu),
  up: nullable(flag),
  ipv6: nullable(flag),
  dad: nullable(flag),
  cost: nullable(cost),
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
export type NeighborSpec = Static<typeof neighbor>

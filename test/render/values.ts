/** Small networks, plans and documents for the tests of this room. */
import type { Document } from '../../src/model/document.js'
import type { Interface, Network, Node } from '../../src/model/network.js'
import type { Operation } from '../../src/model/plan.js'
import type { Address, Link, Route } from '../../src/model/state.js'

export const link = (node: string, name: string, more: Partial<Link> = {}): Link => ({
  ...{ type: 'link', node, name, kind: 'veth', mtu: 1500, up: true, data: {} },
  ...more,
})

export const address = (node: string, dev: string, text: string): Address => ({
  ...{ type: 'address', node, dev, family: 4, address: text, prefixLength: 24, dad: false },
})

export const route = (node: string, more: Partial<Route> = {}): Route => ({
  ...{ type: 'route', node, family: 4, to: '0.0.0.0/0', action: 'unicast', table: 254, metric: 0, protocol: 110 },
  nextHops: [{ via: '10.0.0.1', dev: 'eth0', weight: 1, onlink: false }],
  ...more,
})

export const pair: Operation = { verb: 'create', resource: link('h1', 'eth0'), partner: link('h2', 'eth0') }

const end = (name: string, text: string, peer: { node: string; interface: string }): Interface => ({
  ...{ name, kind: 'veth', at: [], mtu: 1500, up: true, ipv6: true, dad: false, settings: {}, cost: 1, peer },
  addresses: [{ family: 4, address: text, prefixLength: 24, at: [] }],
})

const node = (name: string, kind: Node['kind'], interfaces: readonly Interface[], labels = {}): Node => ({
  ...{ name, kind, at: [], interfaces, routes: [], rules: [], neighbors: [], sysctls: new Map(), labels },
})

export const network: Network = {
  lab: 'pair',
  nodes: [
    node('h1', 'host', [end('eth0', '10.0.0.1', { node: 'gw', interface: 'lan"0' })], { role: 'a "b" <c>' }),
    node('gw', 'router', [end('lan"0', '10.0.0.2', { node: 'h1', interface: 'eth0' })]),
  ],
  wires: [
    {
      ends: [
        { node: 'h1', interface: 'eth0' },
        { node: 'gw', interface: 'lan"0' },
      ],
      at: [],
    },
  ],
  segments: [],
  assigned: {},
  tests: [],
}

/** A document in which the value at a path stands on the line that the path’s length says. */
export const document: Document = {
  source: { text: '', label: 'lab.yaml', variables: {}, environment: {} },
  value: null,
  lab: 'pair',
  used: {},
  place: path => ({ line: path.length, column: 3, start: 0, end: 0 }),
  range: () => ({ line: 1, column: 1, start: 0, end: 0 }),
}

/** A resolved network → the resources the kernel should hold. Property by property: there are many, and spreads are slow. */
import type { Interface, InterfaceAddress, NeighborEntry, Network, Node, RouteEntry } from '../model/network.js'
import {
  type Address,
  type Link,
  type Neighbor,
  type NodeState,
  ownProtocol,
  type ResourceOf,
  type ResourceType,
  type Route,
  type Rule,
  type State,
} from '../model/state.js'
import { kindOf, sortHops } from '../resources/index.js'
import { lowerHost } from './lower/host.js'
import { settings } from './lower/settings.js'

/** Turns a resolved network into the resources the kernel should hold. */
export function lower(network: Network): State {
  const keys = new Map<string, RouteKey>()
  const state = new Map<string, NodeState>()
  for (const node of network.nodes) state.set(node.name, lowerNode(node, keys))
  return state
}

function lowerNode(node: Node, routeKeys: Map<string, RouteKey>): NodeState {
  const { name, at, rules, neighbors } = node
  return {
    namespace: { type: 'namespace', node: name, at },
    link: links(node),
    address: addresses(node),
    route: routes(node, routeKeys),
    rule: byKey(
      'rule',
      rules.map((entry): Rule => ({ ...entry, node: name, type: 'rule', protocol: ownProtocol })),
    ),
    neighbor: byKey(
      'neighbor',
      neighbors.map(entry => neighbor(entry, name)),
    ),
    sysctl: settings(node),
    ...lowerHost(node),
  }
}

/** What many nodes have none of is one for all of them. */
const nothing = new Map<string, never>()

function byKey<T extends ResourceType>(
  type: T,
  resources: readonly ResourceOf<T>[],
): ReadonlyMap<string, ResourceOf<T>> {
  if (resources.length === 0) return nothing
  const { key } = kindOf(type)
  const map = new Map<string, ResourceOf<T>>()
  for (let i = 0; i < resources.length; i++) map.set(key(resources[i]!), resources[i]!)
  return map
}

function links(node: Node): ReadonlyMap<string, Link> {
  return byKey(
    'link',
    node.interfaces.map(one => link(one, node.name)),
  )
}

function link(one: Interface, node: string): Link {
  const { name, kind, mtu, up, settings: data, at, mac, bridge, parent, peer } = one
  const result: Writable<Link> = { type: 'link', node, name, kind, mtu, up, data, at }
  if (mac !== undefined) result.mac = mac
  if (bridge !== undefined) result.master = bridge
  if (parent !== undefined) result.parent = parent
  if (peer !== undefined) result.peer = { node: peer.node, name: peer.interface }
  return result
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function addresses({ interfaces, name }: Node): ReadonlyMap<string, Address> {
  const all: Address[] = []
  for (let i = 0; i < interfaces.length; i++)
    for (let j = 0; j < interfaces[i]!.addresses.length; j++)
      all.push(address(interfaces[i]!.addresses[j]!, interfaces[i]!, name))
  return byKey('address', all)
}

function address(entry: InterfaceAddress, one: Interface, node: string): Address {
  const { family, prefixLength, at } = entry
  const dad = family === 6 && one.dad
  return { type: 'address', node, dev: one.name, family, address: entry.address, prefixLength, dad, at }
}

function routes(node: Node, keys: Map<string, RouteKey>): ReadonlyMap<string, Route> {
  if (node.routes.length === 0) return nothing
  const map = new Map<string, Route>()
  for (const entry of node.routes) {
    const lowered = route(entry, node.name)
    map.set(routeKey(lowered, keys), lowered)
  }
  return map
}

function route(entry: RouteEntry, node: string): Route {
  const { family, to, action, table, metric, src, mtu, at } = entry
  const [type, nextHops, protocol] = ['route', hops(entry), ownProtocol] as const
  const result: Writable<Route> = { type, node, family, to, action, nextHops, table, metric, protocol }
  if (src !== undefined) result.src = src
  if (mtu !== undefined) result.mtu = mtu
  if (at !== undefined) result.at = at
  return result
}

/** A key, and what it was made for. */
interface RouteKey {
  readonly text: string
  readonly table: number
  readonly metric: number
}

/** Computed routes lead to the same few thousand prefixes from every node: their keys are made once, by the prefix. */
function routeKey(lowered: Route, keys: Map<string, RouteKey>): string {
  const { to, table, metric } = lowered
  const known = keys.get(to)
  if (known?.table === table && known.metric === metric) return known.text
  const text = kindOf('route').key(lowered)
  keys.set(to, { text, table, metric })
  return text
}

/** A weight means nothing to a single next hop, and the kernel keeps none. */
function hops({ nextHops }: RouteEntry): Route['nextHops'] {
  if (nextHops.length !== 1) return sortHops(nextHops)
  const [hop] = nextHops
  return hop!.weight === 1 ? nextHops : [{ ...hop!, weight: 1 }]
}

function neighbor(entry: NeighborEntry, node: string): Neighbor {
  return { ...entry, node, type: 'neighbor', protocol: ownProtocol }
}

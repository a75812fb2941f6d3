/** A resolved network → the resources the kernel should hold. */
import { pinned } from '../kinds/index.js'
import type { Path } from '../model/document.js'
import type { Interface, Network, Node } from '../model/network.js'
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
  type Sysctl,
} from '../model/state.js'
import { kindOf, sortHops } from '../resources/index.js'

/** Turns a resolved network into the resources the kernel should hold. */
export function lower(network: Network): State {
  return new Map(network.nodes.map(node => [node.name, lowerNode(node)]))
}

function lowerNode(node: Node): NodeState {
  return {
    namespace: { type: 'namespace', node: node.name, at: node.at },
    link: byKey(
      'link',
      node.interfaces.map(i => link(node, i)),
    ),
    address: byKey(
      'address',
      node.interfaces.flatMap(i => addresses(node, i)),
    ),
    route: byKey(
      'route',
      node.routes.map(
        (entry): Route => ({ ...entry, ...common(node), type: 'route', nextHops: hops(entry), protocol: ownProtocol }),
      ),
    ),
    rule: byKey(
      'rule',
      node.rules.map((entry): Rule => ({ ...entry, ...common(node), type: 'rule', protocol: ownProtocol })),
    ),
    neighbor: byKey(
      'neighbor',
      node.neighbors.map((entry): Neighbor => ({ ...entry, ...common(node), type: 'neighbor', protocol: ownProtocol })),
    ),
    sysctl: sysctls(node),
  }
}

const common = (node: Node) => ({ node: node.name })

function byKey<T extends ResourceType>(
  type: T,
  resources: readonly ResourceOf<T>[],
): ReadonlyMap<string, ResourceOf<T>> {
  const { key } = kindOf(type)
  return new Map(resources.map(resource => [key(resource), resource]))
}

/** A weight means nothing to a single next hop, and the kernel keeps none. */
function hops({ nextHops }: Node['routes'][number]): Route['nextHops'] {
  return nextHops.length === 1 ? [{ ...nextHops[0]!, weight: 1 }] : sortHops(nextHops)
}

function link(node: Node, i: Interface): Link {
  return {
    ...{ type: 'link', node: node.name, name: i.name, kind: i.kind, mtu: i.mtu, up: i.up, data: i.settings, at: i.at },
    ...(i.mac === undefined ? {} : { mac: i.mac }),
    ...(i.bridge === undefined ? {} : { master: i.bridge }),
    ...(i.parent === undefined ? {} : { parent: i.parent }),
    ...(i.peer === undefined ? {} : { peer: { node: i.peer.node, name: i.peer.interface } }),
  }
}

function addresses(node: Node, i: Interface): readonly Address[] {
  return i.addresses.map(({ family, address, prefixLength, at }) => {
    return {
      type: 'address',
      node: node.name,
      dev: i.name,
      family,
      address,
      prefixLength,
      dad: family === 6 && i.dad,
      at,
    }
  })
}

/** The pinned ones of the node's kind, what its interfaces want, and above all what the file says. */
function sysctls(node: Node): ReadonlyMap<string, Sysctl> {
  const settings = new Map<string, Sysctl>()
  const set = (name: string, value: string, at?: Path) => {
    settings.set(
      name,
      at ? { type: 'sysctl', node: node.name, name, value, at } : { type: 'sysctl', node: node.name, name, value },
    )
  }
  for (const { name, value } of pinned) set(name, value[node.kind])
  for (const i of node.interfaces) interfaceSysctls(node, i, set)
  for (const [name, { value, at }] of node.sysctls) set(name, value, at)
  return settings
}

/** Where an interface wants other than what interfaces of this node have when they come to be. */
function interfaceSysctls(node: Node, i: Interface, set: (name: string, value: string, at: Path) => void): void {
  const usual = node.kind !== 'switch'
  if (i.kind === 'loopback' || (i.ipv6 === usual && !i.dad)) return
  const folder = `net.ipv6.conf.${i.name.replaceAll('.', '/')}`
  if (i.ipv6 !== usual) set(`${folder}.disable_ipv6`, i.ipv6 ? '0' : '1', i.at)
  if (i.dad && i.ipv6) set(`${folder}.accept_dad`, '1', i.at)
}

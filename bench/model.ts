/** A resolved network in; what a person would tell other tools to build out, so that all are told the same. */
import type { Interface, Network, Node, RouteEntry } from '../src/model/network.js'

export interface PeerNode {
  readonly name: string
  /** As `ip netns` knows it. */
  readonly namespace: string
  readonly settings: readonly (readonly [name: string, value: string])[]
  readonly bridges: readonly { readonly name: string; readonly ports: readonly string[] }[]
  /** Interfaces to set up, lo first. */
  readonly up: readonly string[]
  readonly addresses: readonly { readonly dev: string; readonly address: string; readonly family: 4 | 6 }[]
  readonly routes: readonly PeerRoute[]
  /** The same as words for `ip`, in an order that works. */
  readonly commands: readonly (readonly string[])[]
  /** What is started in it, and goes on. */
  readonly programs: readonly (readonly string[])[]
}

export interface PeerRoute {
  readonly family: 4 | 6
  /** `default`, or a prefix. */
  readonly to: string
  readonly hops: readonly { readonly via: string; readonly dev: string }[]
}

export interface PeerEnd {
  readonly node: string
  readonly interface: string
}

export interface PeerModel {
  readonly nodes: readonly PeerNode[]
  readonly cables: readonly (readonly [PeerEnd, PeerEnd])[]
}

export function peerModel({ lab, nodes, wires }: Network): PeerModel {
  return { nodes: nodes.map(node => peerNode(lab, node)), cables: wires.map(({ ends }) => ends) }
}

function peerNode(lab: string, node: Node): PeerNode {
  const bridges = node.interfaces.filter(i => i.kind === 'bridge').map(({ name }) => bridge(node, name))
  const addresses = node.interfaces.flatMap(addressesOf)
  const [up, routes] = [node.interfaces.filter(i => i.up).map(({ name }) => name), node.routes.map(peerRoute)]
  const parts = { bridges, up, addresses, routes }
  const names = { name: node.name, namespace: `${lab}.${node.name}` }
  return { ...names, ...parts, settings: settingsOf(node), commands: commandsOf(parts), programs: programsOf(node) }
}

const bridge = (node: Node, name: string) => ({
  name,
  ports: node.interfaces.filter(i => i.bridge === name).map(port => port.name),
})

const addressesOf = ({ name, addresses }: Interface) =>
  addresses.map(({ family, address, prefixLength }) => ({ dev: name, address: `${address}/${prefixLength}`, family }))

const programsOf = ({ host }: Node) => host?.processes.map(({ command }) => command) ?? []

/** Routers forward; the ports of a switch need no IPv6, which at a thousand of them takes seconds. */
function settingsOf({ kind }: Node): PeerNode['settings'] {
  if (kind === 'switch') return [['net.ipv6.conf.default.disable_ipv6', '1']]
  if (kind === 'host') return []
  return ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'].map(name => [name, '1'] as const)
}

function peerRoute({ family, to, nextHops }: RouteEntry): PeerRoute {
  const hops = nextHops.map(({ via, dev }) => ({ via: via!, dev: dev! }))
  return { family, to: to === '0.0.0.0/0' || to === '::/0' ? 'default' : to, hops }
}

type Parts = Pick<PeerNode, 'bridges' | 'up' | 'addresses' | 'routes'>

function commandsOf({ bridges, up, addresses, routes }: Parts): PeerNode['commands'] {
  return [
    ...bridges.map(({ name }) => ['link', 'add', 'name', name, 'type', 'bridge']),
    ...bridges.flatMap(({ name, ports }) => ports.map(port => ['link', 'set', 'dev', port, 'master', name])),
    ...up.map(name => ['link', 'set', 'dev', name, 'up']),
    ...addresses.map(addressWords),
    ...routes.map(routeWords),
  ]
}

function addressWords({ dev, address, family }: PeerNode['addresses'][number]): readonly string[] {
  return ['address', 'add', address, 'dev', dev, ...(family === 6 ? ['nodad'] : [])]
}

/** `::/0` for IPv6, as a batch has no place for -6. */
function routeWords({ family, to, hops }: PeerRoute): readonly string[] {
  const start = ['route', 'add', to === 'default' && family === 6 ? '::/0' : to]
  const [only, ...more] = hops.map(({ via, dev }) => ['via', via, 'dev', dev])
  return more.length === 0 ? [...start, ...only!] : [...start, ...[only!, ...more].flatMap(hop => ['nexthop', ...hop])]
}

/** The workbench in, the network that leaves the pass out. */
import type {
  End,
  Interface,
  NeighborEntry,
  Network,
  Node,
  RouteEntry,
  RuleEntry,
  Segment,
  Wire,
} from '../../model/network.js'
import type { Draft, DraftAddress, DraftInterface, DraftNode, DraftWire } from './draft.js'
import type { DraftSegment } from './segments.js'
import { readLabels, type Sysctls } from './settings.js'

/** What was read of the nodes besides their interfaces. */
export interface Entries {
  readonly routes: ReadonlyMap<DraftNode, readonly RouteEntry[]>
  readonly rules: ReadonlyMap<DraftNode, readonly RuleEntry[]>
  readonly neighbors: ReadonlyMap<DraftNode, readonly NeighborEntry[]>
  readonly sysctls: ReadonlyMap<DraftNode, Sysctls>
}

export interface Finished extends Entries {
  readonly lab: string
  readonly draft: Draft
  readonly segments: readonly DraftSegment[]
  readonly assigned: Network['assigned']
}

export function finish(parts: Finished): Network {
  const { lab, draft, segments, assigned } = parts
  const nodes = [...draft.nodes.values()].map(node => finishNode(node, parts))
  return { lab, nodes, wires: draft.wires.map(finishWire), segments: segments.map(finishSegment), assigned }
}

function finishNode(node: DraftNode, { routes, rules, neighbors, sysctls }: Entries): Node {
  return {
    name: node.name,
    kind: node.kind,
    at: node.at,
    interfaces: [...node.interfaces.values()].map(finishInterface),
    routes: routes.get(node) ?? [],
    rules: rules.get(node) ?? [],
    neighbors: neighbors.get(node) ?? [],
    sysctls: sysctls.get(node)!,
    labels: readLabels(node),
  }
}

/** Property by property: there are thousands, and spreads are slow. */
function finishInterface(port: DraftInterface): Interface {
  const { name, kind, at, mac, mtu, up, ipv6, dad, peer, bridge, parent, settings, cost } = port
  const addresses = port.addresses.map(finishAddress)
  const result: Writable<Interface> = { name, kind, at, addresses, mtu, up, ipv6, dad, settings, cost }
  if (mac !== undefined) result.mac = mac
  if (peer) result.peer = finishEnd(peer)
  if (bridge) result.bridge = bridge.name
  if (parent) result.parent = parent.name
  return result
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

const finishAddress = ({ family, address, prefixLength, at }: DraftAddress) => ({ family, address, prefixLength, at })

function finishSegment({ ends, routing, at }: DraftSegment): Segment {
  return { ends: ends.map(finishEnd), routing, at }
}

const finishEnd = ({ node, name }: DraftInterface): End => ({ node: node.name, interface: name })

function finishWire({ ends: [a, b], at }: DraftWire): Wire {
  return { ends: [finishEnd(a), finishEnd(b)], at }
}

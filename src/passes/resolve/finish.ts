/** The workbench in, the network that leaves the pass out. */
import type { Assertion } from '../../model/assertion.js'
import type {
  End,
  HostEntry,
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

/** What was read of a node besides its interfaces. */
export interface NodeEntries {
  readonly routes: readonly RouteEntry[]
  readonly rules: readonly RuleEntry[]
  readonly neighbors: readonly NeighborEntry[]
  readonly sysctls: Sysctls
  readonly host?: HostEntry | undefined
}

/** Of every node, in the order of the file. */
export type Entries = ReadonlyMap<DraftNode, NodeEntries>

export interface Finished {
  readonly entries: Entries
  readonly lab: string
  readonly draft: Draft
  readonly segments: readonly DraftSegment[]
  readonly assigned: Network['assigned']
  readonly tests: readonly Assertion[]
}

export function finish({ lab, draft, entries, segments, assigned, tests }: Finished): Network {
  const nodes: Node[] = []
  for (const [node, own] of entries) nodes.push(finishNode(node, own))
  return { lab, nodes, wires: draft.wires.map(finishWire), segments: segments.map(finishSegment), assigned, tests }
}

function finishNode(node: DraftNode, { routes, rules, neighbors, sysctls, host }: NodeEntries): Node {
  return {
    name: node.name,
    kind: node.kind,
    at: node.at,
    interfaces: Array.from(node.interfaces.values(), finishInterface),
    routes,
    rules,
    neighbors,
    sysctls,
    labels: readLabels(node),
    ...(host ? { host } : {}),
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

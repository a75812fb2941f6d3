/** Which next hops a node reaches: an address, a node or an end in, the way to it for each family out. */
import { type Address, contains, formatPrefix, networkOf, type Prefix } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import type { DraftInterface, DraftNode } from './draft.js'
import type { DraftSegment } from './segments.js'

/** An address of a neighbour, and the interface of the node that leads there. */
export interface Way {
  readonly family: Family
  readonly via: string
  readonly dev: DraftInterface
}

export interface Reach {
  /** The interface whose subnet holds the address; the longest prefix wins. */
  toward(node: DraftNode, address: Address): DraftInterface | undefined
  /** Whether it is an address of the node itself. */
  owns(node: DraftNode, address: Address): boolean
  /** The interface whose own subnet this is. */
  connected(node: DraftNode, prefix: Prefix): DraftInterface | undefined
  /** Ends of the other node (or only the one of that name) that stand on a segment with the node. */
  neighbours(node: DraftNode, other: DraftNode, name?: string): readonly Pair[]
}

/** An interface of a node and one of another node on the same segment. */
export interface Pair {
  readonly own: DraftInterface
  readonly their: DraftInterface
}

/** The subnets of one family and length, as the interfaces by their network's bits. */
interface Subnets {
  readonly family: Family
  readonly length: number
  readonly ports: Map<bigint, DraftInterface>
}

export function indexReach(segments: readonly DraftSegment[]): Reach {
  const nodes = new Map<DraftNode, readonly Subnets[]>()
  const indexOf = (node: DraftNode) => {
    const known = nodes.get(node)
    if (known) return known
    const made = indexNode(node)
    nodes.set(node, made)
    return made
  }
  let onSegments: SegmentIndex | undefined
  return {
    toward: (node, address) =>
      node.interfaces.size <= few ? longestAmong(node, address) : longest(indexOf(node), address),
    owns,
    connected: (node, prefix) => withLength(indexOf(node), prefix)?.ports.get(prefix.bits),
    neighbours: (node, other, name) => {
      onSegments ??= indexSegments(segments)
      return findNeighbours(onSegments, { node, other, name })
    },
  }
}

/** So many interfaces are looked at one by one as fast as an index of them is made. */
const few = 8

function longestAmong(node: DraftNode, address: Address): DraftInterface | undefined {
  let most = -1
  let found: DraftInterface | undefined
  for (const port of node.interfaces.values()) {
    if (port.kind === 'loopback') continue
    for (let i = 0; i < port.addresses.length; i++) {
      const { prefix } = port.addresses[i]!
      if (prefix.length <= most || !contains(prefix, address)) continue
      found = port
      most = prefix.length
    }
  }
  return found
}

function indexNode(node: DraftNode): readonly Subnets[] {
  const index: Subnets[] = []
  for (const port of node.interfaces.values())
    for (const { prefix } of port.addresses) {
      if (port.kind === 'loopback') break
      const { family, length, bits } = networkOf(prefix)
      const known = withLength(index, prefix)
      if (!known) index.push({ family, length, ports: new Map([[bits, port]]) })
      else if (!known.ports.has(bits)) known.ports.set(bits, port)
    }
  return index
}

const withLength = (index: readonly Subnets[], { family, length }: Prefix): Subnets | undefined =>
  index.find(known => known.length === length && known.family === family)

function owns(node: DraftNode, { family, bits }: Address): boolean {
  for (const port of node.interfaces.values())
    for (let i = 0; i < port.addresses.length; i++) {
      const { prefix } = port.addresses[i]!
      if (prefix.bits === bits && prefix.family === family) return true
    }
  return false
}

function longest(index: readonly Subnets[], address: Address): DraftInterface | undefined {
  let most = -1
  let found: DraftInterface | undefined
  for (const { family, length, ports } of index) {
    if (family !== address.family || length < most) continue
    const port = ports.get(networkOf({ family, bits: address.bits, length }).bits)
    if (port) [found, most] = [port, length]
  }
  return found
}

type SegmentIndex = ReadonlyMap<DraftInterface, ReadonlyMap<DraftNode, readonly DraftInterface[]>>

function indexSegments(segments: readonly DraftSegment[]): SegmentIndex {
  const result = new Map<DraftInterface, ReadonlyMap<DraftNode, readonly DraftInterface[]>>()
  for (const { ends } of segments) {
    const byNode = new Map<DraftNode, DraftInterface[]>()
    for (const end of ends) {
      const known = byNode.get(end.node)
      if (known) known.push(end)
      else byNode.set(end.node, [end])
      result.set(end, byNode)
    }
  }
  return result
}

function findNeighbours(
  index: SegmentIndex,
  { node, other, name }: { node: DraftNode; other: DraftNode; name: string | undefined },
): readonly Pair[] {
  const pairs: Pair[] = []
  for (const own of node.interfaces.values())
    for (const their of index.get(own)?.get(other) ?? [])
      if (name === undefined || their.name === name) pairs.push({ own, their })
  return pairs
}

/** The first address of each family that a pair has in a common subnet. */
export function waysOver(pairs: readonly Pair[]): readonly Way[] {
  const ways: Way[] = []
  for (const { own, their } of pairs)
    for (const { family, address, prefix } of their.addresses) {
      if (ways.some(way => way.family === family)) continue
      if (own.addresses.some(mine => contains(networkOf(mine.prefix), { family, bits: prefix.bits })))
        ways.push({ family, via: address, dev: own })
    }
  return ways
}

/** `10.0.0.0/24 by eth0, …`: what a node reaches without help, for hints. */
export function reachable(node: DraftNode): string | undefined {
  const subnets = new Set<string>()
  for (const port of node.interfaces.values())
    if (port.kind !== 'loopback')
      for (const { prefix } of port.addresses) subnets.add(`${formatPrefix(networkOf(prefix))} by ${port.name}`)
  const some = [...subnets].slice(0, 4)
  return some.length === 0 ? undefined : `${some.join(', ')}${subnets.size > 4 ? ', …' : ''}`
}

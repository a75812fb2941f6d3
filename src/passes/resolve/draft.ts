/**
 * The workbench of this pass: nodes and interfaces while their parts are found one after the other. Nothing of it
 * leaves the pass; `finish.ts` turns it into a Network.
 */
import type { Diagnostic } from '../../diagnostic.js'
import type { NodeSpec, Settings } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import type { Prefix } from '../../model/ip.js'
import type { InterfaceAddress, Node } from '../../model/network.js'
import type { Gaps } from './gaps.js'
import type { Item } from './item.js'

export interface DraftAddress extends InterfaceAddress {
  /** The same as bits. */
  readonly prefix: Prefix
  /** The file says it, rather than a subnet or a pool. */
  readonly explicit: boolean
}

export interface DraftInterface {
  readonly node: DraftNode
  readonly name: string
  readonly kind: string
  readonly at: Path
  readonly addresses: DraftAddress[]
  readonly up: boolean
  readonly dad: boolean
  readonly cost: number
  readonly settings: Settings
  /** What the file says about it; unsaid is undefined. */
  readonly said: {
    readonly mtu: Item<number> | undefined
    readonly mac: Item<string> | undefined
    readonly ipv6: Item<boolean> | undefined
  }
  /** Ports of a bridge, by what names them. */
  readonly ports: readonly Item<string>[]
  /** What names the interface that it stands on. */
  readonly on: Item<string> | undefined
  mac: string | undefined
  mtu: number
  ipv6: boolean
  /** The other end of its cable. */
  peer: DraftInterface | undefined
  /** What it is an end of. */
  link: DraftLink | undefined
  bridge: DraftInterface | undefined
  parent: DraftInterface | undefined
}

export interface DraftNode {
  readonly name: string
  readonly kind: Node['kind']
  readonly at: Path
  readonly spec: Item<NodeSpec>
  readonly interfaces: Map<string, DraftInterface>
  /** Something of it was refused: what merely follows from that is not reported. */
  broken: boolean
}

/** A link of the file: what it says about its segment. */
export interface DraftLink {
  readonly at: Path
  /** Good ends in the order of the file. */
  readonly ends: readonly DraftInterface[]
  readonly lan: boolean
  readonly subnet: readonly Item<string>[]
  readonly gateway: Item<string> | undefined
  readonly routing: boolean
}

/** A cable: two interfaces, each the other's peer. */
export interface DraftWire {
  readonly ends: readonly [DraftInterface, DraftInterface]
  readonly at: Path
}

export interface Draft {
  readonly nodes: Map<string, DraftNode>
  readonly links: DraftLink[]
  readonly wires: DraftWire[]
  /** Every interface, node by node; filled when all are declared. */
  readonly ports: DraftInterface[]
  /** What ends call nodes that the file does not have: reported there, and nowhere else. */
  readonly strangers: Set<string>
  /** What the file says and the topology lacks, as it was faulty. */
  readonly gaps: Gaps
}

export type Report = (diagnostic: Diagnostic) => void

/** `node:interface`, as the language spells it. */
export const nameOf = (port: DraftInterface): string => `${port.node.name}:${port.name}`

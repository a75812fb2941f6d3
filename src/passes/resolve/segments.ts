/** Segments: links, bridges and what stands on them in; what shares one broadcast domain out, in order of the file. */
import { linkKinds } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import type { Draft, DraftInterface, DraftLink, DraftNode } from './draft.js'

export interface DraftSegment {
  /** A name that survives other changes: its first switch, or its two ends. */
  readonly key: string
  /** How messages call it. */
  readonly label: string
  /** Those that have a place in it: no ports of bridges, and bridges only if they have an address. */
  readonly ends: readonly DraftInterface[]
  readonly links: readonly DraftLink[]
  readonly switches: readonly DraftNode[]
  readonly lan: boolean
  readonly routing: boolean
  readonly at: Path
}

export function findSegments(draft: Draft): readonly DraftSegment[] {
  const neighbours = neighbourhood(draft)
  const linksOf = new Map<DraftInterface, DraftLink>()
  for (const link of draft.links) for (const end of link.ends) linksOf.set(end, link)
  const seen = new Set<DraftInterface>()
  const segments: DraftSegment[] = []
  const order = new Map<DraftInterface, number>()
  for (const link of draft.links) for (const end of link.ends) order.set(end, order.size)
  for (const node of draft.nodes.values())
    for (const port of node.interfaces.values()) if (!order.has(port)) order.set(port, order.size)
  for (const start of order.keys()) {
    if (seen.has(start) || start.kind === 'loopback') continue
    const members = reach(start, neighbours, seen).sort((a, b) => order.get(a)! - order.get(b)!)
    const segment = describe(members, linksOf)
    if (segment) segments.push(segment)
  }
  return segments
}

/** Who hears whom directly: the other end of a cable, a bridge and its ports, what stands on another interface. */
function neighbourhood(draft: Draft): ReadonlyMap<DraftInterface, readonly DraftInterface[]> {
  const result = new Map<DraftInterface, DraftInterface[]>()
  const add = (from: DraftInterface, to: DraftInterface) => {
    const known = result.get(from)
    if (known) known.push(to)
    else result.set(from, [to])
  }
  for (const node of draft.nodes.values())
    for (const port of node.interfaces.values()) {
      const peer = port.peer && draft.nodes.get(port.peer.node)?.interfaces.get(port.peer.interface)
      if (peer) add(port, peer)
      for (const other of [port.bridge, sharesWire(port) ? port.parent : undefined])
        if (other) {
          add(port, other)
          add(other, port)
        }
    }
  return result
}

/** What cannot be without a parent is on its wire; a tunnel, which can, is not. */
const sharesWire = ({ kind }: DraftInterface): boolean => {
  const { parentKey, required } = linkKinds.get(kind) ?? {}
  return parentKey !== undefined && required?.includes(parentKey) === true
}

function reach(
  start: DraftInterface,
  neighbours: ReadonlyMap<DraftInterface, readonly DraftInterface[]>,
  seen: Set<DraftInterface>,
): DraftInterface[] {
  const members = [start]
  seen.add(start)
  for (const member of members)
    for (const other of neighbours.get(member) ?? [])
      if (!seen.has(other)) {
        seen.add(other)
        members.push(other)
      }
  return members
}

function describe(
  members: readonly DraftInterface[],
  linksOf: ReadonlyMap<DraftInterface, DraftLink>,
): DraftSegment | undefined {
  const links = [...new Set(members.map(member => linksOf.get(member)).filter(link => link !== undefined))]
  const switches = [...new Set(members.map(member => member.node).filter(node => node.kind === 'switch'))]
  const ends = members.filter(hasPlace)
  if (links.length === 0 && ends.length === 0) return undefined
  const bridged = members.some(member => member.bridge !== undefined)
  const outer = ends.length > 0 ? ends : members
  const names = outer.slice(0, 2).map(end => `${end.node.name}:${end.name}`)
  return {
    key: switches[0]?.name ?? names.join('|'),
    label: switches[0] ? `LAN ${switches[0].name}` : `the link ${names.join(' – ')}`,
    ends,
    links,
    switches,
    lan: bridged || ends.length > 2,
    routing: links.every(link => link.routing),
    at: links[0]?.at ?? members[0]!.at,
  }
}

function hasPlace(port: DraftInterface): boolean {
  return port.addresses.length > 0 || (port.kind === 'veth' && port.bridge === undefined)
}

/** What stands on what inside a node: ports and parents by name in, the interfaces themselves out, and their MTUs. */
import { error } from '../../diagnostic.js'
import { linkKinds } from '../../kinds/index.js'
import { type Draft, type DraftInterface, type DraftNode, nameOf, type Report } from './draft.js'
import type { Item } from './item.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'

/** net/bridge/br_private.h: BR_PORT_BITS 10, port 0 is none. */
const mostPorts = 1023
/** The kernel nests eight deep (MAX_NEST_DEV); here, only what would exhaust the stack matters. */
const deepest = 64

export function stack(draft: Draft, report: Report): void {
  for (const port of draft.ports) {
    if (port.on) setParent(port, report)
    if (linkKinds.get(port.kind)?.portsKey) setPorts(port, report)
  }
}

/** An interface of the node by its name; reports when there is none. */
export function findInterface(node: DraftNode, item: Item<string>, report: Report): DraftInterface | undefined {
  const found = node.interfaces.get(item.value)
  if (found || node.broken) return found
  const help = didYouMean(item.value, node.interfaces.keys())
  const hint = help.hint ?? `${node.name} has ${[...node.interfaces.keys()].slice(0, 8).join(', ')}`
  report(error('unknown-interface', `${node.name} has no interface \`${printable(item.value)}\``, item.at, { hint }))
  return undefined
}

function setParent(port: DraftInterface, report: Report): void {
  const parent = port.on && findInterface(port.node, port.on, report)
  if (parent === port) report(error('bad-value', `${nameOf(port)} cannot stand on itself`, port.on?.at))
  else if (parent) port.parent = parent
}

function setPorts(bridge: DraftInterface, report: Report): void {
  const { node } = bridge
  if (node.kind === 'switch' && bridge.name === 'br0')
    for (const port of node.interfaces.values()) if (port.kind === 'veth') port.bridge = bridge
  for (const item of bridge.ports) {
    const port = findInterface(node, item, report)
    if (port === undefined) continue
    const why = unfit(port, bridge)
    if (why) report(error('bad-value', `${nameOf(port)} cannot be a port of ${bridge.name}: ${why}`, item.at))
    else port.bridge = bridge
  }
  const count = [...node.interfaces.values()].filter(port => port.bridge === bridge).length
  if (count <= mostPorts) return
  const hint = 'two switches with a link between them'
  report(
    error('too-many-ports', `${nameOf(bridge)} has ${count} ports; a bridge takes ${mostPorts}`, bridge.at, { hint }),
  )
}

function unfit(port: DraftInterface, bridge: DraftInterface): string | undefined {
  const kind = linkKinds.get(port.kind)
  if (port === bridge) return 'it is the bridge itself'
  if (kind?.portsKey) return 'a bridge cannot be a port of another'
  if (!kind?.hasMac) return `it is a ${port.kind} interface, which carries no Ethernet frames`
  if (port.bridge === bridge && bridge.node.kind === 'switch') return undefined
  return port.bridge ? `it is a port of ${port.bridge.name} already` : undefined
}

/** Fills in every interface's MTU: what is said, or what its kind makes of those it stands on. */
export function setMtus(draft: Draft, report: Report): void {
  const ports = new Map<DraftInterface, DraftInterface[]>()
  for (const port of draft.ports) {
    const known = port.bridge && ports.get(port.bridge)
    if (known) known.push(port)
    else if (port.bridge) ports.set(port.bridge, [port])
  }
  const walk = { done: new Set<DraftInterface>(), ports, open: new Set<DraftInterface>(), gaps: draft.gaps, report }
  for (const port of draft.ports) mtuOf(port, walk)
}

interface Walk {
  readonly done: Set<DraftInterface>
  readonly ports: ReadonlyMap<DraftInterface, readonly DraftInterface[]>
  readonly open: Set<DraftInterface>
  readonly gaps: Draft['gaps']
  readonly report: Report
}

function mtuOf(port: DraftInterface, walk: Walk): number {
  if (walk.done.has(port)) return port.mtu
  if (walk.open.has(port) || walk.open.size > deepest) {
    const why = walk.open.has(port) ? 'stands on itself, through others' : 'stands on too many others'
    walk.report(error('bad-value', `${nameOf(port)} ${why}`, { path: port.at, key: port.kind !== 'veth' }))
    walk.done.add(port)
    return 1500
  }
  const ports = walk.ports.get(port)
  if (!ports && !port.parent) {
    port.mtu = port.said.mtu?.value ?? naturalMtu(port, undefined)
    return port.mtu
  }
  walk.open.add(port)
  let least = port.parent ? mtuOf(port.parent, walk) : Number.POSITIVE_INFINITY
  for (const other of ports ?? []) least = Math.min(least, mtuOf(other, walk))
  const natural = naturalMtu(port, least)
  port.mtu = port.said.mtu?.value ?? natural
  if (port.parent && port.mtu > natural && !(walk.gaps.some && port.node.broken))
    walk.report(tooLarge(port, port.parent, natural))
  walk.open.delete(port)
  walk.done.add(port)
  return port.mtu
}

function naturalMtu(port: DraftInterface, below: number | undefined): number {
  return port.kind === 'loopback' ? 65536 : linkKinds.get(port.kind)!.mtu(port.settings, below)
}

function tooLarge(port: DraftInterface, parent: DraftInterface, most: number) {
  const message = `an MTU of ${port.mtu} does not fit on ${parent.name}, whose own is ${parent.mtu}`
  return error('bad-value', message, port.said.mtu!.at, { hint: `at most ${most}` })
}

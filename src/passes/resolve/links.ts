/** Links: what the file says about them in; interfaces, veth pairs and the switches of LANs out, on the workbench. */
import { error } from '../../diagnostic.js'
import type { EndSpec, InterfaceSpec, Topology } from '../../kinds/index.js'
import { keysOf } from '../../model/document.js'
import { take } from './address.js'
import { type Draft, type DraftInterface, type DraftLink, type DraftNode, nameOf, type Report } from './draft.js'
import { type ParsedEnd, parseEnd } from './ends.js'
import { forNode } from './inherit.js'
import { type Item, list, merge, pick, subset } from './item.js'
import { type ReadLink, readLinks } from './linkspecs.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'
import { addInterface, portKeys } from './port.js'

const settingKeys: ReadonlySet<string> = new Set(['mtu', 'up', 'ipv6', 'dad', 'cost'])
const isSetting = (key: string): boolean => settingKeys.has(key)

export function connect(topology: Item<Topology>, draft: Draft, report: Report): void {
  const defaults = pick(topology, 'defaults')
  const common = subset(defaults && pick(defaults, 'interface'), key => portKeys.has(key))
  const links = readLinks(topology, draft, report)
  const parsed = links.map(link => link.ends.map(end => readEnd(end, draft, report)))
  const next = namer(draft, parsed.flat())
  for (let i = 0; i < links.length; i++) {
    const link = links[i]!
    const settings = subset(link.spec, isSetting) as Item<InterfaceSpec> | undefined
    const join = (end: ParsedEnd) => makeEnd(end, { draft, settings, common, next, report })
    const ends = parsed[i]!.map(end => end && join(end))
    const nameTaken = link.lan !== undefined && draft.nodes.get(link.lan.name) !== link.lan
    if (nameTaken || ends.includes(undefined)) for (const end of ends) if (end) end.node.broken = true
    if (link.lan === undefined) pair(link, ends, draft)
    else if (!nameTaken) plugIn(link.lan, ends, { draft, settings, common, next, report })
    addLink(link, ends, draft)
  }
}

function readEnd(item: Item<EndSpec>, draft: Draft, report: Report): ParsedEnd | undefined {
  const end = take(parseEnd(item), report)
  if (end) return known(end, draft, report)
  const named = typeof item.value === 'string' ? item.value : item.value.node
  const node = draft.nodes.get(named.trim().split(/[:\s]/)[0]!)
  if (node) node.broken = true
  return undefined
}

function known(end: ParsedEnd, draft: Draft, report: Report): ParsedEnd | undefined {
  if (draft.nodes.has(end.node)) return end
  draft.strangers.add(end.node)
  if (draft.gaps.hides(end.node)) return undefined
  const at = end.spec ? [...end.at, 'node'] : end.at
  const help = didYouMean(end.node, draft.nodes.keys())
  const hint = help.hint ?? `nodes are declared under \`nodes\`: \`${printable(end.node)}:\``
  report(error('unknown-node', `there is no node \`${printable(end.node)}\``, at, { hint }))
  return undefined
}

/** Gives the next of `eth0`, `eth1`, … that no end or interface of the node uses anywhere. */
function namer(draft: Draft, ends: readonly (ParsedEnd | undefined)[]): (node: DraftNode) => string {
  const taken = new Set<string>()
  for (const { name, spec } of draft.nodes.values()) {
    const said = pick(spec, 'interfaces')
    if (said) for (const port of keysOf(said.value)) taken.add(`${name}:${port}`)
  }
  for (const end of ends) if (end?.interface !== undefined) taken.add(`${end.node}:${end.interface}`)
  const counts = new Map<string, number>()
  return ({ name }) => {
    let count = counts.get(name) ?? 0
    while (taken.has(`${name}:eth${count}`)) count++
    counts.set(name, count + 1)
    return `eth${count}`
  }
}

interface Making {
  readonly draft: Draft
  readonly settings: Item<InterfaceSpec> | undefined
  readonly common: Item<InterfaceSpec> | undefined
  readonly next: (node: DraftNode) => string
  readonly report: Report
}

const nothing: InterfaceSpec = {}

function makeEnd(end: ParsedEnd, { draft, settings, common, next, report }: Making): DraftInterface | undefined {
  const node = draft.nodes.get(end.node)!
  const name = end.interface ?? next(node)
  const other = node.interfaces.get(name)
  if (other) return void report(twice(node, end, other))
  const spec = common || settings || end.spec ? specOf(end, node, { common, settings }) : { value: nothing, at: end.at }
  const plan = { name, kind: 'veth', at: end.at, spec, addresses: end.addresses, hasMac: true }
  return checkPort(addInterface(node, plan, report), report)
}

/** The defaults of interfaces, what the link says, and on top what the end itself says. */
function specOf(
  end: ParsedEnd,
  node: DraftNode,
  { common, settings }: Pick<Making, 'common' | 'settings'>,
): Item<InterfaceSpec> {
  const inherited =
    node.kind === 'switch' ? forSwitch(common, settings) : [common && forNode(common, node.name), settings]
  const layers = [...inherited, end.spec].filter(layer => layer !== undefined)
  return layers.length === 0 ? { value: nothing, at: end.at } : merge<InterfaceSpec>(layers)
}

/** A port of a switch inherits no addresses and, unless its own end says so, no IPv6. */
function forSwitch(...layers: (Item<InterfaceSpec> | undefined)[]): (Item<InterfaceSpec> | undefined)[] {
  return layers.map(layer => subset(layer, key => settingKeys.has(key) && key !== 'ipv6'))
}

function checkPort(port: DraftInterface, report: Report): DraftInterface {
  const [address] = port.addresses
  if (port.node.kind !== 'switch' || address === undefined) return port
  const hint = `a switch’s own address belongs to its bridge: \`interfaces: { br0: { addresses: … } }\` of ${port.node.name}`
  report(error('bad-address', `${nameOf(port)} is a port of a switch: it has no addresses`, address.at, { hint }))
  port.addresses.length = 0
  return port
}

function twice(node: DraftNode, end: ParsedEnd, other: DraftInterface) {
  node.broken = true
  const name = `${node.name}:${other.name}`
  if (other.kind === 'loopback')
    return error('bad-name', `${name} is the loopback interface, not the end of a link`, end.at)
  const also = [{ at: { path: other.at }, message: `${name} is first declared here` }]
  const hint = `\`${node.name}\` alone takes the next free name`
  return error('duplicate-interface', `${name} is the end of two links`, end.at, { also, hint })
}

function pair(link: ReadLink, ends: readonly (DraftInterface | undefined)[], draft: Draft): void {
  const a = ends[0]
  const b = ends[1]
  if (a && b) wire(a, b, draft, link.spec.at)
}

function wire(a: DraftInterface, b: DraftInterface, draft: Draft, at: DraftInterface['at']): void {
  a.peer = b
  b.peer = a
  draft.wires.push({ ends: [a, b], at })
}

/** A port of the LAN's switch for each of its ends. */
function plugIn(lan: DraftNode, ends: readonly (DraftInterface | undefined)[], making: Making): void {
  const layers = forSwitch(making.common, making.settings).filter(layer => layer !== undefined)
  const spec = layers.length === 0 ? { value: nothing, at: lan.at } : merge<InterfaceSpec>(layers)
  for (const end of ends) {
    if (end === undefined) continue
    const plan = { name: making.next(lan), kind: 'veth', at: end.at, spec, hasMac: true }
    wire(end, addInterface(lan, plan, making.report), making.draft, end.at)
  }
}

const none: readonly never[] = []
const isThere = (end: DraftInterface | undefined): end is DraftInterface => end !== undefined

function addLink({ spec, lan }: ReadLink, ends: readonly (DraftInterface | undefined)[], draft: Draft): void {
  const good = ends.every(isThere) ? ends : ends.filter(isThere)
  const link: DraftLink = {
    at: spec.at,
    ends: good,
    lan: lan !== undefined,
    subnet: lan ? none : list(pick(spec, 'subnet')),
    gateway: lan ? undefined : pick(spec, 'gateway'),
    routing: pick(spec, 'routing')?.value ?? true,
  }
  for (const end of good) end.link = link
  draft.links.push(link)
}

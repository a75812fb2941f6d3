/** Addresses that the file leaves to us: segments in; what their subnets and the pools give to their ends out. */
import { error } from '../../diagnostic.js'
import type { Topology } from '../../kinds/index.js'
import type { Document, Path } from '../../model/document.js'
import { formatAddress, formatPrefix, networkOf, type Prefix, parsePrefix } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import { assignPools, type Demand, fillSubnet } from '../addressing.js'
import { readSubnet, take } from './address.js'
import type { Draft, DraftInterface, Report } from './draft.js'
import { type Item, list, pick } from './item.js'
import { type DraftSegment, keysOf, labelOf } from './segments.js'

/** Subnets by segment, at most one a family, each with what says it. */
export type Subnets = ReadonlyMap<DraftSegment, readonly Item<Prefix>[]>

/** The subnet of each segment, from its links and from its switches. */
export function readSubnets(segments: readonly DraftSegment[], report: Report): Subnets {
  const result = new Map<DraftSegment, readonly Item<Prefix>[]>()
  for (const segment of segments) if (segment.subnets.length > 0) result.set(segment, oneEach(segment, report))
  return result
}

function oneEach(segment: DraftSegment, report: Report): readonly Item<Prefix>[] {
  const subnets: Item<Prefix>[] = []
  for (const item of segment.subnets) {
    const prefix = take(readSubnet(item), report)
    const other = prefix && subnets.find(known => known.value.family === prefix.family)
    if (prefix && !other) subnets.push({ value: prefix, at: item.at })
    if (!prefix) for (const end of segment.ends) end.node.broken = true
    if (!prefix || !other || formatPrefix(other.value) === formatPrefix(prefix)) continue
    const also = [{ at: { path: other.at }, message: 'the first stands here' }]
    const message = `${labelOf(segment)} would have two IPv${prefix.family} subnets`
    report(error('bad-value', message, item.at, { also, hint: 'links that meet in switches are one segment' }))
  }
  return subnets
}

/** Numbers the ends of every segment that has a subnet. */
export function numberSubnets(subnets: Subnets, report: Report): void {
  for (const [segment, said] of subnets)
    for (const { value, at } of said) {
      if (fill(segment, value, at)) continue
      const count = segment.ends.filter(end => takes(end, value.family) || hasFamily(end, value.family)).length
      const hint = roomFor(value, count)
      const message = `${formatPrefix(value)} is full: ${labelOf(segment)} has ${count} ends`
      report(error('subnet-full', message, at, hint === undefined ? {} : { hint: `${hint} has room for them` }))
      for (const end of segment.ends) end.node.broken = true
    }
}

/** The longest prefix around this one that has room for so many hosts. */
function roomFor(prefix: Prefix, count: number): string | undefined {
  for (let length = prefix.length - 1; length >= 4; length--) {
    const larger = networkOf({ ...prefix, length })
    if (fillSubnet(larger, [], count)) return formatPrefix(larger)
  }
  return undefined
}

const hasFamily = (port: DraftInterface, family: Family) => port.addresses.some(known => known.family === family)

/** Whether an end wants an address of the family, and has none. */
function takes(port: DraftInterface, family: Family): boolean {
  if (port.kind !== 'veth' || port.bridge !== undefined || hasFamily(port, family)) return false
  return family === 4 || port.said.ipv6?.value !== false
}

function fill(segment: DraftSegment, subnet: Prefix, at: Path): boolean {
  const open = segment.ends.filter(end => takes(end, subnet.family))
  if (open.length === 0) return true
  const taken: bigint[] = []
  for (const end of segment.ends)
    for (const { prefix } of end.addresses) if (prefix.family === subnet.family) taken.push(prefix.bits)
  const free = fillSubnet(subnet, taken, open.length)
  if (free) for (let i = 0; i < open.length; i++) addAddress(open[i]!, free[i]!, at)
  return free !== undefined
}

function addAddress(port: DraftInterface, prefix: Prefix, at: Path): void {
  const { family, length } = prefix
  const address = formatAddress(prefix)
  port.addresses.push({ family, address, prefixLength: length, at, prefix, explicit: false })
}

export interface PoolTask {
  readonly document: Document
  readonly topology: Item<Topology>
  readonly draft: Draft
  readonly segments: readonly DraftSegment[]
  readonly subnets: Subnets
  readonly report: Report
}

/** Gives segments and loopbacks without addresses what the pools of `addressing` have for them; what was assigned. */
export function numberFromPools(task: PoolTask): Readonly<Record<string, readonly string[]>> {
  const { document, topology, draft, report } = task
  const addressing = pick(topology, 'addressing')
  if (addressing === undefined) return {}
  const links = poolOf(pick(addressing, 'links'), report)
  const loopbacks = poolOf(pick(addressing, 'loopbacks'), report)
  if (links === undefined || loopbacks === undefined) return {}
  const open = links.length === 0 ? [] : task.segments.filter(segment => isOpen(segment, task.subnets))
  const bare = loopbacks.length === 0 ? [] : [...draft.nodes.values()].filter(wantsLoopback)
  const keys = keysOf(task.segments)
  const ends = new Map(open.map(segment => [keys.get(segment)!, segment]))
  const los = new Map(bare.map(node => [`lo:${node.name}`, node.interfaces.get('lo')!]))
  const pools = { lab: document.lab, links, loopbacks, ipv6: pick(topology, 'ipv6')?.value !== false }
  const { prefixes, diagnostics } = assignPools(
    open.map(segment => demandOf(segment, keys.get(segment)!)),
    [...los].map(([key, lo]) => loopbackDemand(key, lo)),
    { ...pools, taken: explicitPrefixes(draft, task.subnets), at: addressing.at },
    document.source.assigned,
  )
  for (const diagnostic of diagnostics) report(diagnostic)
  const forLinks = [...addressing.at, 'links']
  const forLoopbacks = [...addressing.at, 'loopbacks']
  for (const [key, given] of prefixes) {
    const segment = ends.get(key)
    const lo = los.get(key)
    for (const text of given)
      if (segment) fill(segment, parsePrefix(text)!, forLinks)
      else if (lo) addAddress(lo, parsePrefix(text)!, forLoopbacks)
  }
  return Object.fromEntries(prefixes)
}

/** The prefixes of a pool, at most one a family; undefined when one is none. */
function poolOf(item: Item<string | readonly string[]> | undefined, report: Report): readonly string[] | undefined {
  const read = list<string>(item).map(one => ({ at: one.at, prefix: take(readSubnet(one), report) }))
  if (read.some(one => one.prefix === undefined)) return undefined
  const twice = read.find((one, i) => read.some((other, j) => j < i && other.prefix!.family === one.prefix!.family))
  if (twice) {
    report(error('bad-value', `a pool has one IPv${twice.prefix!.family} prefix`, twice.at))
    return undefined
  }
  return read.map(one => formatPrefix(one.prefix!))
}

function isOpen(segment: DraftSegment, subnets: Subnets): boolean {
  return segment.ends.length > 0 && !subnets.has(segment) && segment.ends.every(end => end.addresses.length === 0)
}

const wantsLoopback = (node: { kind: string; interfaces: ReadonlyMap<string, DraftInterface> }): boolean =>
  node.kind !== 'switch' && node.interfaces.get('lo')!.addresses.length === 0

function demandOf(segment: DraftSegment, key: string): Demand {
  const { lan, ends, at } = segment
  const families = ([4, 6] as const).filter(family => ends.some(end => takes(end, family)))
  return {
    key,
    size: ends.length,
    lan,
    nodes: [...new Set(ends.map(end => end.node.name))],
    at,
    families,
  }
}

function loopbackDemand(key: string, lo: DraftInterface): Demand {
  const families = lo.said.ipv6?.value === false ? ([4] as const) : ([4, 6] as const)
  return { key, size: 1, lan: false, nodes: [lo.node.name], at: lo.node.at, families }
}

function explicitPrefixes(draft: Draft, subnets: Subnets): readonly string[] {
  const taken = new Set<string>()
  for (const said of subnets.values()) for (const { value } of said) taken.add(formatPrefix(value))
  for (const port of draft.ports) for (const { prefix } of port.addresses) taken.add(formatPrefix(networkOf(prefix)))
  return [...taken]
}

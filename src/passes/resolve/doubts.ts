/** What is accepted and probably a mistake, segment by segment and cable by cable; warnings out. */
import { warning } from '../../diagnostic.js'
import { classify, contains, formatPrefix, networkOf, type Prefix, width } from '../../model/ip.js'
import type { Family } from '../../model/network.js'
import { type Draft, type DraftAddress, type DraftInterface, nameOf, type Report } from './draft.js'
import type { Item } from './item.js'
import type { Subnets } from './numbering.js'
import { type DraftSegment, labelOf } from './segments.js'

const families = [4, 6] as const

export interface Doubting {
  readonly subnets: Subnets
  /** Addresses that stand more than once in the lab. */
  readonly repeated: ReadonlySet<string>
  readonly report: Report
}

export function doubtSegments(segments: readonly DraftSegment[], { subnets, repeated, report }: Doubting): void {
  for (const segment of segments) {
    if (repeated.size > 0) doubtAddresses(segment, repeated, report)
    if (segment.ends.some(saysMac)) doubtMacs(segment, report)
    const said = subnets.get(segment) ?? none
    for (let i = 0; i < said.length; i++) doubtOutside(segment, said[i]!, report)
    for (let i = 0; i < families.length; i++)
      if (!said.some(subnet => subnet.value.family === families[i])) doubtStrangers(segment, families[i]!, report)
  }
}

const none: readonly never[] = []
const saysMac = ({ said }: DraftInterface): boolean => said.mac !== undefined

function doubtAddresses(segment: DraftSegment, repeated: ReadonlySet<string>, report: Report): void {
  const seen = new Map<string, { end: DraftInterface; address: DraftAddress }>()
  for (const end of segment.ends)
    for (const address of end.addresses) {
      if (!repeated.has(address.address)) continue
      const first = seen.get(address.address)
      if (first === undefined) seen.set(address.address, { end, address })
      else if (first.end.node !== end.node) {
        const also = [{ at: { path: first.address.at }, message: `${nameOf(first.end)} has it here` }]
        const message = `${nameOf(end)} and ${nameOf(first.end)} have the same address, ${address.address}, on ${labelOf(segment)}`
        report(warning('address-twice-in-segment', message, address.at, { also }))
      }
    }
}

function doubtMacs(segment: DraftSegment, report: Report): void {
  const seen = new Map<string, DraftInterface>()
  for (const end of segment.ends) {
    const mac = end.said.mac
    const first = mac && seen.get(mac.value)
    if (mac && first === undefined) seen.set(mac.value, end)
    if (!mac || !first?.said.mac || first.node === end.node) continue
    const also = [{ at: { path: first.said.mac.at }, message: `${nameOf(first)} has it here` }]
    const message = `${nameOf(end)} and ${nameOf(first)} have the same MAC address on ${labelOf(segment)}`
    report(warning('mac-twice-in-segment', message, mac.at, { also }))
  }
}

function doubtOutside(segment: DraftSegment, subnet: Item<Prefix>, report: Report): void {
  for (const end of segment.ends)
    for (const address of end.addresses) {
      if (!address.explicit || address.family !== subnet.value.family || isApart(address)) continue
      if (contains(subnet.value, { family: address.family, bits: address.prefix.bits })) continue
      const also = [{ at: { path: subnet.at }, message: 'the subnet stands here' }]
      const message = `${nameOf(end)}: ${formatPrefix(address.prefix)} is not in ${formatPrefix(subnet.value)}, the subnet of ${labelOf(segment)}`
      report(warning('subnet-mismatch', message, address.at, { also }))
    }
}

/** Addresses that need no subnet in common: link-local ones, and single ones by intent. */
const isApart = ({ prefix }: DraftAddress): boolean =>
  prefix.length === width(prefix.family) || classify(prefix) === 'link-local'

/** The first end that shares no subnet with any other end, though others have addresses of the family. */
function doubtStrangers(segment: DraftSegment, family: Family, report: Report): void {
  const { ends } = segment
  if (inOneSubnet(ends, family)) return
  const owners = new Map<string, Set<DraftInterface>>()
  const addressed = new Map<DraftInterface, DraftAddress[]>()
  for (const end of ends)
    for (const address of end.addresses) {
      if (address.family !== family || isApart(address)) continue
      const network = formatPrefix(networkOf(address.prefix))
      owners.set(network, (owners.get(network) ?? new Set()).add(end))
      addressed.set(end, [...(addressed.get(end) ?? []), address])
    }
  if (addressed.size < 2) return
  const alone = (addresses: readonly DraftAddress[]) =>
    addresses.every(({ prefix }) => owners.get(formatPrefix(networkOf(prefix)))!.size === 1)
  const strangers = [...addressed].filter(([, addresses]) => alone(addresses))
  const [end, addresses] = strangers.at(-1) ?? []
  if (!end || !addresses) return
  const [other, theirs] = [...addressed].find(([one]) => one !== end)!
  const also = [
    { at: { path: theirs[0]!.at }, message: `${nameOf(other)} is in ${formatPrefix(networkOf(theirs[0]!.prefix))}` },
  ]
  const message = `${nameOf(end)} is in another subnet than the other ends of ${labelOf(segment)}: ${formatPrefix(networkOf(addresses[0]!.prefix))}`
  report(warning('subnet-mismatch', message, addresses[0]!.at, { also }))
}

/** What nearly every segment is; the rest need a closer look. */
function inOneSubnet(ends: readonly DraftInterface[], family: Family): boolean {
  let first: DraftAddress | undefined
  for (let i = 0; i < ends.length; i++) {
    const { addresses } = ends[i]!
    for (let j = 0; j < addresses.length; j++) {
      const address = addresses[j]!
      if (address.family !== family) continue
      first ??= address
      const same = first.prefixLength === address.prefixLength
      if (!same || (first !== address && !contains(first.prefix, address.prefix))) return false
    }
  }
  return true
}

/** Frames that one end sends may be too large for the other. */
export function doubtMtus(draft: Draft, report: Report): void {
  for (const { ends, at } of draft.wires) {
    const [a, b] = ends
    if (a.mtu === b.mtu) continue
    const spot = b.said.mtu?.at ?? a.said.mtu?.at ?? at
    const message = `the MTU differs over a link: ${nameOf(a)} has ${a.mtu}, ${nameOf(b)} has ${b.mtu}`
    report(warning('mtu-mismatch', message, spot, { hint: 'a link’s own `mtu` holds for both of its ends' }))
  }
}

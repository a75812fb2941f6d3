/** A node's neighbours, sysctls and labels as people write them in, as the kernel names them out. */
import { error } from '../../diagnostic.js'
import type { NeighborSpec } from '../../kinds/index.js'
import type { Path } from '../../model/document.js'
import { formatAddress, isUnicast } from '../../model/ip.js'
import type { NeighborEntry } from '../../model/network.js'
import { readAddress, readMac, take } from './address.js'
import type { DraftNode, Report } from './draft.js'
import { entries, type Item, list, pick } from './item.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'
import { findInterface } from './stacking.js'

export function readNeighbors(node: DraftNode, report: Report): readonly NeighborEntry[] {
  const items = list<NeighborSpec>(pick(node.spec, 'neighbors'))
  if (items.length === 0) return []
  const seen = new Map<string, NeighborEntry>()
  for (const item of items) {
    const to = pick(item, 'to')!
    const dev = pick(item, 'dev')!
    const address = take(readAddress(to), report)
    const mac = take(readMac(pick(item, 'mac')!), report)
    const port = findInterface(node, dev, report)
    if (port && port.mac === undefined)
      report(error('bad-value', `${port.name} has no neighbours: it carries no Ethernet frames`, dev.at))
    if (address && !isUnicast(address)) report(error('bad-address', `${to.value} is no address of one node`, to.at))
    if (!address || !mac || !port) continue
    const entry = { family: address.family, to: formatAddress(address), mac, dev: port.name, at: item.at }
    const other = seen.get(`${entry.to} ${entry.dev}`)
    if (other?.at) {
      const also = [{ at: { path: other.at }, message: 'the first stands here' }]
      report(error('bad-value', `${node.name} has ${entry.to} twice as a neighbour on ${entry.dev}`, item.at, { also }))
    } else seen.set(`${entry.to} ${entry.dev}`, entry)
  }
  return [...seen.values()]
}

export type Sysctls = ReadonlyMap<string, { readonly value: string; readonly at: Path }>

const unsaid: Sysctls = new Map()

export function readSysctls(node: DraftNode, report: Report): Sysctls {
  const said = pick(node.spec, 'sysctls')
  if (said === undefined) return unsaid
  const result = new Map<string, { value: string; at: Path }>()
  for (const [key, item] of entries(said)) {
    if (item.value === null) continue
    const name = withDots(key)
    const value = item.value === 'true' ? '1' : item.value === 'false' ? '0' : item.value
    if (isFit(name, { item: { value, at: item.at }, node, report })) result.set(name, { value, at: item.at })
  }
  return result
}

/** sysctl(8): what separates first is the separator, and the other of `.` and `/` stands for a dot in a name. */
function withDots(key: string): string {
  const separator = /[./]/.exec(key)?.[0]
  return separator === '/' ? key.replace(/[./]/g, found => (found === '/' ? '.' : '/')) : key
}

interface Checking {
  readonly item: Item<string>
  readonly node: DraftNode
  readonly report: Report
}

function isFit(name: string, { item, node, report }: Checking): boolean {
  const refuse = (message: string, hint?: string) => {
    report(error('bad-sysctl', message, { path: item.at, key: true }, hint === undefined ? {} : { hint }))
    return false
  }
  const shown = `\`${printable(name)}\``
  const parts = name.split('.').map(part => part.replaceAll('/', '.'))
  if (parts.some(part => part === '' || part === '.' || part === '..' || /[\s\p{Cc}]/u.test(part)) || parts.length < 2)
    return refuse(`${shown} is no name of a sysctl`, '`net.ipv4.ip_forward`, say')
  if (parts[0] !== 'net')
    return refuse(`${shown} is the whole machine’s, not a node’s`, 'a node has those below `net.`')
  if (/\p{Cc}/u.test(item.value)) return refuse(`${shown}: its value holds control characters`)
  return hasItsInterface(parts, { item, node, report })
}

/** `net.ipv4.conf.NAME.…`: the folder exists for interfaces of the node. */
function hasItsInterface(parts: readonly string[], { item, node, report }: Checking): boolean {
  const [, family, folder, name, key] = parts
  const perInterface = (family === 'ipv4' || family === 'ipv6') && (folder === 'conf' || folder === 'neigh')
  if (!perInterface || name === 'all' || name === 'default' || node.broken) return true
  if (name !== undefined && key !== undefined && node.interfaces.has(name)) return true
  const near = didYouMean(name ?? '', [...node.interfaces.keys(), 'all', 'default'])
  const hint = near.hint ?? 'a dot in an interface’s name is written `/`'
  const message = `sysctl: ${node.name} has no interface \`${printable(name ?? '')}\``
  report(error('unknown-interface', message, { path: item.at, key: true }, { hint }))
  return false
}

const unlabelled: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

export function readLabels(node: DraftNode): Readonly<Record<string, string>> {
  const said = pick(node.spec, 'labels')
  if (said === undefined) return unlabelled
  const labels: Record<string, string> = Object.create(null)
  for (const [key, { value }] of entries(said)) if (value !== null) labels[key] = `${value}`
  return labels
}

/** A node in; its /etc/hosts out: the lab's nodes by their names, and what the node adds (hosts(5)). */
import { error } from '../../../diagnostic.js'
import { classify, formatAddress } from '../../../model/ip.js'
import type { FileEntry } from '../../../model/network.js'
import { readAddress, take } from '../address.js'
import type { Draft, DraftNode, Report } from '../draft.js'
import { entries, type Item, list, pick } from '../item.js'
import { printable } from '../names.js'
import { hostnameOf, isHostname, type NamesOfAll } from './hostname.js'

interface Reading {
  readonly names: NamesOfAll
  readonly report: Report
}

type Further = Readonly<Record<string, string | readonly string[] | null>>

export function readHosts(node: DraftNode, { names, report }: Reading): FileEntry | undefined {
  const said = pick(node.spec, 'hosts')
  if (said === undefined || said.value === false) return undefined
  const own = addressesOf(node).length > 0 ? '' : line('127.0.1.1', node)
  const further = typeof said.value === 'object' ? furtherLines(said as Item<Further>, report) : ''
  return { kind: 'content', path: '/etc/hosts', content: commonLines(names.draft) + own + further, at: said.at }
}

const loopback = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n'
const common = new WeakMap<Draft, string>()

/** The same for all nodes, so it is put together once. */
function commonLines(draft: Draft): string {
  const known = common.get(draft)
  if (known !== undefined) return known
  const lines = Array.from(draft.nodes.values(), node =>
    addressesOf(node)
      .map(address => line(address, node))
      .join(''),
  )
  const made = loopback + lines.join('')
  common.set(draft, made)
  return made
}

/** Those that mean the same everywhere. */
function addressesOf({ interfaces }: DraftNode): readonly string[] {
  return Array.from(interfaces.values(), port =>
    port.addresses
      .filter(({ prefix }) => !/^(loopback|link-local)$/.test(classify(prefix)))
      .map(({ address }) => address),
  ).flat()
}

/** The first name is the one that an address is turned into. */
function line(address: string, node: DraftNode): string {
  const hostname = hostnameOf(node)
  return `${address} ${hostname === node.name ? node.name : `${hostname} ${node.name}`}\n`
}

function furtherLines(said: Item<Further>, report: Report): string {
  return entries(said)
    .flatMap(([name, item]) => {
      if (item.value === null) return []
      if (!isHostname(name))
        report(error('bad-name', `\`${printable(name)}\` cannot be a hostname`, { path: item.at, key: true }))
      const found = list<string>(item as Item<string | readonly string[]>).map(one => take(readAddress(one), report))
      return found.map(address => (address ? `${formatAddress(address)} ${name}\n` : ''))
    })
    .join('')
}

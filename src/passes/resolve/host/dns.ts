/** A node in; its /etc/resolv.conf out (resolv.conf(5)). */
import { error } from '../../../diagnostic.js'
import { formatAddress } from '../../../model/ip.js'
import type { FileEntry } from '../../../model/network.js'
import { readAddress, take } from '../address.js'
import type { DraftNode, Report } from '../draft.js'
import { type Item, list, pick } from '../item.js'
import { printable } from '../names.js'
import { isHostname } from './hostname.js'

/** MAXNS of resolv.h. */
const mostServers = 3

export function readDns(node: DraftNode, report: Report): FileEntry | undefined {
  const said = pick(node.spec, 'dns')
  if (said === undefined) return undefined
  const servers = list<string>(pick(said, 'servers'))
  const addresses = servers.flatMap(item => take(readAddress(item), report) ?? [])
  if (servers.length > mostServers)
    report(error('bad-value', `resolvers ask ${mostServers} servers at most`, servers[mostServers]!.at))
  const lines = [
    ...addresses.map(address => `nameserver ${formatAddress(address)}`),
    ...words('search', list<string>(pick(said, 'search')), isHostname, report),
    ...words('options', list<string>(pick(said, 'options')), isWord, report),
  ]
  return { kind: 'content', path: '/etc/resolv.conf', content: `${lines.join('\n')}\n`, at: said.at }
}

const isWord = (text: string): boolean => /^[\x21-\x7e]+$/.test(text)

function words(
  key: string,
  items: readonly Item<string>[],
  fits: (text: string) => boolean,
  report: Report,
): readonly string[] {
  for (const { value, at } of items)
    if (!fits(value)) report(error('bad-value', `\`${printable(value)}\` is none of the \`${key}\` that dns takes`, at))
  return items.length === 0 ? [] : [`${key} ${items.map(({ value }) => value).join(' ')}`]
}

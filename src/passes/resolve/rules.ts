/** Rules as people write them in, one entry a family with its priority out. */
import { error } from '../../diagnostic.js'
import type { RuleSpec } from '../../kinds/index.js'
import { formatPrefix, type Prefix } from '../../model/ip.js'
import type { RuleEntry } from '../../model/network.js'
import { readPrefix, take } from './address.js'
import type { DraftNode, Report } from './draft.js'
import { type Item, list, pick } from './item.js'
import { printable } from './names.js'
import { didYouMean } from './nearest.js'
import { tableNumber } from './routes.js'
import { findInterface } from './stacking.js'

/** Where rules without a priority begin, in order of the file: before `main`'s 32766, so that the first written wins. */
const firstPriority = 20000

/** /etc/protocols */
const protocols: Readonly<Record<string, number>> = {
  ...{ icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, dccp: 33, ipv6: 41, gre: 47, esp: 50, ah: 51, icmpv6: 58 },
  ...{ 'ipv6-icmp': 58, ospf: 89, pim: 103, vrrp: 112, l2tp: 115, sctp: 132, udplite: 136, mpls: 137 },
}

export function readRules(node: DraftNode, report: Report): readonly RuleEntry[] {
  const items = list<RuleSpec>(pick(node.spec, 'rules'))
  if (items.length === 0) return []
  const said = new Set(items.map(item => pick(item, 'priority')?.value))
  const seen = new Map<string, RuleEntry>()
  let next = firstPriority
  for (const item of items) {
    const own = pick(item, 'priority')?.value
    while (own === undefined && said.has(next)) next++
    for (const entry of readRule(item, node, { priority: own ?? next++, report })) {
      const key = JSON.stringify({ ...entry, at: undefined })
      const other = seen.get(key)
      if (other === undefined) seen.set(key, entry)
      else report(error('bad-rule', `${node.name} has the same rule twice`, entry.at, firstOf(other)))
    }
  }
  return [...seen.values()]
}

const firstOf = (other: RuleEntry) =>
  other.at ? { also: [{ at: { path: other.at }, message: 'the first stands here' }] } : {}

interface Reading {
  readonly priority: number
  readonly report: Report
}

function readRule(item: Item<RuleSpec>, node: DraftNode, { priority, report }: Reading): readonly RuleEntry[] {
  let bad = false
  const note: Report = diagnostic => {
    bad = true
    report(diagnostic)
  }
  const refuse = (message: string, at: Item<unknown>['at'], hint?: string) =>
    note(error('bad-rule', message, at, hint === undefined ? {} : { hint }))
  const from = prefixOf(item, 'from', note)
  const to = prefixOf(item, 'to', note)
  const selectors = { ...readSelectors(item, refuse), ...devices(item, node, note) }
  const table = pick(item, 'table')
  const type = pick(item, 'type')
  if (from && to && from.family !== to.family) refuse(`\`from\` and \`to\` are of different families`, item.at)
  if (table && type) refuse('a rule has `table` or `type`, not both', type.at)
  if (!table && !type) refuse('the rule does nothing: it has no `table` and no `type`', item.at, '`table: 100`, say')
  const not = pick(item, 'not')?.value ?? false
  if (not && !from && !to && Object.keys(selectors).length === 0)
    refuse('`not` without anything that a packet could match: the rule holds for none', pick(item, 'not')!.at)
  if (bad) return []
  const family = (from ?? to)?.family
  return (family === undefined ? ([4, 6] as const) : [family]).map(family => ({
    ...{ family, priority, not, ...selectors },
    ...(from && { from: formatPrefix(from) }),
    ...(to && { to: formatPrefix(to) }),
    ...(type ? { action: type.value } : { action: 'table' as const, table: tableNumber(table!.value) }),
    at: item.at,
  }))
}

function prefixOf(item: Item<RuleSpec>, key: 'from' | 'to', report: Report): Prefix | undefined {
  const said = pick(item, key)
  if (said?.value !== 'all' && said?.value !== 'default') return said && take(readPrefix(said), report)
  const hint = `leave \`${key}\` out`
  report(
    error('bad-address', `\`${said.value}\` is no prefix; a rule holds for all addresses by itself`, said.at, { hint }),
  )
  return undefined
}

function devices(item: Item<RuleSpec>, node: DraftNode, report: Report): Pick<RuleEntry, 'iif' | 'oif'> {
  const iif = pick(item, 'iif')
  const oif = pick(item, 'oif')
  if (iif) findInterface(node, iif, report)
  if (oif) findInterface(node, oif, report)
  return { ...(iif && { iif: iif.value }), ...(oif && { oif: oif.value }) }
}

type Refuse = (message: string, at: Item<unknown>['at'], hint?: string) => void
type Selectors = Pick<RuleEntry, 'fwmark' | 'fwmask' | 'ipproto' | 'sport' | 'dport' | 'uidrange' | 'tos'>

function readSelectors(item: Item<RuleSpec>, refuse: Refuse): Selectors {
  const ipproto = pick(item, 'ipproto')
  const tos = pick(item, 'tos')
  const number = ipproto && protocolOf(ipproto, refuse)
  const octet = tos && numberOf(tos.value, 255)
  // fib4_rule_configure (net/ipv4/fib_rules.c): the ECN bits are not the rule's to match.
  if (tos && (octet === undefined || octet % 4 !== 0))
    refuse(`\`tos\` is a number up to 0xfc whose two lowest bits are 0, not ${printable(tos.value)}`, tos.at)
  return {
    ...markOf(pick(item, 'fwmark'), refuse),
    ...(number !== undefined && { ipproto: number }),
    ...(octet !== undefined && { tos: octet }),
    ...rangeOf(item, 'sport', 65535, refuse),
    ...rangeOf(item, 'dport', 65535, refuse),
    ...rangeOf(item, 'uidrange', 4294967294, refuse),
  }
}

function protocolOf(item: Item<string>, refuse: Refuse): number | undefined {
  const name = item.value.toLowerCase()
  const number = Object.hasOwn(protocols, name) ? protocols[name] : numberOf(item.value, 255)
  if (number !== undefined && number > 0) return number
  const near = didYouMean(name, Object.keys(protocols))
  refuse(
    `\`${printable(item.value)}\` is no protocol`,
    item.at,
    near.hint ?? 'tcp, udp, icmp, …, or a number up to 255',
  )
  return undefined
}

/** Decimal, or hexadecimal after 0x. */
function numberOf(text: string, most: number): number | undefined {
  const number = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined
  return number !== undefined && number <= most ? number : undefined
}

function markOf(item: Item<string> | undefined, refuse: Refuse): Pick<RuleEntry, 'fwmark' | 'fwmask'> {
  if (item === undefined) return {}
  const [mark, mask, ...more] = item.value.split('/').map(part => numberOf(part, 0xffffffff))
  const masked = item.value.includes('/')
  if (mark === undefined || (masked && mask === undefined) || more.length > 0) {
    refuse(`\`${printable(item.value)}\` is no mark`, item.at, 'a number, or number/mask: `0x1/0xff`')
    return {}
  }
  if (masked && (mark & ~mask!) !== 0)
    refuse(`mark ${item.value} has bits that its mask leaves out: nothing matches`, item.at)
  return { fwmark: mark, fwmask: mask ?? 0xffffffff }
}

function rangeOf(
  item: Item<RuleSpec>,
  key: 'sport' | 'dport' | 'uidrange',
  most: number,
  refuse: Refuse,
): Pick<Selectors, 'sport' | 'dport' | 'uidrange'> {
  const said = pick(item, key)
  if (said === undefined) return {}
  const [first = 0, last = first] = `${said.value}`.split('-').map(Number)
  if (first > last) refuse(`\`${key}\`: ${said.value} ends before it starts`, said.at, `\`${last}-${first}\``)
  else if (last > most) refuse(`\`${key}\`: ${last} is over ${most}`, said.at)
  return { [key]: [first, last] }
}

/** Routes as people write them in, one entry a family with every next hop resolved out. */
import { error } from '../../diagnostic.js'
import type { RouteSpec } from '../../kinds/index.js'
import { formatAddress, formatPrefix, type Prefix } from '../../model/ip.js'
import type { Family, NextHop, RouteAction, RouteEntry } from '../../model/network.js'
import { readAddress, readPrefix, take } from './address.js'
import type { DraftNode } from './draft.js'
import { type Item, list, pick } from './item.js'
import { type Hop, type RouteContext, readHop } from './nexthops.js'

const tables = { main: 254, local: 255, default: 253 } as const

/** A table's number (/etc/iproute2/rt_tables has the names). */
export const tableNumber = (table: number | keyof typeof tables): number =>
  typeof table === 'number' ? table : tables[table]

/** What the kernel takes for the metric when none is said: include/net/ip6_fib.h, IP6_RT_PRIO_USER. */
export const usualMetric = (family: Family): number => (family === 4 ? 0 : 1024)

export const everywhere = (family: Family): string => (family === 4 ? '0.0.0.0/0' : '::/0')

export function readRoutes(node: DraftNode, context: RouteContext): readonly RouteEntry[] {
  const items = list<RouteSpec>(pick(node.spec, 'routes'))
  if (items.length === 0) return []
  // Those of one item are of different families.
  if (items.length === 1) return readRoute(items[0]!, node, context)
  const seen = new Map<string, RouteEntry>()
  for (const item of items)
    for (const entry of readRoute(item, node, context)) {
      const key = `${entry.to} ${entry.table} ${entry.metric}`
      const other = seen.get(key)
      if (other === undefined) seen.set(key, entry)
      else if (!context.draft.gaps.some || !node.broken) context.report(twice(node, entry, other))
    }
  return [...seen.values()]
}

function twice(node: DraftNode, entry: RouteEntry, other: RouteEntry) {
  const also = other.at ? [{ at: { path: other.at }, message: 'the first stands here' }] : []
  const where = entry.table === 254 ? '' : ` in table ${entry.table}`
  const hint = 'several next hops are one route: `via: [a, b]`; or tell them apart by `metric`'
  return error('bad-route', `${node.name} has a second route to ${entry.to}${where}`, entry.at, { also, hint })
}

interface Reading {
  readonly item: Item<RouteSpec>
  readonly node: DraftNode
  readonly action: RouteAction
  /** Undefined: `default`. */
  readonly to: Prefix | undefined
  readonly hops: readonly Hop[]
}

function readRoute(item: Item<RouteSpec>, node: DraftNode, context: RouteContext): readonly RouteEntry[] {
  const isDefault = item.value.to === 'default'
  const to = isDefault ? undefined : take(readPrefix(pick(item, 'to')!), context.report)
  if (!isDefault && to === undefined) return []
  const action = item.value.type ?? 'unicast'
  const wrong = contradiction(item, action)
  if (wrong) {
    context.report(error('bad-route', wrong.message, wrong.at, wrong.hint === undefined ? {} : { hint: wrong.hint }))
    return []
  }
  const hops = readHops(item, { node, action }, context)
  if (hops === undefined) return []
  const reading = { item, node, action, to, hops }
  const families = familiesOf(reading, context)
  if (families.length === 1) return entryFor(families[0]!, reading, context)
  return families.flatMap(family => entryFor(family, reading, context))
}

function contradiction(
  item: Item<RouteSpec>,
  action: RouteAction,
): { message: string; at: Item<unknown>['at']; hint?: string } | undefined {
  const via = pick(item, 'via')
  const dev = pick(item, 'dev')
  if (action === 'unicast' && (via ?? dev)) return undefined
  if (action === 'unicast') {
    const hint = 'say `via`, `dev`, or a `type`'
    return { message: `the route to ${item.value.to} leads nowhere`, at: item.at, hint }
  }
  const culprit = via ?? (action === 'local' ? undefined : dev)
  const key = via ? 'via' : 'dev'
  return culprit && { message: `a route of type ${action} leads nowhere: it has no \`${key}\``, at: culprit.at }
}

/** Undefined when one of them is wrong: what it says has been reported. */
function readHops(
  item: Item<RouteSpec>,
  { node, action }: { node: DraftNode; action: RouteAction },
  context: RouteContext,
): readonly Hop[] | undefined {
  const dev = pick(item, 'dev')
  const common = { node, dev, onlink: item.value.onlink ?? false }
  if (action !== 'unicast' && action !== 'local') return []
  const via = pick(item, 'via')
  const said = via ? list(via) : [{ value: { dev: dev?.value ?? 'lo' }, at: item.at }]
  if (said.length === 1) {
    const hops = readHop(said[0]!, common, context)
    return hops.length === 0 ? undefined : hops
  }
  const read = said.map(hop => readHop(hop, common, context))
  return read.some(hops => hops.length === 0) ? undefined : read.flat()
}

/** `default` takes its families from its next hops, or from `src`, or is both. */
function familiesOf({ to, hops, item, action, node }: Reading, context: RouteContext): readonly Family[] {
  const has = (family: Family) => hops.some(hop => hop.family === family)
  if (to === undefined) {
    const src = pick(item, 'src')
    if (!src && hops.length === 1) return [hops[0]!.family]
    const only = src && (src.value.includes(':') ? 6 : 4)
    return ([4, 6] as const).filter(
      family => (only === undefined || only === family) && (hops.length === 0 || has(family)),
    )
  }
  if (hops.length === 0 || has(to.family)) return [to.family]
  // An interface alone serves any family, whatever addresses it has.
  if (action === 'local' || hops.every(hop => hop.via === undefined)) return [to.family]
  if (context.draft.gaps.some && node.broken) return []
  const message = `the route leads to IPv${to.family} addresses, its next hop is of IPv${hops[0]!.family}`
  context.report(error('bad-route', message, pick(item, 'via')?.at ?? item.at))
  return []
}

function entryFor(family: Family, reading: Reading, context: RouteContext): readonly RouteEntry[] {
  const { item, node, action, to, hops } = reading
  const own = hops.every(hop => hop.family === family) ? hops : hops.filter(hop => hop.family === family)
  const nextHops = (own.length > 0 ? own : hops.slice(0, 1)).map(nextHopOf)
  const table = item.value.table ?? undefined
  const src = sourceOf(reading, family, context)
  const mtu = item.value.mtu ?? undefined
  const metric = item.value.metric ?? 0
  const entry: Writable<RouteEntry> = {
    family,
    to: to ? formatPrefix(to) : everywhere(family),
    action,
    nextHops,
    // Like ip-route(8), local routes go to the table of that name.
    table: table === undefined ? (action === 'local' ? 255 : 254) : tableNumber(table),
    metric: metric === 0 ? usualMetric(family) : metric,
    at: item.at,
  }
  if (src !== undefined) entry.src = src
  if (mtu !== undefined) entry.mtu = mtu
  const connected = family === 4 && to && entry.table === 254 && metric === 0 && context.reach.connected(node, to)
  if (!connected) return [entry]
  const hint = 'leave it out, or give it a `metric`'
  context.report(
    error('bad-route', `${connected.name} of ${node.name} has ${entry.to} for its own subnet`, item.at, { hint }),
  )
  return []
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function nextHopOf({ via, dev, weight, onlink }: Hop): NextHop {
  return via === undefined ? { dev, weight, onlink } : { via, dev, weight, onlink }
}

/** The kernel takes only an address of the node (fib_valid_prefsrc, net/ipv4/fib_semantics.c). */
function sourceOf({ item, node }: Reading, family: Family, context: RouteContext): string | undefined {
  const src = pick(item, 'src')
  const address = src && take(readAddress(src), context.report)
  if (address === undefined) return undefined
  if (address.family !== family)
    context.report(error('bad-route', `\`src\` is of IPv${address.family}, the route of IPv${family}`, src!.at))
  else if (!context.reach.owns(node, address) && !node.broken)
    context.report(error('bad-route', `\`src\`: ${src!.value} is no address of ${node.name}`, src!.at))
  return formatAddress(address)
}

/** A written route replaces the others of its prefix and table. */
export function mergeRoutes(written: readonly RouteEntry[], others: readonly RouteEntry[]): readonly RouteEntry[] {
  if (others.length === 0) return written
  if (written.length === 0) return others
  const said = new Set(written.map(route => `${route.to} ${route.table}`))
  return [...written, ...others.filter(route => !said.has(`${route.to} ${route.table}`))]
}

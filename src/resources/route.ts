/** A route (rtnetlink(7), ip-route(8)). */
import type { NextHop, RouteAction } from '../model/network.js'
import type { Operation } from '../model/plan.js'
import { ownProtocol, type Route } from '../model/state.js'
import { Batch, type Body } from '../netlink/batch.js'
import {
  afOf,
  familyOf,
  flag,
  MessageType,
  RouteScope,
  RouteType,
  routeFlag,
  routeMessage,
  write,
} from '../netlink/messages.js'
import type { Hop } from '../netlink/nexthops.js'
import { differences, id, namespaceName, type ReadContext, type ResourceKind, type WriteContext } from './contract.js'
import { headerTable, isPassedOver, kernelProtocols } from './route/passed-over.js'

const typeOf: Readonly<Record<RouteAction, number>> = {
  unicast: RouteType.UNICAST,
  local: RouteType.LOCAL,
  blackhole: RouteType.BLACKHOLE,
  unreachable: RouteType.UNREACHABLE,
  prohibit: RouteType.PROHIBIT,
  throw: RouteType.THROW,
}
const actionOf = new Map(Object.entries(typeOf).map(([action, type]) => [type, action as RouteAction]))
const cloned = 0x200

export const route: ResourceKind<Route> = {
  type: 'route',
  key: r => `${r.family} ${r.table} ${r.to} ${r.metric}`,
  name: r => `route to ${destination(r)}${r.table === 254 ? '' : ` in table ${r.table}`}`,
  compare: (desired, observed) => differences(['action', 'nextHops', 'src', 'mtu', 'protocol'], desired, observed),
  // The kernel doesn't replace an IPv6 route by one that leads nowhere, nor the other way round (ip6_fib.c: rt6_qualify_for_ecmp).
  updatable: (changes, observed) => observed.family === 4 || !changes.some(change => change.field === 'action'),
  owner: r => (kernelProtocols.has(r.protocol) ? 'kernel' : r.protocol === ownProtocol ? 'marked' : 'unmarked'),
  needs: r => [
    id.namespace(r.node),
    ...r.nextHops.flatMap(hop =>
      hop.dev === undefined ? [] : [id.ready(r.node, hop.dev), id.addresses(r.node, hop.dev)],
    ),
    ...(r.src === undefined ? [] : [id.address(r.node, r.src)]),
  ],
  provides: r => [id.routes(r.node)],
  act: ({ resource }) => ({ by: 'message', from: resource.node }),
  write: writeRoute,
  request,
  read: readRoute,
  words,
}

/** Of all families. */
function request(): Batch {
  const batch = new Batch(64)
  write(batch, [MessageType.GETROUTE, flag.dump], [routeMessage, { attributes: {} }])
  return batch
}

function writeRoute(batch: Batch, { verb, resource, because }: Operation, context: WriteContext): void {
  const r = resource as Route
  const [address, length] = r.to.split('/') as [string, string]
  const header = {
    family: afOf[r.family],
    dstLength: Number(length),
    table: headerTable(r.table),
    protocol: r.protocol,
    scope: scopeOf(r),
    type: typeOf[r.action],
    flags: r.nextHops.length === 1 && r.nextHops[0]!.onlink ? routeFlag.onlink : 0,
  }
  const attributes = {
    dst: length === '0' ? undefined : address,
    table: r.table,
    priority: r.metric === 0 ? undefined : r.metric,
    src: r.src,
    metrics: r.mtu === undefined ? undefined : { mtu: r.mtu },
    ...hopAttributes(r, context),
  }
  const flags = flag.create | (verb === 'update' || because !== undefined ? flag.replace : flag.excl)
  write(batch, verb === 'remove' ? [MessageType.DELROUTE, 0] : [MessageType.NEWROUTE, flags], [
    routeMessage,
    { ...header, attributes },
  ])
}

/** As ip-route(8) chooses it: a directly connected destination is narrower than one behind a gateway. */
function scopeOf(r: Route): number {
  if (r.family === 6 || r.action === 'throw') return RouteScope.UNIVERSE
  if (r.action === 'local') return RouteScope.HOST
  return r.action === 'unicast' && r.nextHops.every(hop => hop.via === undefined)
    ? RouteScope.LINK
    : RouteScope.UNIVERSE
}

function hopAttributes(r: Route, context: WriteContext): object {
  const index = (hop: NextHop) => (hop.dev === undefined ? 0 : context.index(r.node, hop.dev))
  if (r.nextHops.length > 1) {
    return {
      multipath: r.nextHops.map(
        (hop): Hop => ({
          index: index(hop),
          flags: hop.onlink ? routeFlag.onlink : 0,
          hops: hop.weight - 1,
          attributes: gateway(r, hop),
        }),
      ),
    }
  }
  const hop = r.nextHops[0]
  return hop === undefined ? {} : { ...gateway(r, hop), oif: hop.dev === undefined ? undefined : index(hop) }
}

function gateway(r: Route, hop: NextHop): { gateway?: string; via?: string } {
  if (hop.via === undefined) return {}
  return r.family === 4 && hop.via.includes(':') ? { via: hop.via } : { gateway: hop.via }
}

function readRoute({ bytes, start, end }: Body, context: ReadContext): Route | undefined {
  if (isPassedOver(bytes, start, context)) return undefined
  const message = routeMessage.read(bytes, start, end)
  const { attributes: a, protocol = 0 } = message
  const action = actionOf.get(message.type ?? 0)
  const family = familyOf.get(message.family ?? 0)
  if (action === undefined || family === undefined || ((message.flags ?? 0) & cloned) !== 0) return undefined
  return {
    type: 'route',
    node: context.node,
    family,
    to: `${a.dst ?? (family === 6 ? '::' : '0.0.0.0')}/${message.dstLength ?? 0}`,
    action,
    nextHops: action === 'unicast' || action === 'local' ? readHops(message, context) : [],
    table: a.table ?? message.table ?? 0,
    metric: a.priority ?? 0,
    ...(a.src === undefined ? {} : { src: a.src }),
    ...(a.metrics?.mtu === undefined ? {} : { mtu: a.metrics.mtu }),
    protocol,
  }
}

function readHops(
  { flags = 0, attributes: a }: ReturnType<typeof routeMessage.read>,
  context: ReadContext,
): readonly NextHop[] {
  const hops = a.multipath ?? [{ index: a.oif ?? 0, flags, hops: 0, attributes: { gateway: a.gateway, via: a.via } }]
  return sortHops(hops.map(hop => nextHop(hop as Hop, context)))
}

function nextHop(hop: Hop, context: ReadContext): NextHop {
  const via = hop.attributes.gateway ?? hop.attributes.via
  const dev = context.linkName(hop.index)
  return {
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { dev }),
    weight: hop.hops + 1,
    onlink: (hop.flags & routeFlag.onlink) !== 0,
  }
}

/** The order of next hops means nothing: one order for all makes them comparable. */
export function sortHops(hops: readonly NextHop[]): readonly NextHop[] {
  if (hops.length < 2) return hops
  const text = (hop: NextHop) => `${hop.dev} ${hop.via}`
  return [...hops].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

function destination(r: Route): string {
  return r.to === '0.0.0.0/0' || r.to === '::/0' ? `default (IPv${r.family})` : r.to
}

function words({ verb, resource, because }: Operation, lab: string): readonly (readonly string[])[] {
  const r = resource as Route
  const action = { create: because === undefined ? 'add' : 'replace', update: 'replace', remove: 'del' }[verb]
  const one = r.nextHops.length === 1
  return [
    [
      ...['ip', '-n', namespaceName(lab, r.node), `-${r.family}`, 'route', action],
      ...(r.action === 'unicast' ? [] : [r.action]),
      ...[r.to, ...(one ? hopWords(r, r.nextHops[0]!) : []), 'table', `${r.table}`, 'proto', `${r.protocol}`],
      ...(r.metric === 0 ? [] : ['metric', `${r.metric}`]),
      ...(r.src === undefined ? [] : ['src', r.src]),
      ...(r.mtu === undefined ? [] : ['mtu', `${r.mtu}`]),
      ...(one ? [] : r.nextHops.flatMap(hop => ['nexthop', ...hopWords(r, hop), 'weight', `${hop.weight}`])),
    ],
  ]
}

function hopWords(r: Route, hop: NextHop): readonly string[] {
  const via =
    hop.via === undefined ? [] : ['via', ...(r.family === 4 && hop.via.includes(':') ? ['inet6'] : []), hop.via]
  return [...via, ...(hop.dev === undefined ? [] : ['dev', hop.dev]), ...(hop.onlink ? ['onlink'] : [])]
}

/** Requests of a node drawn at random, sensible or not → what the kernel refuses them with. */
import fc from 'fast-check'
import type { Kernel } from '../../src/index.js'
import { Batch } from '../../src/netlink/batch.js'
import {
  addressMessage,
  afOf,
  flag,
  iff,
  linkMessage,
  MessageType,
  neighborMessage,
  neighborState,
  routeMessage,
  ruleMessage,
  write,
} from '../../src/netlink/messages.js'

/** lo, both cables, the bridge, the tap, the macvlan; and one that is not there. */
const links = ['lo', 'eth0', 'eth1', 'br0', 'tap0', 'mv', 'none'] as const
const link = fc.constantFrom(...links)
const other = fc.constantFrom(...links.filter(one => one !== 'lo'))
const addresses = ['10.0.0.1/24', '10.0.0.7/24', '10.0.0.8/25', '10.5.0.1/16', '10.6.0.1/32', '10.7.0.0/31']
const address = fc.constantFrom(...addresses, 'fd00::1/64', 'fd00::7/64', 'fd00:6::1/128', 'fd00::1/48')
const gateways = [
  '10.0.0.2',
  '10.0.0.1',
  '10.0.0.255',
  '10.0.1.2',
  '10.5.0.9',
  '192.0.2.1',
  'fd00::2',
  'fd00::1',
  'fd00:9::1',
]
const gateway = fc.constantFrom(undefined, ...gateways)
const settings = [
  'disable_ipv6',
  'forwarding',
  'accept_dad',
  'accept_redirects',
  'rp_filter',
  'promote_secondaries',
  'nothing',
]

export const requests = fc.oneof(
  fc.record({ what: fc.constant('address' as const), remove: fc.boolean(), link, address }),
  fc.record({
    what: fc.constant('route' as const),
    remove: fc.boolean(),
    link,
    gateway,
    way: fc.constantFrom('excl', 'replace'),
    src: fc.constantFrom(undefined, undefined, '10.0.0.1', '10.0.0.7', 'fd00::7'),
    table: fc.constantFrom(254, 254, 100),
    multi: fc.constantFrom(false, false, true),
  }),
  fc.record({ what: fc.constant('up' as const), link: other, up: fc.boolean() }),
  fc.record({
    what: fc.constant('mtu' as const),
    link: other,
    mtu: fc.constantFrom(60, 1300, 1400, 1500, 9000, 70000),
  }),
  fc.record({ what: fc.constant('master' as const), link, master: fc.constantFrom('', 'br0', 'eth0', 'none') }),
  fc.record({ what: fc.constant('remove' as const), link }),
  fc.record({
    what: fc.constant('rule' as const),
    remove: fc.boolean(),
    priority: fc.constantFrom(5, 6),
    to: fc.boolean(),
  }),
  fc.record({ what: fc.constant('neighbor' as const), remove: fc.boolean(), link: other }),
  fc.record({
    what: fc.constant('setting' as const),
    family: fc.constantFrom(4, 6),
    link: fc.constantFrom(...links, 'all', 'default'),
    key: fc.constantFrom(...settings),
    value: fc.constantFrom('0', '1', 'x'),
  }),
)
export type Drawn = typeof requests extends fc.Arbitrary<infer T> ? T : never
type Numbers = ReadonlyMap<string, number>

/** What it is refused with, or nothing. */
export function ask(request: Drawn, kernel: Kernel, lab: string): string {
  const space = kernel.space(lab)
  try {
    if (request.what === 'setting') {
      const dev = request.link
      space.writeSysctl('a', `net.ipv${request.family}.conf.${dev}.${request.key}`, request.value)
      return ''
    }
    const answers = space.dump('a', listLinks())
    const numbers = new Map(
      answers.map(({ bytes, start, end }) => {
        const { index = 0, attributes } = linkMessage.read(bytes, start, end)
        return [attributes.name!, index]
      }),
    )
    const batch = new Batch()
    put(batch, request, numbers)
    return space
      .send('a', batch)
      .map(({ errno }) => errno)
      .join()
  } catch (thrown) {
    return (thrown as { errno: string }).errno
  } finally {
    space.close()
  }
}

function listLinks(): Batch {
  const batch = new Batch()
  write(batch, [MessageType.GETLINK, flag.dump], [linkMessage, { attributes: {} }])
  return batch
}

function put(batch: Batch, drawn: Exclude<Drawn, { what: 'setting' }>, numbers: Numbers): void {
  const index = 'link' in drawn ? (numbers.get(drawn.link) ?? 999) : 0
  const change = (rest: object) =>
    write(batch, [MessageType.NEWLINK, 0], [linkMessage, { index, attributes: {}, ...rest }])
  switch (drawn.what) {
    case 'up':
      return change({ flags: drawn.up ? iff.up : 0, change: iff.up })
    case 'mtu':
      return change({ attributes: { mtu: drawn.mtu } })
    case 'master':
      return change({ attributes: { master: drawn.master === '' ? 0 : (numbers.get(drawn.master) ?? 999) } })
    case 'remove':
      return write(batch, [MessageType.DELLINK, 0], [linkMessage, { index, attributes: {} }])
    case 'address':
      return putAddress(batch, drawn, index)
    case 'route':
      return putRoute(batch, drawn, [index, numbers.get('eth1')])
    case 'rule':
      return putRule(batch, drawn)
    case 'neighbor':
      return putNeighbor(batch, drawn, index)
  }
}

function putAddress(batch: Batch, { address, remove, link }: Extract<Drawn, { what: 'address' }>, index: number): void {
  const [text, length] = ownOf(address, link).split('/') as [string, string]
  const header = { family: text.includes(':') ? afOf[6] : afOf[4], prefixLength: Number(length), index }
  const kind = remove ? ([MessageType.DELADDR, 0] as const) : ([MessageType.NEWADDR, flag.create | flag.excl] as const)
  write(batch, kind, [addressMessage, { ...header, attributes: { local: text, address: text } }])
}

/** No two links are in one subnet: of their routes that are called the same, one is read, and which is a matter of time. */
function ownOf(address: string, link: (typeof links)[number]): string {
  return link === 'eth0' ? address : address.replace(/^10\.|^fd0/, start => `${start}${links.indexOf(link) + 1}`)
}

function putRoute(
  batch: Batch,
  { gateway, remove, way, src, table, multi }: Extract<Drawn, { what: 'route' }>,
  [index, other]: readonly [number, number | undefined],
): void {
  const six = gateway?.includes(':') ?? src?.includes(':') ?? false
  const dst = six ? '2001:db8::' : '198.18.0.0'
  const hop = (at: number, via: string | undefined) => ({
    index: at,
    flags: 0,
    hops: 0,
    attributes: via ? { gateway: via } : {},
  })
  // Of two hops that are both wrong, which one is told is of no interest.
  const leads =
    multi && other !== undefined
      ? { multipath: [hop(index, gateway), hop(other, six ? 'fd00:1::2' : '10.0.1.2')] }
      : { oif: index, ...(gateway ? { gateway } : {}) }
  const fits = src && src.includes(':') === six ? { src } : {}
  const header = {
    family: six ? afOf[6] : afOf[4],
    dstLength: six ? 32 : 15,
    table,
    protocol: 110,
    type: 1,
    scope: gateway || six ? 0 : 253,
  }
  const flags = flag.create | (way === 'excl' ? flag.excl : flag.replace)
  const kind = remove ? ([MessageType.DELROUTE, 0] as const) : ([MessageType.NEWROUTE, flags] as const)
  write(batch, kind, [routeMessage, { ...header, attributes: { dst, table, ...leads, ...fits } }])
}

function putRule(batch: Batch, { priority, to, remove }: Extract<Drawn, { what: 'rule' }>): void {
  const header = { family: afOf[4], dstLength: to ? 8 : 0, table: 100, action: 1 }
  const attributes = { priority, table: 100, protocol: 110, ...(to ? { dst: '10.0.0.0' } : {}) }
  const kind = remove ? ([MessageType.DELRULE, 0] as const) : ([MessageType.NEWRULE, flag.create | flag.excl] as const)
  write(batch, kind, [ruleMessage, { ...header, attributes }])
}

function putNeighbor(batch: Batch, { remove }: Extract<Drawn, { what: 'neighbor' }>, index: number): void {
  const header = { family: afOf[4], index, state: neighborState.permanent }
  const attributes = { dst: '10.0.0.99', ...(remove ? {} : { lladdr: '02:00:00:00:00:99', protocol: 110 }) }
  const kind = remove
    ? ([MessageType.DELNEIGH, 0] as const)
    : ([MessageType.NEWNEIGH, flag.create | flag.replace] as const)
  write(batch, kind, [neighborMessage, { ...header, attributes }])
}

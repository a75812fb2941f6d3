/** The body of an RTM_NEWLINK → a link, and its counters. */
import { linkKinds, type Settings } from '../../kinds/index.js'
import type { Counters } from '../../model/report.js'
import type { Link } from '../../model/state.js'
import { Batch, type Body } from '../../netlink/batch.js'
import { flag, iff, linkMessage, MessageType, nameMessage, write } from '../../netlink/messages.js'
import type { ReadContext } from '../contract.js'

const tunType = 1
/** Links that are no Ethernet devices and that the kernel makes by itself in each namespace. */
const fallbacks = new Set(['tunl0', 'sit0', 'ip6tnl0', 'gre0', 'gretap0', 'erspan0', 'ip_vti0', 'ip6_vti0', 'ip6gre0'])

/** The message that asks for all links of a namespace. */
export function linkRequest(attributes: { readonly wanted?: number }): Batch {
  const batch = new Batch(64)
  write(batch, [MessageType.GETLINK, flag.dump], [linkMessage, { attributes }])
  return batch
}

/** Its index and its name, without the rest; undefined where one of them is not said. */
export function readLinkName({ bytes, start, end }: Body): readonly [number, string] | undefined {
  const { index, attributes } = nameMessage.read(bytes, start, end)
  return index && attributes.name ? [index, attributes.name] : undefined
}

export function readLink({ bytes, start, end }: Body, context: ReadContext): Link | undefined {
  const { index = 0, flags = 0, attributes: a } = linkMessage.read(bytes, start, end)
  const { name } = a
  if (name === undefined || fallbacks.has(name)) return undefined
  const kind = (flags & iff.loopback) !== 0 ? 'loopback' : (a.info?.kind ?? 'physical')
  const data = readData(kind, a.info?.data)
  const unsettled = unsettledIn(kind, data)
  const real = kind === 'tun' && data.type !== tunType ? 'tap' : kind
  const master = a.master === undefined ? undefined : context.linkName(a.master)
  const below = data[linkKinds.get(kind)?.parentAttribute ?? ''] ?? a.link
  const parent = typeof below !== 'number' || real === 'veth' ? undefined : context.linkName(below)
  return {
    ...{
      type: 'link',
      node: context.node,
      name,
      kind: real,
      index,
      mtu: a.mtu ?? 0,
      up: (flags & iff.up) !== 0,
      data: ownData(kind, data, unsettled),
    },
    ...(a.address === undefined || real === 'loopback' || real === 'tun' ? {} : { mac: a.address }),
    ...(master === undefined ? {} : { master }),
    ...(parent === undefined ? {} : { parent }),
    ...(a.link === undefined ? {} : { linkIndex: a.link }),
    ...(unsettled.length === 0 ? {} : { unsettled }),
    running: (flags & iff.lowerUp) !== 0,
  }
}

const nothing: Settings = {}

function readData(kind: string, data: Buffer | undefined): Settings {
  const table = linkKinds.get(kind)?.attributes
  return table === undefined || data === undefined
    ? nothing
    : (table.read(data, 0, data.length) as Record<string, string | number>)
}

/** Of which settings the kernel now tells values that are nobody's. */
function unsettledIn(kind: string, data: Settings): readonly string[] {
  const meanwhile = linkKinds.get(kind)?.meanwhile
  return meanwhile && data[meanwhile.attribute] ? meanwhile.settings : []
}

/** Without what is said elsewhere: what tells tap from tun is the kind, and the link below is the parent. */
function ownData(kind: string, data: Settings, unsettled: readonly string[]): Settings {
  if (data === nothing) return data
  const { parentAttribute, meanwhile } = linkKinds.get(kind) ?? {}
  const said = new Set(['type', parentAttribute, meanwhile?.attribute, ...unsettled])
  return Object.fromEntries(Object.entries(data).filter(([key]) => !said.has(key)))
}

/** Counters of the link (struct rtnl_link_stats64), with its name. */
export function readCounters({ bytes, start, end }: Body): readonly [string, Counters] {
  const { name = '', stats = [] } = linkMessage.read(bytes, start, end).attributes
  const [
    rxPackets = 0,
    txPackets = 0,
    rxBytes = 0,
    txBytes = 0,
    rxErrors = 0,
    txErrors = 0,
    rxDropped = 0,
    txDropped = 0,
  ] = stats
  return [name, { rxBytes, rxPackets, rxErrors, rxDropped, txBytes, txPackets, txErrors, txDropped }]
}

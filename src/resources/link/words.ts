/** An operation on a link → commands of iproute2. */
import { linkKinds } from '../../kinds/index.js'
import type { Operation } from '../../model/plan.js'
import type { Link } from '../../model/state.js'
import { namespaceName } from '../contract.js'

export function linkWords(
  { verb, resource, partner, changes = [] }: Operation,
  lab: string,
): readonly (readonly string[])[] {
  const l = resource as Link
  const ip = ['ip', '-n', namespaceName(lab, l.node), 'link']
  if (verb === 'remove') return [[...ip, 'delete', 'dev', l.name]]
  if (verb === 'update') return changeWords(ip, l, new Set(changes.map(change => change.field)))
  if (partner)
    return [
      [
        ...ip,
        'add',
        ...endWords(l),
        ...queues,
        ...masterWords(l),
        ...(l.up ? ['up'] : []),
        'type',
        'veth',
        'peer',
        ...endWords(partner),
        ...queues,
        'netns',
        namespaceName(lab, partner.node),
      ],
    ]
  return singleWords(ip, l)
}

const queues = ['numtxqueues', '1', 'numrxqueues', '1']

function endWords(l: Link): readonly string[] {
  const mac = l.mac === undefined ? [] : ['address', l.mac]
  return ['name', l.name, 'index', `${l.index}`, ...mac, 'mtu', `${l.mtu}`]
}

function masterWords(l: Link): readonly string[] {
  return l.master === undefined ? [] : ['master', l.master]
}

/** `ip tuntap` knows neither index nor MAC: they are set, or left, afterwards. */
function singleWords(ip: readonly string[], l: Link): readonly (readonly string[])[] {
  const kind = linkKinds.get(l.kind)
  const own = kind?.words(l.data) ?? []
  if (kind?.made === 'device') {
    const tuntap = [...ip.slice(0, 3), 'tuntap', 'add', 'dev', l.name, 'mode', l.kind, ...own]
    return [
      tuntap,
      [...ip, 'set', 'dev', l.name, ...(l.mac === undefined ? [] : ['address', l.mac]), 'mtu', `${l.mtu}`],
    ]
  }
  // A vxlan's device is a word of its own kind, everyone else's a word of the link.
  const parent = l.parent === undefined ? [] : l.kind === 'vxlan' ? ['dev', l.parent] : ['link', l.parent]
  const [before, after] = l.kind === 'vxlan' ? [[], parent] : [parent, []]
  return [[...ip, 'add', ...before, ...endWords(l), 'type', l.kind, ...own, ...after]]
}

function changeWords(ip: readonly string[], l: Link, fields: ReadonlySet<string>): readonly (readonly string[])[] {
  const general = [
    ...(fields.has('mac') && l.mac !== undefined ? ['address', l.mac] : []),
    ...(fields.has('mtu') ? ['mtu', `${l.mtu}`] : []),
    ...(fields.has('master') ? (l.master === undefined ? ['nomaster'] : ['master', l.master]) : []),
    ...(fields.has('up') ? [l.up ? 'up' : 'down'] : []),
  ]
  const own = [...fields].some(field => field.startsWith('data.'))
  return [
    ...(own ? [[...ip, 'set', 'dev', l.name, 'type', l.kind, ...(linkKinds.get(l.kind)?.words(l.data) ?? [])]] : []),
    ...(general.length > 0 ? [[...ip, 'set', 'dev', l.name, ...general]] : []),
  ]
}

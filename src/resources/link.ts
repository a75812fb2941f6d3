/** A link of a namespace: how it is named, compared, made and removed (rtnetlink(7), ip-link(8)). */
import { linkKinds } from '../kinds/index.js'
import type { FieldChange, Operation } from '../model/plan.js'
import type { Link } from '../model/state.js'
import { skipCounters } from '../netlink/messages.js'
import { type Act, differences, id, type ResourceKind } from './contract.js'
import { linkRequest, readLink } from './link/read.js'
import { linkWords } from './link/words.js'
import { writeLink } from './link/write.js'

export const link: ResourceKind<Link> = {
  type: 'link',
  key: l => l.name,
  name: l => (l.kind === 'loopback' ? `loopback ${l.name}` : `${l.kind} ${l.name}`),
  compare,
  updatable: (changes, observed) => changes.every(change => inPlace(change.field, observed.kind)),
  owner: l => (l.kind === 'loopback' ? 'kernel' : 'unmarked'),
  needs: l => [
    id.namespace(l.node),
    id.defaults(l.node),
    ...(l.peer === undefined ? [] : [id.namespace(l.peer.node)]),
    ...(l.master === undefined ? [] : [id.link(l.node, l.master)]),
    // Its MTU may be no larger than that of what it stands on, which may be about to grow.
    ...(l.parent === undefined ? [] : [id.link(l.node, l.parent), id.ready(l.node, l.parent)]),
  ],
  provides: (l, verb) =>
    verb === 'create' ? [id.link(l.node, l.name), id.ready(l.node, l.name)] : [id.ready(l.node, l.name)],
  act,
  write: writeLink,
  request: () => linkRequest({ wanted: skipCounters }),
  read: readLink,
  words: linkWords,
}

/** Settings of the kind are compared one by one, so that a plan can name them. */
function compare(desired: Link, observed: Link): readonly FieldChange[] {
  const own = Object.keys(desired.data)
    .filter(key => observed.data[key] !== desired.data[key] && !observed.unsettled?.includes(key))
    .map(key => ({ field: `data.${key}`, from: observed.data[key], to: desired.data[key] }))
  const mac = desired.mac === undefined ? [] : (['mac'] as const)
  return [...differences(['kind', ...mac, 'mtu', 'up', 'master', 'parent', 'peer'], desired, observed), ...own]
}

const always = new Set(['mac', 'mtu', 'up', 'master'])

/** Whether the kernel changes the property of a standing link of this kind. */
function inPlace(field: string, kind: string): boolean {
  return (
    always.has(field) || (field.startsWith('data.') && (linkKinds.get(kind)?.mutable.includes(field.slice(5)) ?? false))
  )
}

/** A veth pair is made from outside, where both of its namespaces are at hand; the rest inside of the node. */
function act({ verb, resource, partner }: Operation): Act {
  const l = resource as Link
  if (verb !== 'create' || linkKinds.get(l.kind)?.made !== 'device')
    return { by: 'message', from: verb === 'create' && partner ? undefined : l.node }
  const owner = typeof l.data.owner === 'number' ? { owner: l.data.owner } : {}
  return { by: 'device', node: l.node, name: l.name, mode: l.kind as 'tap' | 'tun', index: l.index!, ...owner }
}

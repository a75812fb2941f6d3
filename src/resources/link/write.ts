/** An operation on a link → the rtnetlink message for it. */
import { linkKinds } from '../../kinds/index.js'
import type { Operation } from '../../model/plan.js'
import type { Link } from '../../model/state.js'
import { Batch } from '../../netlink/batch.js'
import { encode, flag, iff, linkMessage, MessageType, vethMessage, write } from '../../netlink/messages.js'
import type { WriteContext } from '../contract.js'

const createFlags = flag.create | flag.excl
const scratch = new Batch(256)

export function writeLink(batch: Batch, operation: Operation, context: WriteContext): void {
  const l = operation.resource as Link
  if (operation.verb === 'remove')
    return write(batch, [MessageType.DELLINK, 0], [linkMessage, { index: l.index!, attributes: {} }])
  if (operation.verb === 'update') return writeChange(batch, operation, context)
  if (operation.partner) return writePair(batch, [l, operation.partner], context)
  return writeSingle(batch, l, context)
}

/** One queue each: with one per processor, making and deleting a link takes the longer the more there are. */
const oneQueue = { queuesOut: 1, queuesIn: 1 }

/** The kernel takes IFF_UP in the message for the first end alone; a port's bridge too. */
function writePair(batch: Batch, [first, second]: readonly [Link, Link], context: WriteContext): void {
  const end = (l: Link) => ({
    name: l.name,
    address: l.mac,
    mtu: l.mtu,
    ...oneQueue,
    namespace: context.descriptor(l.node),
  })
  const state = first.up ? { flags: iff.up, change: iff.up } : {}
  const peer = { index: second.index!, attributes: end(second) }
  const attributes = {
    ...end(first),
    master: first.master === undefined ? undefined : context.index(first.node, first.master),
    info: { kind: 'veth', data: { peer } },
  }
  write(batch, [MessageType.NEWLINK, createFlags], [vethMessage, { index: first.index!, ...state, attributes }])
}

function writeSingle(batch: Batch, l: Link, context: WriteContext): void {
  const kind = linkKinds.get(l.kind)
  const parent = l.parent === undefined ? undefined : context.index(l.node, l.parent)
  const own = kind?.parentAttribute === undefined ? l.data : { ...l.data, [kind.parentAttribute]: parent }
  const data = kind?.attributes === undefined ? undefined : encode(kind.attributes, own, scratch)
  const attributes = {
    name: l.name,
    address: l.mac,
    mtu: l.mtu,
    link: parent,
    info: { kind: l.kind, data: data?.length ? data : undefined },
  }
  write(batch, [MessageType.NEWLINK, createFlags], [linkMessage, { index: l.index!, attributes }])
}

/** Only what changes is sent; `master` 0 takes a port out of its bridge. */
function writeChange(batch: Batch, { resource, changes = [] }: Operation, context: WriteContext): void {
  const l = resource as Link
  const fields = new Set(changes.map(change => change.field))
  const data = Object.fromEntries(Object.entries(l.data).filter(([key]) => fields.has(`data.${key}`)))
  const kind = linkKinds.get(l.kind)
  const info =
    Object.keys(data).length > 0 && kind?.attributes
      ? { kind: l.kind, data: encode(kind.attributes, data, scratch) }
      : undefined
  const state = fields.has('up') ? { flags: l.up ? iff.up : 0, change: iff.up } : {}
  const attributes = {
    address: fields.has('mac') ? l.mac : undefined,
    mtu: fields.has('mtu') ? l.mtu : undefined,
    master: fields.has('master') ? (l.master === undefined ? 0 : context.index(l.node, l.master)) : undefined,
    info,
  }
  write(batch, [MessageType.NEWLINK, 0], [linkMessage, { index: context.index(l.node, l.name), ...state, attributes }])
}

/** A permanent neighbour: an address with its MAC (ip-neighbour(8), include/uapi/linux/neighbour.h). */
import type { Operation } from '../model/plan.js'
import { type Neighbor, ownProtocol } from '../model/state.js'
import { Batch, type Body } from '../netlink/batch.js'
import { afOf, flag, MessageType, neighborMessage, neighborState, write } from '../netlink/messages.js'
import { differences, id, namespaceName, type ReadContext, type ResourceKind, type WriteContext } from './contract.js'

export const neighbor: ResourceKind<Neighbor> = {
  type: 'neighbor',
  key: n => `${n.dev} ${n.to}`,
  name: n => `neighbour ${n.to} at ${n.mac} on ${n.dev}`,
  compare: (desired, observed) => differences(['mac', 'protocol'], desired, observed),
  updatable: () => true,
  owner: n => (n.protocol === ownProtocol ? 'marked' : 'unmarked'),
  needs: n => [id.ready(n.node, n.dev), id.addresses(n.node, n.dev)],
  provides: () => [],
  act: ({ resource }) => ({ by: 'message', from: resource.node }),
  write: writeNeighbor,
  request() {
    const batch = new Batch(64)
    write(batch, [MessageType.GETNEIGH, flag.dump], [neighborMessage, { attributes: {} }])
    return batch
  },
  read: readNeighbor,
  words({ verb, resource }, lab) {
    const n = resource as Neighbor
    const action = { create: 'add', update: 'replace', remove: 'del' }[verb]
    const rest = verb === 'remove' ? [] : ['lladdr', n.mac, 'nud', 'permanent', 'protocol', `${n.protocol}`]
    return [['ip', '-n', namespaceName(lab, n.node), 'neigh', action, n.to, 'dev', n.dev, ...rest]]
  },
}

function writeNeighbor(batch: Batch, { verb, resource }: Operation, context: WriteContext): void {
  const n = resource as Neighbor
  const header = { family: afOf[n.family], index: context.index(n.node, n.dev), state: neighborState.permanent }
  const flags = verb === 'remove' ? 0 : flag.create | flag.replace
  const attributes = verb === 'remove' ? { dst: n.to } : { dst: n.to, lladdr: n.mac, protocol: n.protocol }
  write(
    batch,
    [verb === 'remove' ? MessageType.DELNEIGH : MessageType.NEWNEIGH, flags],
    [neighborMessage, { ...header, attributes }],
  )
}

/** Only permanent ones: the others come and go with the traffic. */
function readNeighbor({ bytes, start, end }: Body, context: ReadContext): Neighbor | undefined {
  const message = neighborMessage.read(bytes, start, end)
  const { dst, lladdr, protocol = 0 } = message.attributes
  const dev = context.linkName(message.index ?? 0)
  const known = message.family === afOf[4] || message.family === afOf[6]
  if (
    !known ||
    ((message.state ?? 0) & neighborState.permanent) === 0 ||
    dst === undefined ||
    dev === undefined ||
    lladdr === undefined
  )
    return undefined
  return {
    type: 'neighbor',
    node: context.node,
    family: message.family === afOf[6] ? 6 : 4,
    to: dst,
    mac: lladdr,
    dev,
    protocol,
  }
}

/** RTM_NEWNEIGH, RTM_DELNEIGH → a namespace's permanent neighbours (net/core/neighbour.c). */
import { flag, type neighborMessage } from '../../netlink/messages.js'
import { linkAt, type Namespace } from './model.js'
import { Refused } from './refused.js'

type Message = ReturnType<typeof neighborMessage.read>

export function addNeighbor(ns: Namespace, message: Message, flags: number): void {
  const { dst, lladdr, protocol = 0 } = message.attributes
  const link = linkAt(ns, message.index ?? 0)
  const known = find(ns, message)
  if (dst === undefined || lladdr === undefined) throw new Refused('EINVAL')
  if (known && flags & flag.excl) throw new Refused('EEXIST')
  if (!known && !(flags & flag.create)) throw new Refused('ENOENT')
  ns.neighbors = ns.neighbors.filter(held => held !== known)
  ns.neighbors.push({ family: message.family ?? 0, link, dst, lladdr, protocol, state: message.state ?? 0 })
}

export function removeNeighbor(ns: Namespace, message: Message): void {
  linkAt(ns, message.index ?? 0)
  const known = find(ns, message)
  if (!known) throw new Refused('ENOENT')
  ns.neighbors = ns.neighbors.filter(held => held !== known)
}

function find(ns: Namespace, { index, attributes: { dst } }: Message) {
  return ns.neighbors.find(held => held.link.index === index && held.dst === dst)
}

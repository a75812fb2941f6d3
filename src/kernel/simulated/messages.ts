/** A message of rtnetlink → the change that it makes in a namespace (rtnetlink(7)). */
import type { Batch } from '../../netlink/batch.js'
import {
  addressMessage,
  flag,
  linkMessage,
  MessageType,
  neighborMessage,
  routeMessage,
  ruleMessage,
} from '../../netlink/messages.js'
import type { Refusal } from '../kernel.js'
import { addAddress, removeAddress } from './addresses.js'
import { changeLink, removeLink } from './link-changes.js'
import { createLink } from './links.js'
import type { Machine, Namespace } from './model.js'
import { addNeighbor, removeNeighbor } from './neighbors.js'
import { Refused } from './refused.js'
import { addRoute, removeRoute } from './routes.js'
import { addRule, removeRule } from './rules.js'

const headerLength = 16

/** Carries out every message of a batch; what was refused does not keep the others back. */
export function carryOut(machine: Machine, ns: Namespace, batch: Batch): readonly Refusal[] {
  return batch.starts.flatMap((start, index) => {
    try {
      carryOutOne(machine, ns, batch.bytes.subarray(start, start + batch.bytes.readUInt32LE(start)))
      return []
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      const { errno, text, words } = thrown
      return [{ index, errno, text, ...(words === undefined ? {} : { message: words }) }]
    }
  })
}

function carryOutOne(machine: Machine, ns: Namespace, bytes: Buffer): void {
  const [type, flags] = [bytes.readUInt16LE(4), bytes.readUInt16LE(6)]
  const of = <T>(codec: { read(bytes: Buffer, start: number, end: number): T }) =>
    codec.read(bytes, headerLength, bytes.length)
  switch (type) {
    case MessageType.NEWLINK:
      if (flags & flag.create) return createLink(machine, ns, { bytes, start: headerLength, end: bytes.length })
      return changeLink(ns, of(linkMessage))
    case MessageType.DELLINK:
      return removeLink(ns, of(linkMessage))
    case MessageType.NEWADDR:
      return addAddress(ns, of(addressMessage), flags)
    case MessageType.DELADDR:
      return removeAddress(ns, of(addressMessage))
    case MessageType.NEWROUTE:
      return addRoute(ns, of(routeMessage), flags)
    case MessageType.DELROUTE:
      return removeRoute(ns, of(routeMessage))
    case MessageType.NEWRULE:
      return addRule(ns, of(ruleMessage), flags)
    case MessageType.DELRULE:
      return removeRule(ns, of(ruleMessage))
    case MessageType.NEWNEIGH:
      return addNeighbor(ns, of(neighborMessage), flags)
    case MessageType.DELNEIGH:
      return removeNeighbor(ns, of(neighborMessage))
    default:
      throw new Refused('EOPNOTSUPP')
  }
}

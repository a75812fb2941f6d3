/** Nodes in; in which of them something happens out, as it happens: rtnetlink's side of a conversation in which we listen (rtnetlink(7)). */
import { constants as os } from 'node:os'
import * as c from '../../native/constants.js'
import { close, type Readable, recvmsg, setsockopt, whenReadable } from '../../native/libc.js'
import { type MessageRoom, messageRoom } from '../../native/message-room.js'
import { Batch } from '../netlink/batch.js'
import { openSocket, sendBatch } from './conversation.js'
import { checked, refused, unless } from './errors.js'
import { descriptorsAtOnce, SystemError } from './kernel.js'
import { openInNew } from './thread.js'

export interface Wanted {
  readonly nodes: readonly string[]
  /** A descriptor of the node's namespace, good for as long as `LabSpace.descriptor` promises. */
  descriptor(node: string): number
  /** Whether neighbours that the node learns by itself are of interest, too: with traffic, they change all the time. */
  neighbors(node: string): boolean
  /** Bytes that events may take until they are read; after that, some are lost, and `overflow` says so. */
  readonly room?: number
}

export interface Told {
  happened(node: string): void
  overflow(): void
}

const groups = [
  ...[c.RTNLGRP_LINK, c.RTNLGRP_NEIGH, c.RTNLGRP_IPV4_IFADDR, c.RTNLGRP_IPV6_IFADDR, c.RTNLGRP_IPV4_ROUTE],
  ...[c.RTNLGRP_IPV6_ROUTE, c.RTNLGRP_IPV4_RULE, c.RTNLGRP_IPV6_RULE, c.RTNLGRP_IPV4_NETCONF],
  ...[c.RTNLGRP_IPV6_NETCONF, c.RTNLGRP_NSID],
]
/** RTM_*, linux/rtnetlink.h */
const message = { newNeighbor: 28, lastNeighbor: 30, newNsid: 88, deleteNsid: 89 } as const
/** NUD_PERMANENT, NUD_FAILED, linux/neighbour.h; RTN_MULTICAST, linux/rtnetlink.h */
const [permanent, failed, multicast] = [0x80, 0x20, 5]

/** Some 4,000 events; the kernel counts what it keeps of one, not what it says. */
const usualRoom = 4 << 20
/** So many are read before others have their turn. */
const mostAtOnce = 512

/**
 * One socket hears all nodes: it is opened in a namespace of its own, where each node has a number, and the kernel tells a
 * socket there what happens in every numbered namespace (NETLINK_LISTEN_ALL_NSID). A number keeps no namespace alive, as a
 * socket in a node would: who takes the lab down meanwhile is not held up.
 */
export function listenTo(wanted: Wanted, told: Told): Readable {
  const fd = openInNew(openSocket)
  try {
    giveNumbers(fd, wanted)
    subscribe(fd, wanted.room ?? usualRoom)
    const room = messageRoom(32)
    const handle = whenReadable(fd, () => drain(fd, room, event => tell(event, wanted, told)))
    return {
      close() {
        handle.close()
        close(fd)
      },
    }
  } catch (error) {
    close(fd)
    throw error
  }
}

/** Each node has the number of its place in the list. What is gone again by now has none, and is told of by the next look. */
function giveNumbers(fd: number, { nodes, descriptor }: Wanted): void {
  for (let from = 0; from < nodes.length; from += descriptorsAtOnce) {
    const batch = new Batch()
    nodes.slice(from, from + descriptorsAtOnce).forEach((node, index) => {
      const namespace = unless(['ENOENT'], () => descriptor(node))
      if (namespace !== undefined) writeNumber(batch, from + index, namespace)
    })
    const [first] = sendBatch(fd, batch)
    if (first) throw new SystemError('give the nodes numbers', first.errno, first.text)
  }
}

/** RTM_NEWNSID: struct rtgenmsg, padded, and two attributes of four bytes. */
function writeNumber(batch: Batch, number: number, namespace: number): void {
  batch.begin(message.newNsid, 0)
  batch.reserve(4)
  for (const [attribute, value] of [
    [c.NETNSA_NSID, number],
    [c.NETNSA_FD, namespace],
  ] as const) {
    const at = batch.reserve(8)
    batch.halves[at >> 1] = 8
    batch.halves[(at >> 1) + 1] = attribute
    batch.words[(at + 4) >> 2] = value
  }
  batch.end()
}

function subscribe(fd: number, room: number): void {
  // Forced, as the machine's limit may be small; without the right to, the usual size serves.
  setsockopt(fd, c.SOL_SOCKET, c.SO_RCVBUFFORCE, int32(room), 4)
  checked(setsockopt(fd, c.SOL_NETLINK, c.NETLINK_LISTEN_ALL_NSID, int32(1), 4), 'listen to all namespaces')
  for (const group of groups)
    checked(setsockopt(fd, c.SOL_NETLINK, c.NETLINK_ADD_MEMBERSHIP, int32(group), 4), 'listen to what happens')
}

interface Event {
  /** Of the node that it happened in; none for what is said of the numbers themselves. */
  readonly number: number | undefined
  readonly bytes: Buffer
}

/** Reads what there is; undefined stands for events that were lost. */
function drain(fd: number, room: MessageRoom, found: (event: Event | undefined) => void): void {
  for (let count = 0; count < mostAtOnce; count++) {
    room.clear()
    const size = recvmsg(fd, room.header, c.MSG_DONTWAIT)
    if (size === -os.errno.EAGAIN) return
    if (size === -os.errno.ENOBUFS) found(undefined)
    else if (size < 0 && size !== -os.errno.EINTR) throw refused(-size, 'receive what happened')
    else if (size >= 20) found({ number: room.along(c.SOL_NETLINK, c.NETLINK_LISTEN_ALL_NSID), bytes: room.bytes })
  }
}

function tell(event: Event | undefined, { nodes, neighbors }: Wanted, told: Told): void {
  if (!event) return told.overflow()
  const { number, bytes } = event
  const type = bytes.readUInt16LE(4)
  // What nodes say of numbers that they give each other is nobody's concern; that one of ours lost its own is.
  const numbers = type >= message.newNsid && type <= message.newNsid + 3
  if (numbers !== (number === undefined)) return
  if (numbers && type !== message.deleteNsid) return
  const node = nodes[number ?? bytes.readInt32LE(24)]
  if (node !== undefined && !isPassing(type, bytes, () => neighbors(node))) told.happened(node)
}

/**
 * A neighbour that the kernel learnt, or forgot, a multicast group, or a bridge's: nobody writes those down. One that
 * somebody deletes has failed before it goes, also when it was permanent.
 */
function isPassing(type: number, bytes: Buffer, minds: () => boolean): boolean {
  if (type < message.newNeighbor || type > message.lastNeighbor) return false
  const { family, state, kind } = { family: bytes[16], state: bytes.readUInt16LE(24), kind: bytes[27] }
  if ((family !== 2 && family !== 10) || kind === multicast) return true
  const telling = type === message.newNeighbor ? permanent : permanent | failed
  return (state & telling) === 0 && !minds()
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

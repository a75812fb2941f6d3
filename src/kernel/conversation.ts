/** Batches in, refusals out: rtnetlink's side of a conversation in which we tell (netlink(7), rtnetlink(7)). */
import {
  AF_NETLINK,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_ROUTE,
  NLM_F_ACK,
  NLMSG_ERROR,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_NETLINK,
  SOL_SOCKET,
} from '../../native/constants.js'
import { errnoName } from '../../native/errno.js'
import { getsockopt, recv, send, setsockopt, socket, strerror } from '../../native/libc.js'
import { attributeName, missingAttributeName } from '../netlink/attribute-names.js'
import type { Batch } from '../netlink/batch.js'
import { errorIn, messageStarts } from '../netlink/datagram.js'
import { readAcknowledgement } from './acknowledgement.js'
import { checked } from './errors.js'
import type { Refusal } from './kernel.js'

/** More than the kernel puts into one datagram. */
export const mostBytes = 65536
const mostMessages = 200
/** What a queued refusal takes of a receive buffer at most: the text, its bucket, the kernel's bookkeeping. */
const bytesPerRefusal = 2304
/** So many refusals fit into any receive buffer that nobody made smaller on purpose. */
const fewMessages = 32

let sequence = 1
const room = Buffer.alloc(mostBytes)

const on = int32(1)
const ampleRoom = int32(1 << 20)

/** A netlink socket in the namespace that the thread is in: rtnetlink’s, unless another protocol is wanted. */
export function openSocket(protocol = NETLINK_ROUTE): number {
  const fd = checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), 'open a netlink socket')
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK])
    setsockopt(fd, SOL_NETLINK, option, on, 4)
  return fd
}

/**
 * Sends every message of a batch, at most 64 KiB and 200 messages at a time. Only the last of a portion asks to be
 * acknowledged: refusals of the others arrive all the same, and the portion is done when the last one's answer is there.
 * @throws SystemError when the conversation itself fails
 */
export function sendBatch(fd: number, batch: Batch): readonly Refusal[] {
  const refusals: Refusal[] = []
  const most = batch.starts.length <= fewMessages ? fewMessages : mostAtOnce(fd)
  for (let from = 0; from < batch.starts.length; ) {
    const to = portionEnd(batch, from, most)
    const base = assignNumbers(batch, from, to)
    const start = startOf(batch, from)
    const size = startOf(batch, to) - start
    checked(send(fd, batch.bytes.subarray(start), size, 0), 'send netlink messages')
    receiveRefusals(fd, base, to - from, (index, answer, at) =>
      refusals.push(refusal(batch, from + index, answer.subarray(at))),
    )
    from = to
  }
  return refusals
}

/** Takes answers until the last message's is there; calls `found` with each refused message's index and answer. */
function receiveRefusals(
  fd: number,
  base: number,
  count: number,
  found: (index: number, bytes: Buffer, at: number) => void,
): void {
  for (;;) {
    const size = checked(recv(fd, room, room.length, MSG_DONTWAIT | MSG_TRUNC), 'receive what the kernel answered')
    const bytes = room.subarray(0, Math.min(size, room.length))
    for (const at of messageStarts(bytes)) {
      const index = (bytes.readUInt32LE(at + 8) - base) >>> 0
      if (index >= count || bytes.readUInt16LE(at + 4) !== NLMSG_ERROR) continue
      if (errorIn(bytes, at) !== 0) found(index, bytes, at)
      if (index === count - 1) return
    }
  }
}

function refusal(batch: Batch, index: number, answer: Buffer): Refusal {
  const { errno, message, offset, missing } = readAcknowledgement(answer, 0)
  const request = batch.bytes.subarray(startOf(batch, index), startOf(batch, index + 1))
  const attribute =
    offset !== undefined ? attributeName(request, offset) : missing && missingAttributeName(request, missing)
  return {
    index,
    errno: errnoName(errno),
    text: strerror(errno),
    ...(message && { message }),
    ...(attribute && { attribute }),
  }
}

/** The first message that no longer belongs to the portion which starts with message `from`. */
function portionEnd(batch: Batch, from: number, most: number): number {
  const end = startOf(batch, from) + mostBytes
  let to = from + 1
  while (to < batch.starts.length && to - from < most && startOf(batch, to + 1) <= end) to++
  return to
}

/** Gives messages `from` to `to` their sequence numbers and the last its NLM_F_ACK; returns the first number. */
export function assignNumbers(batch: Batch, from: number, to: number): number {
  const base = sequence
  for (let index = from; index < to; index++) {
    const start = startOf(batch, index)
    const flags = batch.halves[(start + 6) >> 1]! & ~NLM_F_ACK
    batch.halves[(start + 6) >> 1] = index === to - 1 ? flags | NLM_F_ACK : flags
    batch.words[(start + 8) >> 2] = sequence
    sequence = (sequence + 1) >>> 0
  }
  return base
}

function startOf(batch: Batch, index: number): number {
  return batch.starts[index] ?? batch.length
}

/** As many messages as can all be refused without a refusal getting lost. */
function mostAtOnce(fd: number): number {
  // Forced, as the machine's limit (net.core.rmem_max) may be small; without the right to, the usual size serves.
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, ampleRoom, 4)
  const value = Buffer.alloc(4)
  const bytes = getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, int32(4)) < 0 ? 0 : value.readInt32LE()
  return Math.max(1, Math.min(mostMessages, Math.floor(bytes / bytesPerRefusal)))
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

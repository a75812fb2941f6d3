/** Batches in, refusals and answers out: rtnetlink's side of a conversation (netlink(7), rtnetlink(7)). */
import {
  AF_NETLINK,
  MSG_DONTWAIT,
  MSG_TRUNC,
  NETLINK_CAP_ACK,
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_ROUTE,
  NLM_F_ACK,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
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
import { attributeName, messageSubject, missingAttributeName } from '../netlink/attribute-names.js'
import type { Batch } from '../netlink/batch.js'
import { readAcknowledgement } from './acknowledgement.js'
import { checked, refused } from './errors.js'
import { type Answer, type Refusal, SystemError } from './kernel.js'

/** A socket that can be had again after it was closed. */
export interface Line {
  socket(): number
  hangUp(): void
}

const mostBytes = 65536
const headerLength = 16
const mostMessages = 200
/** What a queued refusal takes of a receive buffer at most: the text, its bucket, the kernel's bookkeeping. */
const bytesPerRefusal = 2304
/** So many refusals fit into any receive buffer that nobody made smaller on purpose. */
const fewMessages = 32
const mostTries = 64

let sequence = 1
let room = Buffer.alloc(2 * mostBytes)

const on = int32(1)
const ampleRoom = int32(1 << 20)

/** An rtnetlink socket in the namespace that the thread is in. */
export function openSocket(): number {
  const fd = checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), 'open a netlink socket')
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

/**
 * Every message that answers a single dump request, good until the next dump. A dump that was interrupted by a change
 * (NLM_F_DUMP_INTR), cut off or lost is asked for again on a new socket.
 * @throws SystemError when the kernel refuses, or when its lists never stand still
 */
export function dump(line: Line, request: Batch): readonly Answer[] {
  const subject = messageSubject(request.bytes.readUInt16LE(4))
  for (let tries = 0; tries < mostTries; tries++) {
    const answers = askOnce(line.socket(), request, subject)
    if (answers) return answers
    line.hangUp()
  }
  throw new SystemError(`list ${subject}`, 'EAGAIN', 'the list changed each time it was read')
}

function askOnce(fd: number, request: Batch, subject: string): readonly Answer[] | undefined {
  const asked = assignNumbers(request, 0, 1)
  checked(send(fd, request.bytes, request.length, 0), () => `list ${subject}`)
  const answers: Answer[] = []
  for (let free = 0; ; ) {
    if (room.length - free < mostBytes) {
      // What was received stays where it is.
      room = Buffer.alloc(2 * room.length)
      free = 0
    }
    const end = receive(fd, free)
    if (end === undefined) return undefined
    const bytes = room
    for (let at = free; at + headerLength <= end; ) {
      const length = bytes.readUInt32LE(at)
      if (length < headerLength || at + length > end) break
      if (bytes.readUInt32LE(at + 8) === asked) {
        if (bytes.readUInt16LE(at + 6) & NLM_F_DUMP_INTR) return undefined
        const type = bytes.readUInt16LE(at + 4)
        if (type === NLMSG_DONE || type === NLMSG_ERROR) return ended(bytes, at, subject) ? answers : undefined
        answers.push({ type, bytes, start: at + headerLength, end: at + length })
      }
      at += aligned(length)
    }
    free = aligned(end)
  }
}

/**
 * The answer to each message of a batch that asks for one thing alone, good until the next question; undefined for what the
 * kernel refused, or did not say.
 */
export function ask(fd: number, questions: Batch): readonly (Answer | undefined)[] {
  const count = questions.starts.length
  const base = assignNumbers(questions, 0, count)
  checked(send(fd, questions.bytes, questions.length, 0), 'send netlink messages')
  const answers: (Answer | undefined)[] = questions.starts.map(() => undefined)
  for (let free = 0; ; ) {
    const end = receive(fd, free)
    if (end === undefined) return answers
    const [at, length] = [free, room.readUInt32LE(free)]
    const index = (room.readUInt32LE(at + 8) - base) >>> 0
    const type = room.readUInt16LE(at + 4)
    // The last message asks to be acknowledged: then all has been said.
    if (type === NLMSG_ERROR && index === count - 1) return answers
    if (index < count && type !== NLMSG_ERROR)
      answers[index] = { type, bytes: room, start: at + headerLength, end: at + length }
    free = aligned(end)
  }
}

/** Whether a dump came to its end; false where it should be asked again. */
function ended(bytes: Buffer, at: number, subject: string): boolean {
  const { errno, message } = readAcknowledgement(bytes, at)
  if (errno === 0) return true
  const name = errnoName(errno)
  if (name === 'EINTR' || name === 'EAGAIN' || name === 'EBUSY') return false
  throw new SystemError(`list ${subject}`, name, message ? `${strerror(errno)}: ${message}` : strerror(errno))
}

/**
 * One datagram, put into `room` from `free` on, what was received before left in place; where it ends. Undefined when it
 * was lost or cut off, with more room made for the next.
 */
function receive(fd: number, free: number): number | undefined {
  const into = free === 0 ? room : room.subarray(free)
  const size = recv(fd, into, into.length, MSG_DONTWAIT | MSG_TRUNC)
  if (size < 0) {
    const name = errnoName(-size)
    if (name === 'EAGAIN' || name === 'ENOBUFS' || name === 'EINTR') return undefined
    throw refused(-size, 'receive netlink messages')
  }
  if (size <= into.length) return free + size
  room = Buffer.alloc(size * 2)
  return undefined
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
    for (const at of messages(bytes)) {
      const index = (bytes.readUInt32LE(at + 8) - base) >>> 0
      if (index >= count || bytes.readUInt16LE(at + 4) !== NLMSG_ERROR) continue
      if (bytes.readInt32LE(at + 16) !== 0) found(index, bytes, at)
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

/** Where each message of a datagram starts. */
function messages(bytes: Buffer): readonly number[] {
  const starts: number[] = []
  for (let at = 0; at + headerLength <= bytes.length; ) {
    const length = bytes.readUInt32LE(at)
    if (length < headerLength || at + length > bytes.length) break
    starts.push(at)
    at += aligned(length)
  }
  return starts
}

const aligned = (length: number) => (length + 3) & ~3

/** The first message that no longer belongs to the portion which starts with message `from`. */
function portionEnd(batch: Batch, from: number, most: number): number {
  const end = startOf(batch, from) + mostBytes
  let to = from + 1
  while (to < batch.starts.length && to - from < most && startOf(batch, to + 1) <= end) to++
  return to
}

/** Gives messages `from` to `to` their sequence numbers and the last its NLM_F_ACK; returns the first number. */
function assignNumbers(batch: Batch, from: number, to: number): number {
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

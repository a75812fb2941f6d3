/** Questions in, answers out: rtnetlink's side of a conversation in which we ask (netlink(7), rtnetlink(7)). */
import { MSG_DONTWAIT, MSG_TRUNC, NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR } from '../../native/constants.js'
import { errnoName } from '../../native/errno.js'
import { recv, send, strerror } from '../../native/libc.js'
import { messageSubject } from '../netlink/attribute-names.js'
import type { Batch } from '../netlink/batch.js'
import { aligned, endOfMessage, errorIn, headerLength } from '../netlink/datagram.js'
import { readAcknowledgement } from './acknowledgement.js'
import { assignNumbers, mostBytes } from './conversation.js'
import { checked, refused } from './errors.js'
import { type Answer, SystemError } from './kernel.js'

/** A socket that can be had again after it was closed. */
export interface Line {
  socket(): number
  hangUp(): void
}

const mostTries = 64

/** Where answers are put, and stay until the next question. */
let room = Buffer.alloc(2 * mostBytes)

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
    for (let at = free, next = 0; ; at = aligned(next)) {
      next = endOfMessage(bytes, at, end)
      if (next === 0) break
      if (bytes.readUInt32LE(at + 8) === asked) {
        if (bytes.readUInt16LE(at + 6) & NLM_F_DUMP_INTR) return undefined
        const type = bytes.readUInt16LE(at + 4)
        if (type === NLMSG_DONE || type === NLMSG_ERROR) return ended(bytes, at, subject) ? answers : undefined
        answers.push({ type, bytes, start: at + headerLength, end: next })
      }
    }
    free = aligned(end)
  }
}

/**
 * The answer to each message of a batch that asks for one thing alone, good until the next question; undefined for what the
 * kernel did not say, or refused, which `refused` is told.
 */
export function ask(
  fd: number,
  questions: Batch,
  refused?: (index: number, errno: number) => void,
): readonly (Answer | undefined)[] {
  const count = questions.starts.length
  const base = assignNumbers(questions, 0, count)
  checked(send(fd, questions.bytes, questions.length, 0), 'send netlink messages')
  const answers: (Answer | undefined)[] = questions.starts.map(() => undefined)
  for (let free = 0; ; ) {
    const end = receive(fd, free)
    if (end === undefined) return answers
    const next = endOfMessage(room, free, end)
    if (next === 0) return answers
    const index = (room.readUInt32LE(free + 8) - base) >>> 0
    const type = room.readUInt16LE(free + 4)
    if (type === NLMSG_ERROR && index < count && errorIn(room, free) !== 0) refused?.(index, -errorIn(room, free))
    // The last message asks to be acknowledged: then all has been said.
    if (type === NLMSG_ERROR && index === count - 1) return answers
    if (index < count && type !== NLMSG_ERROR)
      answers[index] = { type, bytes: room, start: free + headerLength, end: next }
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

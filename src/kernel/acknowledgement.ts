/** An answer of the type NLMSG_ERROR or NLMSG_DONE → what it says (netlink(7), linux/netlink.h). */
import {
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSGERR_ATTR_MISS_NEST,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
} from '../../native/constants.js'
import { aligned, endOfMessage, headerLength } from '../netlink/datagram.js'

/** Where the error's number ends: after the header stands an int. */
const errorEnd = headerLength + 4

export interface Acknowledgement {
  /** 0 for done */
  readonly errno: number
  /** The kernel's own words. */
  readonly message?: string
  /** Where the refused attribute starts, counted from the request's header. */
  readonly offset?: number
  /** The type of an attribute that is missing, and where the nest starts in which it is. */
  readonly missing?: { readonly type: number; readonly nest?: number }
}

/** Reads one message that starts at `start`; one that does not stand whole in `bytes` says nothing. */
export function readAcknowledgement(bytes: Buffer, start: number): Acknowledgement {
  const end = endOfMessage(bytes, start, bytes.length)
  if (end < start + errorEnd) return { errno: 0 }
  const done = bytes.readUInt16LE(start + 4) === NLMSG_DONE
  const flags = bytes.readUInt16LE(start + 6)
  const errno = -bytes.readInt32LE(start + 16)
  if (!(flags & NLM_F_ACK_TLVS)) return { errno }
  const request = done ? 0 : requestLength(bytes.subarray(start + errorEnd, end), flags)
  return { errno, ...readDetails(bytes, start + errorEnd + request, end) }
}

/** After the error stands the request: its header alone when capped, all of it otherwise. */
function requestLength(request: Buffer, flags: number): number {
  return flags & NLM_F_CAPPED || request.length < 4 ? 16 : aligned(Math.min(request.readUInt32LE(), request.length))
}

function readDetails(bytes: Buffer, from: number, end: number): Omit<Acknowledgement, 'errno'> {
  const details = new Map<number, Buffer>()
  for (let at = from; at + 4 <= end; at += aligned(bytes.readUInt16LE(at))) {
    const length = bytes.readUInt16LE(at)
    if (length < 4 || at + length > end) break
    details.set(bytes.readUInt16LE(at + 2), bytes.subarray(at + 4, at + length))
  }
  const message = details.get(NLMSGERR_ATTR_MSG)?.toString('utf8').replace(/\0+$/, '')
  const offset = numberIn(details.get(NLMSGERR_ATTR_OFFS))
  const type = numberIn(details.get(NLMSGERR_ATTR_MISS_TYPE))
  const nest = numberIn(details.get(NLMSGERR_ATTR_MISS_NEST))
  return {
    ...(message && { message }),
    ...(offset !== undefined && { offset }),
    ...(type !== undefined && { missing: { type, ...(nest !== undefined && { nest }) } }),
  }
}

function numberIn(payload: Buffer | undefined): number | undefined {
  return payload && payload.length >= 4 ? payload.readUInt32LE() : undefined
}

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

/** Reads one message that starts at `start` in `bytes`. */
export function readAcknowledgement(bytes: Buffer, start: number): Acknowledgement {
  const end = start + bytes.readUInt32LE(start)
  const done = bytes.readUInt16LE(start + 4) === NLMSG_DONE
  const flags = bytes.readUInt16LE(start + 6)
  const errno = end >= start + 20 ? -bytes.readInt32LE(start + 16) : 0
  if (!(flags & NLM_F_ACK_TLVS)) return { errno }
  return { errno, ...readDetails(bytes, done ? start + 20 : afterRequest(bytes, start, flags), end) }
}

/** After the error stands the request: its header alone when capped, all of it otherwise. */
function afterRequest(bytes: Buffer, start: number, flags: number): number {
  const request = start + 20
  return request + (flags & NLM_F_CAPPED ? 16 : (bytes.readUInt32LE(request) + 3) & ~3)
}

function readDetails(bytes: Buffer, from: number, end: number): Omit<Acknowledgement, 'errno'> {
  const details = new Map<number, Buffer>()
  for (let at = from; at + 4 <= end; at += (bytes.readUInt16LE(at) + 3) & ~3) {
    const length = bytes.readUInt16LE(at)
    if (length < 4 || at + length > end) break
    details.set(bytes.readUInt16LE(at + 2), bytes.subarray(at + 4, at + length))
  }
  const message = details.get(NLMSGERR_ATTR_MSG)?.toString('utf8').replace(/\0+$/, '')
  const offset = details.get(NLMSGERR_ATTR_OFFS)?.readUInt32LE()
  const type = details.get(NLMSGERR_ATTR_MISS_TYPE)?.readUInt32LE()
  const nest = details.get(NLMSGERR_ATTR_MISS_NEST)?.readUInt32LE()
  return {
    ...(message && { message }),
    ...(offset !== undefined && { offset }),
    ...(type !== undefined && { missing: { type, ...(nest !== undefined && { nest }) } }),
  }
}

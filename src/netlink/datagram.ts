/** What the kernel sends at once → the messages in it (netlink(7): NLMSG_OK, NLMSG_NEXT). */

/** struct nlmsghdr */
export const headerLength = 16

export const aligned = (length: number) => (length + 3) & ~3

/**
 * Where the message at `at` ends; 0 where none stands whole before `end`: at the datagram's end, and where a length says
 * what cannot be. The next one begins at `aligned` of it, always further on.
 */
export function endOfMessage(bytes: Buffer, at: number, end: number): number {
  if (at + headerLength > end) return 0
  const length = bytes.readUInt32LE(at)
  return length < headerLength || at + length > end ? 0 : at + length
}

/** Where the messages of a datagram start. */
export function messageStarts(bytes: Buffer): readonly number[] {
  const starts: number[] = []
  for (let at = 0, end = 0; ; at = aligned(end)) {
    end = endOfMessage(bytes, at, bytes.length)
    if (end === 0) return starts
    starts.push(at)
  }
}

/** What an answer of the type NLMSG_ERROR says: a negative errno, or 0 for done. */
export function errorIn(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) < headerLength + 4 ? 0 : bytes.readInt32LE(at + headerLength)
}

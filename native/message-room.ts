/** Sizes in; room for one message and what the kernel says of it out (recvmsg(2), cmsg(3)). */
import { addressOf } from './libc.js'

/** struct msghdr of 64-bit systems: msg_iov, msg_iovlen, msg_control, msg_controllen; then one struct iovec. */
const at = { iov: 16, iovCount: 24, control: 32, controlLength: 40, base: 56, length: 64 } as const
const headerSize = 72
/** struct cmsghdr */
const controlHeader = 16

export interface MessageRoom {
  /** The struct msghdr, which leads to everything else: it is all one buffer. */
  readonly header: Buffer
  /** What was received; what does not fit is cut off. */
  readonly bytes: Buffer
  /** Makes the room ready for the next message. */
  clear(): void
  /** What came along as a number of that level and type, if that came first. */
  along(level: number, type: number): number | undefined
}

/** @param size bytes of a message that are wanted, a multiple of eight */
export function messageRoom(size: number): MessageRoom {
  const controlSize = 64
  const all = Buffer.alloc(headerSize + size + controlSize)
  const base = addressOf(all)
  const control = all.subarray(headerSize + size)
  all.writeBigUInt64LE(base + BigInt(at.base), at.iov)
  all.writeBigUInt64LE(1n, at.iovCount)
  all.writeBigUInt64LE(base + BigInt(headerSize + size), at.control)
  all.writeBigUInt64LE(base + BigInt(headerSize), at.base)
  all.writeBigUInt64LE(BigInt(size), at.length)
  return {
    header: all,
    bytes: all.subarray(headerSize, headerSize + size),
    clear: () => void all.writeBigUInt64LE(BigInt(controlSize), at.controlLength),
    along(level, type) {
      if (all.readUInt32LE(at.controlLength) < controlHeader + 4) return undefined
      const fits = control.readInt32LE(8) === level && control.readInt32LE(12) === type
      return fits ? control.readInt32LE(controlHeader) : undefined
    },
  }
}

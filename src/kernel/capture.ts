/** The thread in a node; a socket that keeps what passes there, and later a pcap file of it, out (packet(7), draft-ietf-opsawg-pcap). */
import {
  AF_PACKET,
  ARPHRD_LOOPBACK,
  MSG_DONTWAIT,
  MSG_TRUNC,
  PACKET_OUTGOING,
  SIOCGSTAMP,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from '../../native/constants.js'
import { close, ioctl, recvfrom, setsockopt, socket } from '../../native/libc.js'
import { checked } from './errors.js'

/** ETH_P_ALL in network order: everything, both ways. */
const everything = 0x0300

/** Bytes of the kernel's memory that a node's packets may take until they are read; what comes later is lost. */
const room = 4 * 1024 * 1024

/**
 * Without the link's own header (SOCK_DGRAM), which not every kind of link has. The kernel keeps the packets: nothing is woken, and nothing read, until somebody wants
 * them. @throws SystemError
 */
export function openCapture(): number {
  const fd = checked(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, everything), 'open a packet socket')
  const size = Buffer.alloc(4)
  size.writeUInt32LE(room / 2)
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4)
  // There is none yet; from now on packets are given their time.
  ioctl(fd, SIOCGSTAMP, Buffer.alloc(16))
  return fd
}

export const closeCapture = (fd: number): void => void close(fd)

/** LINKTYPE_LINUX_SLL2: packets say which interface they passed, and which way. */
const linkType = 276
const longest = 65_536

/** All that was kept until now, which is no longer kept then. */
export function readCapture(fd: number): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(longest, 16)
  header.writeUInt32LE(linkType, 20)
  return Buffer.concat([header, ...packets(fd)])
}

function* packets(fd: number): Generator<Buffer> {
  const [bytes, from, time, length] = [longest, 20, 16, 4].map(size => Buffer.alloc(size)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ]
  for (;;) {
    length.writeUInt32LE(from.length)
    const size = recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_TRUNC, from, length)
    if (size < 0) return
    // What a node sends to itself is seen twice: as it goes and as it comes.
    if (isLoopback(from) && isOutgoing(from)) continue
    const stamped = ioctl(fd, SIOCGSTAMP, time) >= 0
    yield record({ from, size, bytes: bytes.subarray(0, size), time: stamped ? time : Buffer.alloc(16) })
  }
}

const isLoopback = (from: Buffer) => from.readUInt16LE(8) === ARPHRD_LOOPBACK
const isOutgoing = (from: Buffer) => from.readUInt8(10) === PACKET_OUTGOING

interface Packet {
  /** struct sockaddr_ll */
  readonly from: Buffer
  /** On the wire. */
  readonly size: number
  readonly bytes: Buffer
  /** struct timeval */
  readonly time: Buffer
}

function record({ from, size, bytes, time }: Packet): Buffer {
  const head = Buffer.alloc(16 + 20)
  head.writeUInt32LE(Number(time.readBigInt64LE(0)), 0)
  head.writeUInt32LE(Number(time.readBigInt64LE(8)), 4)
  head.writeUInt32LE(20 + bytes.length, 8)
  head.writeUInt32LE(20 + size, 12)
  // Protocol, in network order as it was; nothing; then in network order: interface, kind of link; packet type, address.
  from.copy(head, 16, 2, 4)
  head.writeUInt32BE(from.readUInt32LE(4), 20)
  head.writeUInt16BE(from.readUInt16LE(8), 24)
  from.copy(head, 26, 10, 20)
  return Buffer.concat([head, bytes])
}

/** Sockets for probes: opened wherever the thread is, waited for wherever it is then. */
import {
  AF_INET,
  AF_INET6,
  MSG_DONTWAIT,
  SO_ERROR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from '../../../native/constants.js'
import { close, connect, getsockopt, type Readable, recv, socket, whenReadable } from '../../../native/libc.js'
import { Batch } from '../../netlink/batch.js'
import { ip } from '../../netlink/codecs.js'
import { checked } from '../errors.js'

/** Does its work in the node, and comes home. */
export type Inside = (open: () => number) => number

/** EINPROGRESS: the connection is on its way. */
const underway = -115

/** struct sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)). */
export function sockaddr(address: string, port: number): Buffer {
  const six = address.includes(':')
  const bytes = Buffer.alloc(six ? 28 : 16)
  bytes.writeUInt16LE(six ? AF_INET6 : AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  const batch = new Batch(16)
  batch.bytes.copy(bytes, six ? 8 : 4, 0, ip.write(batch, address))
  return bytes
}

/** A socket of the address's family that waits for nothing. @throws SystemError */
export function openFor(address: string, type: number, protocol: number): number {
  const family = address.includes(':') ? AF_INET6 : AF_INET
  return checked(socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), 'open a socket')
}

/** Connects it, or begins to; what is refused at once is thrown, the socket closed. */
export function begin(fd: number, address: string, port: number): number {
  const result = connect(fd, sockaddr(address, port), address.includes(':') ? 28 : 16)
  if (result >= 0 || result === underway) return fd
  close(fd)
  return checked(result, `connect to ${address}`)
}

/** What a socket has to tell of its own accord: 0 or an errno (socket(7), SO_ERROR). */
export function errorOf(fd: number): number {
  const value = Buffer.alloc(4)
  const size = Buffer.from([4, 0, 0, 0])
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, value, size) < 0 ? 0 : value.readInt32LE(0)
}

const room = Buffer.alloc(65536)
/** EAGAIN */
const nothing = -11

/**
 * Hands over whatever comes, until something is made of it or the time is over; then the socket is closed.
 * @param made of what came, or of a negative errno; undefined to go on waiting
 */
export function received<T>(
  fd: number,
  within: number,
  made: (came: Buffer | number) => T | undefined,
): Promise<T | undefined> {
  return new Promise(resolve => {
    let watch: Readable | undefined
    const end = (value: T | undefined) => {
      clearTimeout(timer)
      watch?.close()
      close(fd)
      resolve(value)
    }
    const timer = setTimeout(end, within, undefined)
    watch = whenReadable(fd, () => {
      for (;;) {
        const size = recv(fd, room, room.length, MSG_DONTWAIT)
        if (size === nothing) return
        const value = made(size < 0 ? size : room.subarray(0, size))
        if (value !== undefined) return end(value)
      }
    })
  })
}

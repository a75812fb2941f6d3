/** An address in; a socket's descriptor out, which belongs to the namespace that the thread is in at this moment (socket(2)). */
import { SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from '../../native/constants.js'
import { bind, close, listen, setsockopt } from '../../native/libc.js'
import { checked } from './errors.js'
import { openFor, sockaddr } from './probes/sockets.js'

/** A TCP socket of the address's family, not connected yet. @throws SystemError */
export function openStream(address: string): number {
  return openFor(address, SOCK_STREAM, 0)
}

/** A TCP socket that takes connections at the address; port 0 is one that is free. @throws SystemError EADDRINUSE, EADDRNOTAVAIL */
export function openListener(address: string, port: number, backlog = 511): number {
  return bound(openStream(address), { address, port }, fd => listen(fd, backlog))
}

/** A UDP socket at the address; port 0 is one that is free. @throws SystemError EADDRINUSE, EADDRNOTAVAIL */
export function openDatagram(address: string, port: number): number {
  return bound(openFor(address, SOCK_DGRAM, 0), { address, port }, () => 0)
}

interface At {
  readonly address: string
  readonly port: number
}

/** What is refused leaves no descriptor behind. */
function bound(fd: number, { address, port }: At, then: (fd: number) => number): number {
  // As every server does: a port whose last connections linger can be had again.
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, Buffer.from([1, 0, 0, 0]), 4)
  const place = sockaddr(address, port)
  const result = bind(fd, place, place.length)
  const done = result < 0 ? result : then(fd)
  if (done < 0) close(fd)
  checked(done, `listen at ${address} port ${port}`)
  return fd
}

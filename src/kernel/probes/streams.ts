/** TCP and UDP from inside of a node: sockets are opened there, and are Node's own from then on. */
import type { Socket } from 'node:net'
import { constants as os } from 'node:os'
import { SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from '../../../native/constants.js'
import { bind, close, listen, type Readable, send, setsockopt, whenWritable } from '../../../native/libc.js'
import { checked, refused } from '../errors.js'
import type { Far } from '../kernel.js'
import { begin, errorOf, type Inside, openFor, received, sockaddr } from './sockets.js'

/** @throws SystemError with what the far end, or a router, has to say; ETIMEDOUT when nobody says anything */
export async function connectTcp(inside: Inside, { address, port }: Far, within: number): Promise<Socket> {
  const fd = inside(() => begin(openFor(address, SOCK_STREAM, 0), address, port))
  const errno = await connected(fd, within)
  if (errno === 0) return socketOf(fd)
  close(fd)
  throw refused(errno, `connect to ${address} port ${port}`)
}

/** Every command has this file, and few need what it takes to load. */
function socketOf(fd: number): Socket {
  const { Socket } = process.getBuiltinModule('node:net')
  return new Socket({ fd, readable: true, writable: true })
}

/** 0, or an errno. */
function connected(fd: number, within: number): Promise<number> {
  return new Promise(resolve => {
    let watch: Readable | undefined
    const end = (errno: number) => {
      clearTimeout(timer)
      watch?.close()
      resolve(errno)
    }
    const timer = setTimeout(end, within, os.errno.ETIMEDOUT)
    watch = whenWritable(fd, () => end(errorOf(fd)))
  })
}

export async function sendDatagram(
  inside: Inside,
  { address, port }: Far,
  { bytes, within }: { readonly bytes: Buffer; readonly within: number },
): Promise<Buffer | undefined> {
  const fd = inside(() => begin(openFor(address, SOCK_DGRAM, 0), address, port))
  const sent = send(fd, bytes, bytes.length, 0)
  if (sent < 0) close(fd)
  checked(sent, `send to ${address} port ${port}`)
  const answer = await received<Buffer | number>(fd, within, came =>
    typeof came === 'number' ? came : Buffer.from(came),
  )
  if (typeof answer === 'number') throw refused(-answer, `send to ${address} port ${port}`)
  return answer
}

/** Takes connections at a port that the kernel chooses; they are closed with it. */
export function serveTcp(
  inside: Inside,
  address: string,
  taken: (socket: Socket) => void,
): Promise<{ readonly port: number; close(): void }> {
  const fd = inside(() => {
    const opened = openFor(address, SOCK_STREAM, 0)
    setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, Buffer.from([1, 0, 0, 0]), 4)
    const size = address.includes(':') ? 28 : 16
    const result = bind(opened, sockaddr(address, 0), size)
    const ready = result < 0 ? result : listen(opened, 16)
    if (ready < 0) close(opened)
    checked(ready, `listen at ${address}`)
    return opened
  })
  const { createServer } = process.getBuiltinModule('node:net')
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    taken(socket)
  })
  const end = () => {
    server.close()
    // Where the lab goes next, nobody would hear any more that the other side has closed.
    for (const socket of sockets) socket.destroy()
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ fd }, () => {
      const place = server.address()
      resolve({ port: typeof place === 'object' && place ? place.port : 0, close: end })
    })
  })
}

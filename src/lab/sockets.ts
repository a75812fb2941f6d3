/** A node and a place in; sockets of this program that are opened inside of the node, and used outside, out. */
import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6, type Server, Socket, type SocketConstructorOpts } from 'node:net'
import { openDatagram, openListener, openStream } from '../kernel/node-sockets.js'
import type { Family } from '../model/network.js'
import { resolveIn } from './addresses.js'
import { type Context, withSpace } from './context.js'
import { LabError } from './failure.js'

export interface ConnectOptions {
  readonly family?: Family
  /** Milliseconds for each address that is tried; 10 000 unless said. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export interface Far {
  readonly host: string
  readonly port: number
}

const patience = 10_000

/** The first of the addresses that answers. @throws what the first one was refused with */
export async function connectTcp(
  context: Context,
  node: string,
  { host, port }: Far,
  options: ConnectOptions = {},
): Promise<Socket> {
  let refusal: unknown
  for (const address of await resolveIn(context, node, host, options.family)) {
    options.signal?.throwIfAborted()
    try {
      return await tryTcp(context, node, { host: address, port }, options)
    } catch (thrown) {
      refusal ??= thrown
    }
  }
  throw refusal
}

async function tryTcp(
  context: Context,
  node: string,
  far: Far,
  { timeout = patience, signal }: ConnectOptions,
): Promise<Socket> {
  const socket = streamIn(context, node, far.host)
  const tooLong = new LabError(`${node}: ${far.host} port ${far.port} does not answer within ${timeout} ms`)
  const timer = setTimeout(() => socket.destroy(tooLong), timeout)
  const aborted = () => socket.destroy(signal?.reason)
  signal?.addEventListener('abort', aborted)
  try {
    socket.connect(far)
    await once(socket, 'connect')
    return kept({ context, node }, socket, () => socket.destroy())
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
  }
}

/** The descriptor stays in the node's network, wherever the thread is when it connects. */
function streamIn(context: Context, node: string, address: string): Socket {
  const fd = withSpace(context, space => space.inside(node, () => openStream(address)))
  // Else it would read before it is connected.
  const options: SocketConstructorOpts & { readonly manualStart: true } = { fd, manualStart: true }
  return new Socket(options)
}

/** A socket that sends to one place and hears from nobody else. */
export async function connectUdp(
  context: Context,
  node: string,
  { host, port }: Far,
  { family }: ConnectOptions = {},
): Promise<Datagrams> {
  const [address] = await resolveIn(context, node, host, family)
  const socket = await datagramsIn(context, node, { host: isIPv6(address!) ? '::' : '0.0.0.0', port: 0 })
  const connected = once(socket, 'connect')
  socket.connect(port, address!)
  await connected
  return socket
}

/** A socket that takes datagrams in the node. */
export async function datagramsIn(context: Context, node: string, { host, port }: Far): Promise<Datagrams> {
  const fd = withSpace(context, space => space.inside(node, () => openDatagram(host, port)))
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const listening = once(socket, 'listening')
  socket.bind({ fd, exclusive: true })
  await listening
  return kept({ context, node }, socket, () => socket.close())
}

/** Any server of Node's (net, tls, http, https) takes its connections in the node. */
export async function serveIn<S extends Server>(context: Context, node: string, server: S, at: Far): Promise<S> {
  const fd = withSpace(context, space => space.inside(node, () => openListener(at.host, at.port)))
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  const listening = once(server, 'listening')
  server.listen({ fd, exclusive: true })
  await listening
  return kept({ context, node }, server, () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
}

interface Where {
  readonly context: Context
  readonly node: string
}

/** Closed with the lab, or with the node, unless it is before. */
function kept<S extends NodeJS.EventEmitter>({ context: { open }, node }: Where, socket: S, close: () => void): S {
  open.set(close, node)
  socket.once('close', () => open.delete(close))
  return socket
}

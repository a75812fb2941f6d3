/** A lab's folder in; a socket there out, whose callers give orders (unix(7)). */
import { chmodSync, openSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { SO_PEERCRED, SOL_SOCKET } from '../../native/constants.js'
import { getsockopt } from '../../native/libc.js'
import { supervisorFolder } from '../kernel/host/journal.js'
import { type Asked, onMessages, tell } from '../kernel/host/protocol.js'
import { socketName } from '../kernel/host/supervisor.js'
import { isTrusted, removeIfThere } from '../kernel/safe.js'
import { type Programs, Session } from './session.js'

export interface Listening {
  /** Whether anybody waits for an answer. */
  readonly isBusy: boolean
  close(): void
}

/** @param idle told whenever somebody has hung up */
export function listen(folder: string, programs: Programs, idle: () => void): Promise<Listening> {
  const path = `${supervisorFolder(folder)}/${socketName}`
  const callers = new Set<Socket>()
  const server = createServer(socket => {
    if (!isTrusted(peerOf(socket) ?? -1)) return socket.destroy()
    callers.add(socket)
    socket.once('close', () => {
      callers.delete(socket)
      idle()
    })
    answer(socket, programs)
  })
  // Of one that was killed.
  removeIfThere(path)
  const listening: Listening = {
    get isBusy() {
      return callers.size > 0
    },
    close: () => server.close(),
  }
  return started(server, path).then(() => listening)
}

/** A socket's name has room for 107 bytes, which a path may exceed. */
function started(server: Server, path: string): Promise<void> {
  const directory = openSync(path.slice(0, path.lastIndexOf('/')), 'r')
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(`/proc/self/fd/${directory}/${socketName}`, () => {
      chmodSync(path, 0o600)
      resolve()
    })
  })
}

function answer(socket: Socket, programs: Programs): void {
  const sessions = new Set<Session>()
  const abort = () => {
    for (const session of sessions) session.abort()
  }
  // Who was killed wants nothing more to begin.
  socket.once('close', abort)
  socket.on('error', () => {})
  onMessages<Asked>(socket, asked => {
    if ('abort' in asked) return abort()
    const session = new Session(programs, asked.orders, told => tell(socket, told))
    sessions.add(session)
    session.run().then(() => tell(socket, { end: true }))
  })
}

/** The user of who has called: the second number of a struct ucred. */
function peerOf(socket: Socket): number | undefined {
  const { fd } = (socket as Socket & { _handle?: { fd?: number } })._handle ?? {}
  const credentials = Buffer.alloc(12)
  const size = Buffer.alloc(4)
  size.writeInt32LE(credentials.length)
  if (fd === undefined || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, size) < 0) return undefined
  return credentials.readUInt32LE(4)
}

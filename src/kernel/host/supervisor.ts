/** A lab's folder in; its supervisor out: reached, started where none lives, and ended with the lab. */
import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { constants as os } from 'node:os'
import { POLLIN } from '../../../native/constants.js'
import { close, pidfdSendSignal, poll } from '../../../native/libc.js'
import { builtFile } from '../built.js'
import { attempt, codeOf, unless } from '../errors.js'
import { SystemError } from '../kernel.js'
import { readOwn } from '../safe.js'
import { goHome } from '../thread.js'
import { openProcess } from './identity.js'
import { readEntries, supervisorFolder } from './journal.js'
import { isAlive } from './living.js'
import type { Identity } from './steps.js'

/** Where the supervisor listens, and what it has written of itself. */
export const socketName = 'socket'
export const identityName = 'identity.json'
export const lockName = 'lock'
/** The descriptor that it closes when it listens. */
export const readyDescriptor = 3

/** The one that lives. */
export function livingSupervisor(folder: string): Identity | undefined {
  const text = unless(['ENOENT', 'EPERM', 'ELOOP', 'ENOTDIR'], () =>
    readOwn(`${supervisorFolder(folder)}/${identityName}`),
  )
  if (text === undefined) return undefined
  try {
    const identity = JSON.parse(text) as Identity
    return isAlive(identity) ? identity : undefined
  } catch {
    return undefined
  }
}

const mostTries = 5

/** A connection to it. @throws SystemError ESRCH where none can be started */
export async function reachSupervisor(folder: string, words: readonly string[] = []): Promise<Socket> {
  for (let tries = 0; tries < mostTries; tries++) {
    const socket = await connect(folder)
    if (socket) return socket
    await startSupervisor(folder, words)
  }
  throw new SystemError('start the lab’s supervisor', 'ESRCH', `it ends at once; ${errorsPath(folder)} may say why`)
}

/** Undefined where nobody listens. */
async function connect(folder: string): Promise<Socket | undefined> {
  const directory = unless(['ENOENT'], () => openSync(supervisorFolder(folder), 'r'))
  if (directory === undefined) return undefined
  try {
    // A socket's name has room for 107 bytes, which a state folder's path may exceed (unix(7)).
    const { createConnection } = process.getBuiltinModule('node:net')
    const socket = createConnection(`/proc/self/fd/${directory}/${socketName}`)
    return await new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket))
      socket.once('error', thrown => {
        if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(codeOf(thrown) ?? '')) resolve(undefined)
        else reject(thrown)
      })
    })
  } finally {
    closeSync(directory)
  }
}

const errorsPath = (folder: string) => `${supervisorFolder(folder)}/errors`

/**
 * Starts one in a session of its own, which keeps nothing of the caller's: neither its terminal nor its folder, nor the
 * namespace of a node that the caller may be in. Where two are started, the second ends at once.
 */
async function startSupervisor(folder: string, words: readonly string[]): Promise<void> {
  goHome()
  const own = supervisorFolder(folder)
  attempt(`make ${own}`, () => mkdirSync(own, { recursive: true, mode: 0o700 }))
  const errors = attempt(`write ${errorsPath(folder)}`, () => openSync(errorsPath(folder), 'a', 0o600))
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(process.execPath, [scriptPath(), folder, ...words], {
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['ignore', 'ignore', errors, 'pipe'],
  })
  closeSync(errors)
  child.unref()
  await hasStarted(child)
}

async function hasStarted(child: ChildProcess): Promise<void> {
  const ready = child.stdio[readyDescriptor] as Socket
  await new Promise<void>((resolve, reject) => {
    ready.resume()
    ready.once('close', () => resolve())
    child.once('error', thrown =>
      reject(new SystemError('start the lab’s supervisor', codeOf(thrown) ?? 'EIO', thrown.message)),
    )
  })
  ready.destroy()
}

/** Beside the program; in a checkout that runs from its sources, where it is built. */
const scriptPath = (): string => builtFile('supervisor.cjs')

/** Milliseconds that it has besides the longest grace of its processes. */
const margin = 2000

/** Asks it to stop its processes, each with its own signal and grace, and to end; then waits, and makes it end. */
export function endSupervisor(folder: string): void {
  const identity = livingSupervisor(folder)
  const pidfd = identity && openProcess(identity)
  if (pidfd === undefined) return
  const graces = readEntries(folder).map(({ entry }) => entry.process.stop.grace * 1000)
  for (const [signal, milliseconds] of [
    [os.signals.SIGTERM, Math.max(0, ...graces) + margin],
    [os.signals.SIGKILL, margin],
  ] as const) {
    pidfdSendSignal(pidfd, signal, null, 0)
    // Stopped, it would hear of it only when it goes on.
    pidfdSendSignal(pidfd, os.signals.SIGCONT, null, 0)
    if (endsWithin(pidfd, milliseconds)) break
  }
  close(pidfd)
}

function endsWithin(pidfd: number, milliseconds: number): boolean {
  const deadline = performance.now() + milliseconds
  const set = Buffer.alloc(8)
  set.writeInt32LE(pidfd, 0)
  set.writeInt16LE(POLLIN, 4)
  for (let left = milliseconds; left > 0; left = deadline - performance.now())
    if (poll(set, 1, Math.ceil(left)) > 0) return true
  return false
}

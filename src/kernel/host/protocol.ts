/** What a lab's supervisor is told and tells, a line of JSON each; a socket in, its messages out. */
import type { Socket } from 'node:net'
import type { Order } from '../../model/plan.js'
import type { OrderRefusal } from '../kernel.js'

export type Asked =
  | { readonly orders: readonly { readonly index: number; readonly order: Order }[] }
  /** What has not begun is not to begin. */
  | { readonly abort: true }

export type Told = { readonly done: number } | { readonly refused: OrderRefusal } | { readonly end: true }

const mostBytes = 64 * 1024 * 1024

/** Calls `take` with each message; what is no message ends the connection. */
export function onMessages<T>(socket: Socket, take: (message: T) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    try {
      for (const line of lines) take(JSON.parse(line) as T)
      if (rest.length > mostBytes) socket.destroy()
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown
      socket.destroy()
    }
  })
}

export function tell<T extends Asked | Told>(socket: Socket, message: T): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
}

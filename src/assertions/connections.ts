/** A sender and a port in; whether a connection is taken, what a web server says, and how much goes through, out. */
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { SystemError } from '../kernel/kernel.js'
import type { AssertionOf, PortTarget } from '../model/assertion.js'
import type { Bench, Doubt } from './bench.js'
import { foundIn, wordsOf } from './pattern.js'
import { type Ends, inEach } from './targets.js'

export interface ToPort extends Pick<Ends, 'from' | 'family'> {
  readonly target: PortTarget
}

/** Connects in each family; what is wrong with any of the connections. */
function eachConnection(
  bench: Bench,
  { from, family, target: { to, port } }: ToPort,
  left: number,
  use: (socket: Socket) => Promise<Doubt>,
): Promise<Doubt> {
  return inEach(bench, { from, to, family }, async ({ address }) => {
    try {
      return await use(await bench.scene.probes.connect(from, { address, port }, left))
    } catch (thrown) {
      if (!(thrown instanceof SystemError)) throw thrown
      return `${address}: ${thrown.text.toLowerCase()}`
    }
  })
}

export function takes(bench: Bench, ends: ToPort, left: number): Promise<Doubt> {
  return eachConnection(bench, ends, left, async socket => void socket.destroy())
}

/** Bytes of a body that are looked through. */
const longest = 1 << 20

interface Page {
  readonly status: number
  readonly body: string
}

export function serves(bench: Bench, ends: ToPort, wanted: AssertionOf<'http'>, left: number): Promise<Doubt> {
  const asked = { host: hostOf(ends.target), path: wanted.path, left }
  return eachConnection(bench, ends, left, async socket => {
    const page = await pageOf(socket, asked)
    if (typeof page === 'string') return page
    if (page.status !== wanted.status) return `the answer has status ${page.status}, not ${wanted.status}`
    if (wanted.body && !foundIn(wanted.body, page.body)) return `the body has no ${wordsOf(wanted.body)}`
    return undefined
  })
}

function hostOf({ to, port }: PortTarget): string {
  const name = /^[0-9a-f]*:[0-9a-f:]+$/i.test(to) ? `[${to}]` : to.replace(/:.*/, '')
  return port === 80 ? name : `${name}:${port}`
}

function pageOf(
  socket: Socket,
  { host, path, left }: { host: string; path: string; left: number },
): Promise<Page | string> {
  return new Promise(resolve => {
    const end = (answer: Page | string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(end, left, 'the server did not answer in time')
    const headers = { host, connection: 'close' }
    const asked = request({ path, headers, createConnection: () => socket }, answer => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        if (body.length < longest) body += piece
      })
      answer.on('end', () => end({ status: answer.statusCode ?? 0, body }))
      answer.on('error', thrown => end(thrown.message))
    })
    asked.on('error', thrown => end(thrown.message))
    asked.end()
  })
}

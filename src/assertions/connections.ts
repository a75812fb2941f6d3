/** A sender and a port in; whether a connection is taken, what a web server says, and how much goes through, out. */
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { targetsOf } from '../explain.js'
import { SystemError } from '../kernel/kernel.js'
import type { AssertionOf, PortTarget } from '../model/assertion.js'
import type { Bench, Doubt } from './bench.js'
import { foundIn, wordsOf } from './pattern.js'

/** Over the first family in which one is taken; the refusals otherwise. */
async function connected(
  { scene }: Bench,
  from: string,
  { to, port }: PortTarget,
  left: number,
): Promise<Socket | string> {
  const refusals: string[] = []
  for (const { address } of targetsOf(scene, from, to)) {
    try {
      return await scene.probes.connect(from, { address, port }, left)
    } catch (thrown) {
      if (!(thrown instanceof SystemError)) throw thrown
      refusals.push(`${address}: ${thrown.text.toLowerCase()}`)
    }
  }
  return refusals.join('; ') || `${from} and ${to} have no addresses of one family`
}

export async function takes(bench: Bench, from: string, target: PortTarget, left: number): Promise<Doubt> {
  const socket = await connected(bench, from, target, left)
  if (typeof socket === 'string') return socket
  socket.destroy()
  return undefined
}

/** Bytes of a body that are looked through. */
const longest = 1 << 20

interface Page {
  readonly status: number
  readonly body: string
}

export async function serves(
  bench: Bench,
  from: string,
  { target, wanted }: { readonly target: PortTarget; readonly wanted: AssertionOf<'http'> },
  left: number,
): Promise<Doubt> {
  const socket = await connected(bench, from, target, left)
  if (typeof socket === 'string') return socket
  const page = await pageOf(socket, { host: hostOf(target), path: wanted.path, left })
  if (typeof page === 'string') return page
  if (page.status !== wanted.status) return `the answer has status ${page.status}, not ${wanted.status}`
  if (wanted.body && !foundIn(wanted.body, page.body)) return `the body has no ${wordsOf(wanted.body)}`
  return undefined
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

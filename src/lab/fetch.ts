/** A request of fetch(1)'s form in; the answer that it gets from inside of a node out: the standard's Request and Response, over node:http. */
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Dial, NodeAgent, SecureNodeAgent } from './agent.js'

const mostRedirects = 20

/** Never a proxy, a cache or cookies. @throws TypeError as fetch does, its cause says why */
export async function fetchIn(dial: Dial, input: string | URL | Request, init?: RequestInit): Promise<Response> {
  let request = new Request(input, init)
  // Read at once, so that it can be sent again where a redirect says so.
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
  for (let redirects = 0; ; redirects++) {
    const response = await answerTo(dial, request, body)
    const to = response.headers.location
    const moved = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && to !== undefined
    if (!moved || request.redirect === 'manual') return responseOf(response, request, redirects > 0)
    response.resume()
    if (request.redirect === 'error' || redirects === mostRedirects) throw new TypeError('fetch failed: redirected')
    request = redirected(request, response.statusCode!, new URL(to, request.url))
  }
}

/** As the standard has it: a form that was sent elsewhere is not sent again (Fetch, HTTP-redirect fetch). */
function redirected({ method, headers, signal, redirect }: Request, status: number, to: URL): Request {
  const asks = (status === 303 && method !== 'HEAD') || (status <= 302 && method === 'POST')
  return new Request(to, { method: asks ? 'GET' : method, headers, signal, redirect })
}

function answerTo(dial: Dial, request: Request, body: Buffer | undefined): Promise<IncomingMessage> {
  const url = new URL(request.url)
  const secure = url.protocol === 'https:'
  const headers = {
    accept: '*/*',
    'user-agent': 'nstopo',
    'accept-encoding': 'gzip, deflate, br',
    ...Object.fromEntries(request.headers),
  }
  const sends = body && !['GET', 'HEAD'].includes(request.method)
  const options = { method: request.method, headers, signal: request.signal }
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(
        request.signal.aborted ? request.signal.reason : new TypeError(`fetch failed: ${wordsOf(cause)}`, { cause }),
      )
    const asked = secure
      ? secureRequest(url, { ...options, agent: new SecureNodeAgent(dial) })
      : plainRequest(url, { ...options, agent: new NodeAgent(dial) })
    asked.on('error', failed).on('response', resolve)
    asked.end(sends ? body : undefined)
  })
}

const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

function responseOf(message: IncomingMessage, request: Request, redirected: boolean): Response {
  const status = message.statusCode ?? 0
  const empty = request.method === 'HEAD' || [204, 205, 304].includes(status)
  if (empty) message.resume()
  const headers = new Headers()
  for (let i = 0; i < message.rawHeaders.length; i += 2)
    headers.append(message.rawHeaders[i]!, message.rawHeaders[i + 1]!)
  const body = empty ? null : (Readable.toWeb(decoded(message)) as ReadableStream)
  const response = new Response(body, { status, statusText: message.statusMessage ?? '', headers })
  return Object.defineProperties(response, { url: { value: request.url }, redirected: { value: redirected } })
}

function decoded(message: IncomingMessage): Readable {
  const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress }
  const make = decoders[message.headers['content-encoding'] as keyof typeof decoders]
  if (!make) return message
  const decoder = make()
  return message.on('error', error => decoder.destroy(error)).pipe(decoder)
}

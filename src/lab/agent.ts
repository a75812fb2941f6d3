/** A node in; agents for node:http and node:https that connect from inside of it out. */
import { type AgentOptions, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent, type AgentOptions as HttpsOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'

/** Connects to a name or address of the lab. */
export type Dial = (host: string, port: number) => Promise<Socket>

type Done = (error: Error | null, stream: Duplex) => void

export class NodeAgent extends HttpAgent {
  readonly #dial: Dial

  constructor(dial: Dial, options: AgentOptions = {}) {
    super(options)
    this.#dial = dial
  }

  override createConnection(options: { host?: string; port?: number | string }, done: Done): undefined {
    give(this.#dial(options.host ?? 'localhost', Number(options.port ?? 80)), done)
  }
}

export class SecureNodeAgent extends HttpsAgent {
  readonly #dial: Dial

  constructor(dial: Dial, options: HttpsOptions = {}) {
    super(options)
    this.#dial = dial
  }

  override createConnection(
    options: ConnectionOptions & { host?: string; port?: number | string },
    done: Done,
  ): undefined {
    const { host = 'localhost', port = 443, path: _, ...rest } = options
    const secured = this.#dial(host, Number(port)).then(socket => connect({ ...rest, socket }))
    give(secured, done)
  }
}

function give(connecting: Promise<Duplex>, done: Done): void {
  connecting.then(
    stream => done(null, stream),
    // The stream is not looked at beside an error.
    (error: Error) => done(error, undefined as unknown as Duplex),
  )
}

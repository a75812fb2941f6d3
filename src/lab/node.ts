/** A node of a lab that is up: commands, programs and this program's own sockets in it. */
import type { Socket as Datagrams } from 'node:dgram'
import type { Agent, AgentOptions } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { type Dial, NodeAgent, SecureNodeAgent } from './agent.js'
import { type Context, withSpace } from './context.js'
import { type ExecOptions, type ExecResult, run } from './exec.js'
import { LabError } from './failure.js'
import { fetchIn } from './fetch.js'
import { type Program, type SpawnOptions, spawnIn } from './program.js'
import { type ConnectOptions, connectTcp, connectUdp, datagramsIn, serveIn } from './sockets.js'

export interface ListenOptions {
  /** An address of the node; all of them unless said. */
  readonly host?: string
}

export class LabNode {
  readonly name: string
  readonly #context: Context

  /** @internal */
  constructor(context: Context, name: string) {
    this.#context = context
    this.name = name
  }

  /** Runs a command to its end, in all of the node's namespaces; no shell. @throws CommandError when it fails */
  exec(command: string, words: readonly string[] = [], options?: ExecOptions): Promise<ExecResult> {
    return run(this.#context, this.name, [command, ...words], options)
  }

  /** Starts a program, which goes on until it ends, is ended, or the lab goes. @throws CommandError when it does not become ready */
  spawn(command: string, words: readonly string[] = [], options?: SpawnOptions): Promise<Program> {
    return spawnIn(this.#context, this.name, [command, ...words], options)
  }

  /** A socket of this program that is connected from inside of the node, to a node, hostname or address. */
  connect(protocol: 'tcp', host: string, port: number, options?: ConnectOptions): Promise<Socket>
  connect(protocol: 'udp', host: string, port: number, options?: ConnectOptions): Promise<Datagrams>
  connect(protocol: 'tcp' | 'udp', host: string, port: number, options?: ConnectOptions): Promise<Socket | Datagrams> {
    const connect = protocol === 'tcp' ? connectTcp : connectUdp
    return connect(this.#context, this.name, { host, port }, options)
  }

  /**
   * A server of this program that takes its connections in the node: one of node:net, tls, http or https, or `tcp` for a new
   * one, whose `connection` events say who comes; `udp` for a socket that takes datagrams. Port 0 is one that is free.
   */
  listen<S extends Server>(server: S, port?: number, options?: ListenOptions): Promise<S>
  listen(protocol: 'tcp', port?: number, options?: ListenOptions): Promise<Server>
  listen(protocol: 'udp', port?: number, options?: ListenOptions): Promise<Datagrams>
  listen(what: Server | 'tcp' | 'udp', port = 0, { host }: ListenOptions = {}): Promise<Server | Datagrams> {
    const at = { host: host ?? this.#any(), port }
    if (what === 'udp') return datagramsIn(this.#context, this.name, at)
    return serveIn(this.#context, this.name, what === 'tcp' ? createServer() : what, at)
  }

  /** As the global fetch, but its connections begin in the node, and names are the lab's. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    return fetchIn(this.#dial, input, init)
  }

  /** For node:http, or for node:https, and for what takes such an agent. */
  agent(protocol: 'http' | 'https' = 'http', options: AgentOptions = {}): Agent {
    const agent = protocol === 'https' ? new SecureNodeAgent(this.#dial, options) : new NodeAgent(this.#dial, options)
    this.#context.open.set(() => agent.destroy(), this.name)
    return agent
  }

  /**
   * Calls a function while this thread is in the node's network, and comes back: whatever it opens or starts is there. It
   * must not wait for anything: other parts of the program would go on in the node. @throws LabError when it returns a promise
   */
  inside<T>(work: () => T): T {
    const done = withSpace(this.#context, space => space.inside(this.name, work))
    if (typeof (done as { then?: unknown } | null | undefined)?.then !== 'function') return done
    void Promise.resolve(done).catch(() => {})
    throw new LabError(
      'inside() takes a function that does not wait: after its first await it would not be in the node',
    )
  }

  readonly #dial: Dial = (host, port) => connectTcp(this.#context, this.name, { host, port })

  /** Both families, where the node has IPv6. */
  #any(): string {
    const names = ['net.ipv6.conf.all.disable_ipv6']
    const [off] = withSpace(this.#context, space => space.readSysctls(this.name, names))
    return off === '0' ? '::' : '0.0.0.0'
  }
}

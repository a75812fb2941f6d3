/** A lab that is up, in the hands of a program that goes on: asked, changed in place, and taken down. */
import type { Kernel } from '../kernel/kernel.js'
import type { Source } from '../model/document.js'
import type { Explanation } from '../model/explanation.js'
import type { DiffReport, Inspection, UpReport } from '../model/report.js'
import { explain } from '../pipeline/explain.js'
import { compile, diff, down, inspect, up } from '../pipeline.js'
import { renderExplanation } from '../render/explain.js'
import { type AddressOptions, addressesOf } from './addresses.js'
import { type Captures, capturesOf } from './captures.js'
import { type Context, checkedNode, closeOthers, nodesOf } from './context.js'
import { asyncDispose } from './dispose.js'
import { type Edit, edited } from './edit.js'
import { LabError, succeeded } from './failure.js'
import { delist, enlist, registry } from './living.js'
import { LabNode } from './node.js'
import { save } from './save.js'
import { readTopology, type SourceOptions, type Topology } from './source.js'

export interface LabOptions extends SourceOptions {
  /** Whether packets are kept for `save`: with a fixture they are, unless said otherwise. */
  readonly capture?: boolean
  /** Milliseconds until links, addresses, routes and processes must be usable; 30 000 unless said. 0: they are not waited for. */
  readonly wait?: number
}

/** What became of packets from a node to another place. */
export interface Explained {
  /** They are answered, in every family that both have. */
  readonly reached: boolean
  /** As `nstopo explain` prints it. */
  readonly text: string
  readonly explanation: Explanation
}

/** Milliseconds */
const patience = 30_000

export function waiting({ wait = patience }: LabOptions): { readonly wait?: number } {
  return wait === 0 ? {} : { wait }
}

export class Lab {
  /** Which `nstopo exec`, `inspect` and the others know it by. */
  readonly name: string
  readonly #context: Context
  readonly #options: LabOptions
  readonly #captures: Captures | undefined
  #source: Source

  /** @internal */
  constructor(source: Source, report: UpReport, kernel: Kernel, options: LabOptions) {
    this.name = report.lab
    this.#source = source
    this.#options = options
    this.#context = { name: report.lab, kernel, open: new Map(), ran: [] }
    enlist(this)
    this.#captures = (options.capture ?? registry().fixture) ? capturesOf(this.#context) : undefined
  }

  /** @internal */
  get kernel(): Kernel {
    return this.#context.kernel
  }

  /** Names, in no order that matters. */
  get nodes(): readonly string[] {
    return nodesOf(this.#context)
  }

  /** @throws LabError for a name that the lab does not have */
  node(name: string): LabNode {
    return new LabNode(this.#context, checkedNode(this.#context, name))
  }

  /** An address of a node, without its prefix length; IPv4 before IPv6 unless a family is asked for. @throws LabError where it has none */
  address(node: string, options: AddressOptions = {}): string {
    const [found] = addressesOf(this.#context, checkedNode(this.#context, node), options)
    if (found) return found.address
    const what = `no ${options.family ? `IPv${options.family} ` : ''}address`
    throw new LabError(`${node} has ${what}${options.interface ? ` on ${options.interface}` : ''}`)
  }

  /**
   * Changes the lab in place, with the fewest operations: to another file, text or object, or by a function that edits the
   * topology as a plain object. @throws LabError for a topology with errors, and for what the kernel refuses: all is as before then
   */
  async apply(change: Topology | Edit): Promise<UpReport> {
    const source =
      typeof change === 'function' ? edited(this.#source, change as Edit) : this.#replaced(readTopology(change))
    const { network } = succeeded(compile(source))
    this.#closeOthers(new Set(network.nodes.map(({ name }) => name)))
    const report = succeeded(await up(source, this.kernel, waiting(this.#options)))
    this.#source = source
    this.#captures?.extend()
    return report
  }

  /** Where the kernel differs from what was applied last. */
  diff(): DiffReport {
    return succeeded(diff({ lab: this.name }, this.kernel))
  }

  /**
   * Sends echo requests and follows them hop by hop, by what the kernel of each node says. @param to a node, `node:interface` or
   * an address @throws LabError for a name that the lab does not have
   */
  async explain(from: string, to: string): Promise<Explained> {
    const { document, ...result } = await explain(this.name, { from, to }, this.kernel)
    const explanation = succeeded(result)
    const reached = explanation.passages.every(({ reason }) => reason === undefined)
    return { reached, text: renderExplanation(explanation, { colour: false, document }), explanation }
  }

  /** What the kernel holds in the nodes, or in some of them. */
  inspect(...nodes: readonly string[]): Inspection {
    return succeeded(inspect(this.name, this.kernel, nodes.length > 0 ? nodes : undefined))
  }

  /** Writes the lab's state, what its programs have said, and what differs, to a folder, for a look later; returns its path. */
  async save(folder: string): Promise<string> {
    return save(this.#context, { source: this.#source, captures: this.#captures }, folder)
  }

  /** @internal Packets of tests that are over are of no interest. */
  forget(): void {
    this.#captures?.renew()
  }

  /** Ends the programs in it, closes this program's sockets, and takes it away. Twice is no error. */
  async down(): Promise<void> {
    this.#closeOthers(new Set())
    succeeded(await down(this.name, this.kernel, { lockTimeout: patience }))
    delist(this)
  }

  /** With a fixture, the lab stands until it is known how the test has ended. */
  async [asyncDispose](): Promise<void> {
    if (registry().fixture) registry().released.add(this)
    else await this.down()
  }

  #closeOthers(staying: ReadonlySet<string>): void {
    closeOthers(this.#context, staying)
    this.#captures?.closeOthers(staying)
  }

  /** In the place of what is there, whatever file it came from. */
  #replaced({ text, label }: Pick<Source, 'text' | 'label'>): Source {
    return { ...this.#source, text, label, name: this.name }
  }
}

/** The orders of one run in; each carried out when what it needs is there, and what came of it told, out. */
import type { OrderRefusal } from '../kernel/kernel.js'
import type { Order } from '../model/plan.js'
import type { Process } from '../model/state.js'
import type { Program } from './program.js'
import { ready, refusal, type Verdict } from './verdict.js'
import { thrownWords } from './words.js'

/** The lab's processes, as the supervisor has them. */
export interface Programs {
  get(node: string, name: string): Program | undefined
  /** Makes room for one that is not there yet. */
  start(process: Process): Promise<Verdict>
  /** @param forget nothing of it is kept */
  stop(node: string, name: string, forget: boolean): Promise<Verdict>
}

export interface Numbered {
  readonly index: number
  readonly order: Order
}

type Tell = (told: { readonly done: number } | { readonly refused: OrderRefusal }) => void

const interrupted = refusal('interrupted')

export class Session {
  private readonly aborted: Promise<Verdict>
  private isAborted = false
  abort: () => void = () => {}
  /** What came of the last order of a process, to start it and to stop it. */
  private readonly starts = new Map<string, Promise<Verdict>>()
  private readonly stops = new Map<string, Promise<Verdict>>()

  constructor(
    private readonly programs: Programs,
    private readonly orders: readonly Numbered[],
    private readonly tell: Tell,
  ) {
    this.aborted = new Promise(resolve => {
      this.abort = () => {
        this.isAborted = true
        resolve(interrupted)
      }
    })
  }

  /** Side by side; returns when all has been told. */
  async run(): Promise<void> {
    let begin = () => {}
    const begun = new Promise<void>(resolve => {
      begin = resolve
    })
    const last = new Map<string, Promise<Verdict>>()
    const all = this.orders.map(({ index, order }) => {
      const key = keyOf(order)
      const before = last.get(key)
      // All are known before the first begins: one may need another that stands behind it.
      const verdict = begun.then(() => this.carryOut(order, before)).catch(thrown => refusal(thrownWords(thrown)))
      const kind = order.do === 'start' ? this.starts : this.stops
      for (const map of [last, kind]) map.set(key, verdict)
      return verdict.then(result => this.told(index, result))
    })
    begin()
    await Promise.all(all)
  }

  private async carryOut(order: Order, before: Promise<Verdict> | undefined): Promise<Verdict> {
    await before
    const held = await this.unlessAborted(order.do === 'start' ? this.needs(order.process) : this.neededBy(order))
    if (!held.ready) return held
    if (this.isAborted) return interrupted
    const { programs } = this
    const work =
      order.do === 'start' ? programs.start(order.process) : programs.stop(order.node, order.name, order.forget)
    return this.unlessAborted(work)
  }

  private unlessAborted(work: Promise<Verdict>): Promise<Verdict> {
    return Promise.race([work, this.aborted])
  }

  private async needs({ needs }: Process): Promise<Verdict> {
    const verdicts = await Promise.all(needs.map(({ node, process }) => this.isThere(node, process)))
    return verdicts.find(verdict => !verdict.ready) ?? ready
  }

  private async isThere(node: string, name: string): Promise<Verdict> {
    const key = `${node}:${name}`
    const program = this.programs.get(node, name)
    const verdict = await (this.starts.get(key) ?? program?.isReady() ?? refusal('does not run'))
    if (verdict.ready || verdict === interrupted) return verdict
    return refusal(`needs ${key}, which ${verdict.reason === 'does not run' ? verdict.reason : 'did not become ready'}`)
  }

  /** What needs it is stopped before, where it is to be stopped too. */
  private async neededBy({ node, name }: Order & { do: 'stop' }): Promise<Verdict> {
    const waiting = [...this.stops].filter(([key]) => {
      const [of = '', process = ''] = key.split(':')
      return this.programs.get(of, process)?.process.needs.some(need => need.node === node && need.process === name)
    })
    await Promise.all(waiting.map(([, stopped]) => stopped))
    return ready
  }

  private told(index: number, verdict: Verdict): void {
    if (verdict.ready) return this.tell({ done: index })
    const { reason, output } = verdict
    this.tell({ refused: { index, reason, output } })
  }
}

function keyOf(order: Order): string {
  return order.do === 'start' ? `${order.process.node}:${order.process.name}` : `${order.node}:${order.name}`
}

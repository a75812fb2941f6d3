/** A plan and the kernel → what was done and what was refused. The only pass that waits. */
import { descriptorsAtOnce, type LabSpace, SystemError } from '../kernel/kernel.js'
import type { Operation, Order, RefusedOperation } from '../model/plan.js'
import type { ResourceType, State } from '../model/state.js'
import { Batch } from '../netlink/batch.js'
import { type Act, kindOf, type WriteContext } from '../resources/index.js'
import { numbers } from './execute/numbers.js'
import { isGone, refusedOperation, rootCauses } from './execute/refused.js'

export interface ExecuteOptions {
  /** What the namespaces held before: the numbers of their links. */
  readonly observed: State
  readonly progress?: ((done: number, total: number, phase: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Executed {
  readonly done: number
  readonly refused: readonly RefusedOperation[]
  readonly interrupted: boolean
}

const messagesAtOnce = 100
const bytesAtOnce = 60_000
/** Milliseconds after which signals and progress have their turn. */
const turn = 40

/** Carries out operations in their order; stops at the first refusal, and where a signal asks for it. */
export async function execute(
  operations: readonly Operation[],
  space: LabSpace,
  options: ExecuteOptions,
): Promise<Executed> {
  const run = new Run(space, numbers(operations, options.observed))
  let resumed = performance.now()
  const supervise = (before: number) =>
    run.supervise(options.signal, done => options.progress?.(before + done, operations.length, 'processes'))
  const stopped = () => run.refused.length > 0 || (options.signal?.aborted ?? false)
  for (const [done, operation] of operations.entries()) {
    // Whatever comes after may need them. Who waits for nothing leaves the node that the thread is in all the same.
    if (run.hasOrders && operation.resource.type !== 'process') await supervise(done)
    if (stopped()) break
    run.take(operation)
    if (run.refused.length > 0) break
    if (performance.now() - resumed < turn) continue
    run.flush()
    space.home()
    options.progress?.(done, operations.length, phaseOf(operation))
    await new Promise(resolve => setImmediate(resolve))
    if (stopped()) break
    resumed = performance.now()
  }
  run.flush()
  if (run.hasOrders && !stopped()) await supervise(operations.length)
  space.home()
  // A signal that came meanwhile is told at the next turn only.
  await new Promise(resolve => setImmediate(resolve))
  return { done: run.done, refused: rootCauses(run.refused), interrupted: options.signal?.aborted ?? false }
}

const phases: Partial<Record<ResourceType, string>> = {
  ...{ namespace: 'namespaces', sysctl: 'namespaces', link: 'links' },
  ...{ host: 'hosts', file: 'hosts', process: 'processes' },
}

function phaseOf({ resource }: Operation): string {
  return phases[resource.type] ?? 'addresses and routes'
}

/** The messages of one namespace are collected until something else is due. */
class Run {
  done = 0
  readonly refused: RefusedOperation[] = []
  private readonly batch = new Batch(1 << 16)
  private waiting: Operation[] = []
  private orders: { readonly operation: Operation; readonly order: Order }[] = []
  private from: string | undefined
  /** Nodes whose descriptors stand in the batch. */
  private readonly asked = new Set<string>()
  private readonly context: WriteContext

  constructor(
    private readonly space: LabSpace,
    index: (node: string, link: string) => number,
  ) {
    const descriptor = (node: string) => {
      this.asked.add(node)
      return space.descriptor(node)
    }
    this.context = { index, descriptor }
  }

  /** Whether there are processes to start or to stop. */
  get hasOrders(): boolean {
    return this.orders.length > 0
  }

  take(operation: Operation): void {
    const act = kindOf(operation.resource.type).act(operation)
    if (act.by === 'message') {
      if (act.from !== this.from || this.isFull()) this.flush()
      if (this.refused.length > 0) return
      this.from = act.from
      return this.write(operation)
    }
    this.flush()
    if (this.refused.length > 0) return
    if (act.by === 'order') this.orders.push({ operation, order: act.order })
    else this.call(operation, act)
  }

  /** Processes start and stop side by side: those that follow each other in the plan are ordered together. */
  async supervise(signal: AbortSignal | undefined, progress: (done: number) => void): Promise<void> {
    const given = this.orders
    this.orders = []
    this.space.home()
    const orders = given.map(({ order }) => order)
    const refused = await this.space.supervise(orders, {
      signal,
      progress: done => progress(done - given.length),
    })
    // Who is interrupted has not failed.
    for (const { index, reason, output } of signal?.aborted ? [] : refused)
      this.refused.push({ operation: given[index]!.operation, errno: '', text: reason, output })
    this.done += given.length - refused.length
  }

  flush(): void {
    if (this.waiting.length === 0) return
    const sent = this.waiting
    this.waiting = []
    try {
      const before = this.refused.length
      for (const refusal of this.space.send(this.from, this.batch)) {
        const operation = sent[refusal.index]!
        if (!isGone(operation, refusal)) this.refused.push(refusedOperation(operation, refusal))
      }
      this.done += sent.length - (this.refused.length - before)
    } catch (thrown) {
      this.refuse(sent[0]!, thrown)
    }
    this.batch.clear()
    this.asked.clear()
  }

  /** One more message may ask for two descriptors. */
  private isFull(): boolean {
    const { waiting, batch, asked } = this
    return waiting.length >= messagesAtOnce || batch.length > bytesAtOnce || asked.size + 2 > descriptorsAtOnce
  }

  private write(operation: Operation): void {
    try {
      kindOf(operation.resource.type).write!(this.batch, operation, this.context)
      this.waiting.push(operation)
    } catch (thrown) {
      this.refuse(operation, thrown)
    }
  }

  private call(operation: Operation, act: Call): void {
    try {
      call(this.space, act)
      this.done++
    } catch (thrown) {
      this.refuse(operation, thrown)
    }
  }

  private refuse(operation: Operation, thrown: unknown): void {
    if (!(thrown instanceof SystemError)) throw thrown
    const { type } = operation.resource
    // The others are one call each.
    const step = type === 'host' || type === 'file' ? { step: thrown.operation } : {}
    this.refused.push({ operation, errno: thrown.errno, text: thrown.text, ...step })
  }
}

/** What is done by one call, at once. */
type Call = Exclude<Act, { by: 'message' | 'order' }>

function call(space: LabSpace, act: Call): void {
  switch (act.by) {
    case 'create-node':
      return space.createNode(act.node)
    case 'remove-node':
      return space.removeNode(act.node)
    case 'sysctl':
      return space.writeSysctl(act.node, act.name, act.value)
    case 'device':
      return space.createDevice(act.node, act)
    case 'create-host':
      return space.createHost(act.host)
    case 'update-host':
      return space.updateHost(act.host)
    case 'remove-host':
      return space.removeHost(act.node)
    case 'put-file':
      return space.putFile(act.file)
    case 'remove-file':
      return space.removeFile(act.node, act.path)
  }
}

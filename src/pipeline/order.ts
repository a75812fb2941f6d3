/** Processes of a lab that is up, started or stopped by hand: what the file says of them stays as it is. */
import { type Diagnostic, error } from '../diagnostic.js'
import type { Kernel, OrderRefusal } from '../kernel/kernel.js'
import type { Order } from '../model/plan.js'
import type { OrderReport, Result } from '../model/report.js'
import type { Process } from '../model/state.js'
import { failure } from './failures.js'
import { type Lab, type RunOptions, withLab } from './lab.js'
import { statusesIn } from './ps.js'
import { earlierOf } from './record.js'

export type ProcessVerb = 'start' | 'stop' | 'restart'

export interface Ordering extends Pick<RunOptions, 'lockTimeout' | 'progress' | 'signal'> {
  readonly verb: ProcessVerb
  readonly node: string
  /** All of the node's, unless one is named. */
  readonly process?: string | undefined
}

/** Returns when what was to start is ready and what was to stop is gone; nothing is undone. */
export function order(name: string, kernel: Kernel, ordering: Ordering): Promise<Result<OrderReport>> {
  const started = performance.now()
  return withLab({ ...ordering, name, kernel }, async lab => {
    const chosen = choose(lab, ordering)
    if (!chosen.value) return chosen as Result<never>
    const { value: wanted, document } = chosen
    const diagnostics: Diagnostic[] = []
    for (const orders of roundsOf(ordering.verb, wanted)) {
      const progress = (done: number) => ordering.progress?.(done, orders.length, 'processes')
      const refused = await lab.space.supervise(orders, { signal: ordering.signal, progress })
      diagnostics.push(...refused.map(one => failed(one, wanted)))
      if (refused.length > 0 || ordering.signal?.aborted) break
    }
    if (ordering.signal?.aborted) diagnostics.push(error('interrupted', 'the run was interrupted'))
    const value = { lab: name, processes: statusesIn(lab.space, wanted), milliseconds: performance.now() - started }
    return { value, diagnostics, ...(document ? { document } : {}) }
  })
}

/** All that stops is gone before anything starts again. */
function roundsOf(verb: ProcessVerb, wanted: readonly Process[]): readonly (readonly Order[])[] {
  const stops = wanted.map(({ node, name }): Order => ({ do: 'stop', node, name, forget: false }))
  const starts = wanted.map((process): Order => ({ do: 'start', process }))
  return { start: [starts], stop: [stops], restart: [stops, starts] }[verb]
}

/** As what was applied last has them. */
function choose(lab: Lab, { node, process }: Ordering): Result<readonly Process[]> {
  const { name, record, damage } = lab
  if (record?.state === 'building' || record?.state === 'leaving')
    return failure('left-behind', `a run that was killed has left the lab ${name} half changed`, 'nstopo gc')
  const applied = earlierOf(lab).applied()
  if (!applied) {
    const why = damage === undefined ? 'there is none' : `it ${damage}`
    return failure('record-damaged', `what was applied to the lab ${name} is not known from its record: ${why}`)
  }
  const all = [...(applied.state.get(node)?.process.values() ?? [])]
  const wanted = process === undefined ? all : all.filter(one => one.name === process)
  if (wanted.length > 0) return { value: wanted, diagnostics: [], document: applied.document }
  const what = process === undefined ? 'no processes' : `no process ${process}`
  const hint = all.length === 0 ? undefined : `it has ${all.map(one => one.name).join(', ')}`
  return failure('not-found', `${node} has ${what}`, hint)
}

function failed({ index, reason, output }: OrderRefusal, wanted: readonly Process[]): Diagnostic {
  const { node, name, at } = wanted[index]!
  return error('not-ready', `${node}:${name}: ${reason}`, at, output.length > 0 ? { output } : {})
}

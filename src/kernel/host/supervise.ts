/** A lab's folder in; its processes out: as they are, what they have written, and orders for the lab's supervisor. */
import type { Order } from '../../model/plan.js'
import type { Process } from '../../model/state.js'
import type { OrderRefusal, SuperviseOptions } from '../kernel.js'
import { placeOf, readEntries, seen } from './journal.js'
import { onMessages, type Told, tell } from './protocol.js'
import { livingSupervisor, reachSupervisor } from './supervisor.js'

/** What a node's processes are now; nobody is asked, so they are told even where the supervisor was killed. */
export function processesOf(folder: string, node: string): readonly Process[] {
  const entries = readEntries(folder, node)
  if (entries.length === 0) return []
  const supervised = livingSupervisor(folder) !== undefined
  return entries.map(({ entry }) => seen(entry, supervised))
}

/** Files with the output of a process, the oldest first. */
export function outputsOf(folder: string, node: string, name: string): readonly string[] {
  const { older, log } = placeOf(folder, node, name)
  return [older, log]
}

/** So often another supervisor is started where the last one was killed. */
const mostConnections = 20

/** @param words for a supervisor that has to be started */
export async function superviseIn(
  folder: string,
  orders: readonly Order[],
  options: SuperviseOptions & { readonly words?: readonly string[] } = {},
): Promise<readonly OrderRefusal[]> {
  const left = new Map(orders.entries())
  const refused: OrderRefusal[] = []
  const take = (told: Told) => {
    if ('end' in told) return
    if ('refused' in told) refused.push(told.refused)
    left.delete('refused' in told ? told.refused.index : told.done)
    if ('done' in told) options.progress?.(orders.length - left.size - refused.length)
  }
  // Orders can be given again: who was killed meanwhile has begun some of them.
  for (let tries = 0; left.size > 0 && tries < mostConnections; tries++) {
    if (options.signal?.aborted) return [...refused, ...all(left, 'interrupted')]
    await converse(folder, left, take, options)
  }
  return [...refused, ...all(left, 'the lab’s supervisor was killed again and again')].sort((a, b) => a.index - b.index)
}

/** Milliseconds that a supervisor has to say what is interrupted. */
const patience = 1000

function all(left: ReadonlyMap<number, Order>, reason: string): readonly OrderRefusal[] {
  return [...left.keys()].map(index => ({ index, reason, output: [] }))
}

/** One connection: until all is told, or nobody is there any more. */
async function converse(
  folder: string,
  left: ReadonlyMap<number, Order>,
  take: (told: Told) => void,
  { signal, words }: Parameters<typeof superviseIn>[2] & object,
): Promise<void> {
  const socket = await reachSupervisor(folder, words)
  // One that stands still hears nothing.
  const abort = () => {
    tell(socket, { abort: true })
    setTimeout(() => socket.destroy(), patience).unref()
  }
  try {
    await new Promise<void>(resolve => {
      socket.on('error', () => {})
      socket.once('close', () => resolve())
      onMessages<Told>(socket, told => {
        take(told)
        if ('end' in told) resolve()
      })
      tell(socket, { orders: [...left].map(([index, order]) => ({ index, order })) })
      signal?.addEventListener('abort', abort)
      if (signal?.aborted) abort()
    })
  } finally {
    signal?.removeEventListener('abort', abort)
    socket.destroy()
  }
}

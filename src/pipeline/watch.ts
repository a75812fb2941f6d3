/** A lab's name → what drifts in it, as it happens, and is put right where that is wanted. */
import type { Kernel } from '../kernel/kernel.js'
import type { Change } from '../model/plan.js'
import type { Result, WatchEvent } from '../model/report.js'
import { withHeard } from './backlog.js'
import { news } from './comparison.js'
import { mend } from './mend.js'
import { beginWatching, healable, healingDue, look, type Watching, type WatchOptions, waitOf } from './watching.js'

export type { WatchOptions } from './watching.js'

/** The events end with the lab, or with the signal. */
export function watch(name: string, kernel: Kernel, options: WatchOptions = {}): Result<AsyncGenerator<WatchEvent>> {
  const { value, ...rest } = beginWatching(name, kernel, options)
  return value ? { ...rest, value: events(value) } : rest
}

type About<E = WatchEvent> = E extends WatchEvent ? Omit<E, 'lab' | 'at' | 'differences' | 'document'> : never

async function* events(watching: Watching): AsyncGenerator<WatchEvent> {
  const { signal } = watching.options
  try {
    while (!watching.over && !signal?.aborted) {
      const healing = !watching.busy && healingDue(watching) <= performance.now()
      const told = healing ? await heal(watching) : await hear(watching)
      for (const about of [...told, ...postponed(watching)]) yield eventOf(about, watching)
    }
  } finally {
    watching.sight.listening.close()
  }
}

function eventOf(about: About, { sight, known }: Watching): WatchEvent {
  const { lab, document } = sight.comparison
  return { ...{ lab: lab.name, at: Date.now(), differences: known.length, document }, ...about }
}

/** Waits until something is heard, or the signal comes, and looks at it. */
async function hear(watching: Watching): Promise<readonly About[]> {
  const heard = await watching.sight.listening.next(waitOf(watching), watching.options.signal)
  watching.backlog = withHeard(watching.backlog, heard, performance.now())
  const { known: before, started, backlog } = watching
  const standing = look(watching)
  if (standing === 'busy') return []
  if (standing === 'gone') return [{ event: 'down' }]
  watching.started = true
  const lost: readonly About[] = backlog.overflow ? [{ event: 'overflow' }] : []
  if (!started) return [{ event: 'start', changes: watching.known }]
  if (standing === 'applied') return [...lost, { event: 'changed', changes: watching.known }]
  const { drift, mended } = news(before, watching.known)
  return [...lost, ...about('mended', mended), ...about('drift', drift)]
}

function about(event: 'drift' | 'mended', changes: readonly Change[]): readonly About[] {
  return changes.length === 0 ? [] : [{ event, changes }]
}

/** Puts right what differs, whoever changed it, with the lab held. What was begun is finished, whatever signal comes. */
async function heal(watching: Watching): Promise<readonly About[]> {
  const { name, kernel, options, known: before, sight } = watching
  const wanted = healable(watching)
  const { created } = sight.comparison.record
  const { value, diagnostics } = await mend(name, kernel, { created, prune: options.prune ?? false })
  watching.backlog = { ...watching.backlog, all: true, names: true }
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  // Whoever was first has the lab now, or has taken it down: that is seen next.
  watching.busy = errors.some(({ code }) => code === 'lab-busy' || code === 'not-up')
  if (watching.busy) return []
  const { operations } = value ?? { operations: [] }
  watching.patience.tried(wanted, performance.now(), errors.length > 0 || operations.length === 0)
  if (errors.length > 0) return [{ event: 'refused', diagnostics }]
  const standing = look(watching)
  if (standing === 'gone') return [{ event: 'down' }]
  const healed: readonly About[] = operations.length > 0 ? [{ event: 'healed', operations }] : []
  return [...healed, ...about('drift', news(before, watching.known).drift)]
}

/** That healing waits, told once each time. */
function postponed(watching: Watching): readonly About[] {
  const now = performance.now()
  const due = healingDue(watching)
  if (watching.over || due === Number.POSITIVE_INFINITY || due <= now || due === watching.postponed) return []
  watching.postponed = due
  const changes = watching.patience.fought(healable(watching))
  return [{ event: 'postponed', changes, milliseconds: Math.round(due - now) }]
}

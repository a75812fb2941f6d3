/** What is known of a lab that is watched; looks at it when there is something to be seen. */
import { type Kernel, SystemError } from '../kernel/kernel.js'
import type { Change } from '../model/plan.js'
import type { Result } from '../model/report.js'
import { type Backlog, isEmpty, lookedAt, unseen } from './backlog.js'
import { notUp } from './comparison.js'
import type { RunOptions } from './lab.js'
import { type Patience, patience } from './patience.js'
import { openSight, type Sight, type Standing, standingOf } from './sight.js'

export interface WatchOptions extends Pick<RunOptions, 'strict' | 'prune' | 'signal'> {
  /** What differs is put right. */
  readonly heal?: boolean
  /** Milliseconds between comparisons of everything, whatever was heard: messages don't tell all. Without it, none. */
  readonly every?: number | undefined
  /** Bytes for events that wait to be read; without it, enough for some thousands. */
  readonly room?: number
}

/** While a run holds the lab, one looks so often whether it was killed; that it ended is heard. */
const busyMilliseconds = 1000
/** A lab that is taken down is not there any more at some moment between two calls; what fails more often is no such thing. */
const mostFailures = 3
/** Of a timer. */
const longestWait = 2 ** 31 - 1

export interface Watching {
  readonly name: string
  readonly kernel: Kernel
  readonly options: WatchOptions
  readonly patience: Patience
  readonly open: () => Result<Sight>
  /** Another one when a run has applied another file, or made other namespaces. */
  sight: Sight
  backlog: Backlog
  /** How the lab differs, as of the last look. */
  known: readonly Change[]
  started: boolean
  /** Whether another run holds the lab: what it does is no drift. */
  busy: boolean
  /** Whether the lab was taken down. */
  over: boolean
  failures: number
  /** Until when it was told that healing waits. */
  postponed: number
}

/** Begins to listen; nothing is compared yet. */
export function beginWatching(name: string, kernel: Kernel, options: WatchOptions): Result<Watching> {
  const foreign = options.strict === true || options.prune === true
  const open = () => openSight(name, kernel, { foreign, room: options.room })
  const { value: sight, ...rest } = unlessGone(name, kernel, open)
  if (!sight) return rest
  const begun = { backlog: unseen, known: [], started: false, busy: false, over: false, failures: 0, postponed: 0 }
  return { ...rest, value: { ...begun, name, kernel, options, open, sight, patience: patience() } }
}

/** Who is taken down just now has no folder to be watched, or no namespaces. */
function unlessGone<T>(name: string, kernel: Kernel, open: () => Result<T>): Result<T> {
  try {
    return open()
  } catch (thrown) {
    if (thrown instanceof SystemError && !kernel.space(name).exists) return notUp(name)
    throw thrown
  }
}

/** Milliseconds until something is to be done without having heard anything; undefined for never. */
export function waitOf(watching: Watching): number | undefined {
  const { backlog, busy } = watching
  if (busy) return busyMilliseconds
  if (!isEmpty(backlog)) return 0
  const until = Math.min(backlog.due, healingDue(watching))
  if (until === Number.POSITIVE_INFINITY) return undefined
  return Math.min(longestWait, Math.max(0, until - performance.now()))
}

/** From when on what differs may be put right, of `performance.now()`; infinite where nothing is to be. */
export function healingDue(watching: Watching): number {
  const { started, options, patience } = watching
  return started && options.heal ? patience.due(healable(watching)) : Number.POSITIVE_INFINITY
}

/** What others put there stays where nobody said that it must go. */
export function healable({ known, options }: Watching): readonly Change[] {
  return options.prune ? known : known.filter(change => change.state !== 'foreign')
}

/** Looks at what was heard of the lab, unless a run is at work there. */
export function look(watching: Watching): Standing {
  try {
    const standing = lookOnce(watching)
    watching.failures = 0
    return standing
  } catch (thrown) {
    if (!(thrown instanceof SystemError) || ++watching.failures >= mostFailures) throw thrown
    watching.backlog = { ...watching.backlog, all: true, names: true }
    watching.busy = true
    return 'busy'
  }
}

function lookOnce(watching: Watching): Standing {
  const { sight, backlog } = watching
  const standing = standingOf(sight, backlog.names)
  watching.busy = standing === 'busy'
  watching.over = standing === 'gone'
  if (standing === 'busy') watching.backlog = { ...backlog, names: true }
  else if (standing === 'gone') watching.known = []
  else compare(watching, standing !== 'same' && reopen(watching))
  return standing
}

/** Everything, or what something was heard of. */
function compare(watching: Watching, others: boolean): void {
  const { backlog, options, sight } = watching
  const all = backlog.all || others
  if (all) watching.known = sight.comparison.all()
  else if (backlog.nodes.size > 0) watching.known = sight.comparison.again(backlog.nodes)
  watching.backlog = lookedAt({ ...backlog, all }, performance.now(), options.every)
}

/** Listens to the namespaces that there are now, with what is wanted there now. */
function reopen(watching: Watching): boolean {
  const { value } = watching.open()
  if (!value) return false
  watching.sight.listening.close()
  watching.sight = value
  return true
}

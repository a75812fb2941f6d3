/** Ends processes: first asked (TERM), then, after a grace, told (KILL); by pidfd, so never one that took over a number. */
import { constants } from 'node:os'
import { POLLIN } from '../../native/constants.js'
import { close, pidfdOpen, pidfdSendSignal, poll } from '../../native/libc.js'
import { holdsNothing } from './holders.js'

const graceMilliseconds = 2000
const betweenLooks = 50
const rounds = 5

interface Ending {
  readonly pid: number
  readonly pidfd: number
}

/** Ends what `find` finds, and what was started meanwhile; returns when nothing is left, or nothing more can be done. */
export function endProcesses(find: () => readonly number[]): void {
  let left: readonly Ending[] = []
  for (let round = 0; round < rounds; round++) {
    const pids = find()
    // Who is about to end is in no namespace any more, and so not found, before it has ended.
    if (pids.length === 0) {
      waitForAll(left)
      break
    }
    left = [...left, ...signalAll(pids, find, round === 0 ? constants.signals.SIGTERM : constants.signals.SIGKILL)]
  }
  closeAll(left)
}

/** Returns those who have not ended yet. */
function signalAll(pids: readonly number[], find: () => readonly number[], signal: number): readonly Ending[] {
  const opened = pids.map(pid => ({ pid, pidfd: pidfdOpen(pid, 0) })).filter(({ pidfd }) => pidfd >= 0)
  // Only with the pidfd in hand a number can't change its owner any more: so who is there is asked again.
  const still = new Set(find())
  const targets = opened.filter(({ pid }) => still.has(pid))
  for (const { pidfd } of targets) {
    pidfdSendSignal(pidfd, signal, null, 0)
    // A stopped process takes no TERM before it goes on.
    pidfdSendSignal(pidfd, constants.signals.SIGCONT, null, 0)
  }
  const left = new Set(waitForAll(targets))
  closeAll(opened.filter(ending => !left.has(ending)))
  return [...left]
}

function closeAll(endings: readonly Ending[]): void {
  for (const { pidfd } of endings) close(pidfd)
}

/** A pidfd can be read from when its process has ended (pidfd_open(2)); returns those of whom did not within the grace. */
function waitForAll(endings: readonly Ending[]): readonly Ending[] {
  const deadline = performance.now() + graceMilliseconds
  let left = endings
  while (left.length > 0) {
    const remaining = Math.ceil(deadline - performance.now())
    if (remaining <= 0) return left
    const set = Buffer.alloc(left.length * 8)
    left.forEach(({ pidfd }, index) => {
      set.writeInt32LE(pidfd, index * 8)
      set.writeInt16LE(POLLIN, index * 8 + 4)
    })
    const ready = poll(set, left.length, Math.min(remaining, betweenLooks))
    if (ready > 0) left = left.filter((_, index) => set.readInt16LE(index * 8 + 6) === 0)
    // Nobody is told of who has ended all but in name.
    else if (ready === 0) left = left.filter(({ pid }) => !holdsNothing(pid))
  }
  return left
}

/** Limits ↔ the files of a control group that hold them, and what is written there (cgroups(7)). */
import type { Controller } from './hierarchies.js'

interface LimitFile {
  readonly file: string
  /** What is written: for no limit as well. */
  text(value: number | undefined): string
  /** What it means; undefined for no limit. */
  value(text: string): number | undefined
}

/** The part of a processor's time that is given out anew each time, in microseconds: the kernel's own. */
const period = 100_000
/** Less the kernel refuses. */
const leastQuota = 1000
const quota = (share: number) => Math.max(leastQuota, Math.round(share * period))

const count = (file: string, none: string): LimitFile => ({
  file,
  text: value => (value === undefined ? none : `${value}`),
  value(text) {
    const number = Number(text)
    // Version 1 says a number that no machine has.
    return text === none || !(number < Number.MAX_SAFE_INTEGER) ? undefined : number
  },
})

export const limitFiles: Readonly<Record<1 | 2, Readonly<Record<Controller, LimitFile>>>> = {
  2: {
    memory: count('memory.max', 'max'),
    pids: count('pids.max', 'max'),
    cpu: {
      file: 'cpu.max',
      text: value => `${value === undefined ? 'max' : quota(value)} ${period}`,
      value(text) {
        const [time, each] = text.split(' ')
        return time === 'max' ? undefined : Number(time) / Number(each)
      },
    },
  },
  1: {
    memory: count('memory.limit_in_bytes', '-1'),
    pids: count('pids.max', 'max'),
    cpu: {
      file: 'cpu.cfs_quota_us',
      text: value => (value === undefined ? '-1' : `${quota(value)}`),
      value: text => (Number(text) < 0 ? undefined : Number(text) / period),
    },
  },
}

/** The kernel counts memory in pages, and we a processor's time in microseconds. */
const pageSize = 4096

/** Whether the kernel's figure is what became of ours. */
export function isSame(controller: Controller, said: number, seen: number): boolean {
  if (controller === 'memory') return Math.floor(said / pageSize) === Math.floor(seen / pageSize)
  return controller === 'cpu' ? quota(said) === quota(seen) : said === seen
}

/** How long a process ran and how often it has failed in; when it is started again out. */

/** Milliseconds, but for `failures`. */
export interface Pace {
  /** Before it is started anew the first time; doubled at each failure in a row. */
  readonly first: number
  readonly most: number
  /** What ran shorter has failed soon after its start. */
  readonly soon: number
  /** So many in a row, and it is given up. */
  readonly failures: number
}

export const usual: Pace = { first: 1000, most: 30_000, soon: 10_000, failures: 5 }

/** The failures in a row, with an end after so many milliseconds. */
export function countFailures(pace: Pace, before: number, ran: number): number {
  return ran < pace.soon ? before + 1 : 1
}

/** How long to wait before the next start; undefined when it has failed too often. */
export function nextStart(pace: Pace, failures: number): number | undefined {
  if (failures >= pace.failures) return undefined
  return Math.min(pace.most, pace.first * 2 ** Math.max(0, failures - 1))
}

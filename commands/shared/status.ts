/** Diagnostics in, the exit status out. */
import type { Code, Diagnostic } from '../../src/diagnostic.js'

const byCode: Partial<Record<Code, number>> = {
  'kernel-refused': 3,
  'not-ready': 3,
  'not-undone': 3,
  'not-usable': 3,
  'lab-busy': 4,
  'not-permitted': 5,
}

/** 0 without errors; else that of the weightiest: interrupted, not permitted, busy, refused, anything else. */
export function statusOf(diagnostics: readonly Diagnostic[], interrupted = 130): number {
  const errors = diagnostics.filter(d => d.severity === 'error')
  return Math.max(0, ...errors.map(d => (d.code === 'interrupted' ? interrupted : (byCode[d.code] ?? 2))))
}

/** As chroot(1), env(1) and nohup(1) have it: where the exit status is a command's, this one says that nstopo itself failed. */
export const ownFailure = 125

/** The same for a status of ours; that of a signal stays. */
export function ownStatus(status: number): number {
  return status > 128 ? status : ownFailure
}

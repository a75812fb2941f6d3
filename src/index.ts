/**
 * nstopo as a library: topologies in, networks on this machine out.
 *
 * ```ts
 * import { lab } from 'nstopo'
 * await using net = await lab('topologies/router.yaml')
 * await net.node('h1').exec('ping', ['-c1', net.address('h2')])
 * ```
 *
 * Below that stand the passes of the commands, with results instead of errors:
 *
 * ```ts
 * import { linux, source, up } from 'nstopo'
 * const result = await up(source(text, { name: 'fixture' }), linux())
 * ```
 */
import type { Source } from './model/document.js'

export { codes, type Diagnostic } from './diagnostic.js'
export type { Kernel } from './kernel/kernel.js'

import { finder } from './kernel/found.js'

export { SystemError } from './kernel/kernel.js'
export { linux } from './kernel/linux.js'
export { type SimulatedKernel, simulated } from './kernel/simulated.js'
export { timed } from './kernel/timed.js'
export * from './lab.js'
export type { Source } from './model/document.js'
export type * from './model/network.js'
export type * from './model/plan.js'
export type * from './model/report.js'
export type * from './model/state.js'
export type { About, Span, Trace } from './model/trace.js'
export { type Recorder, recorder } from './pipeline/recorder.js'
export {
  applyPlan,
  compile,
  diff,
  down,
  gc,
  inspect,
  labOf,
  list,
  namespaces,
  order,
  plan,
  processes,
  type RunOptions,
  up,
  validate,
  type WatchOptions,
  watch,
} from './pipeline.js'
export { renderDiagnostics } from './render/diagnostics.js'
export { renderProfile } from './render/profile.js'
export { renderTimings, timingsOf } from './render/timings.js'
export { version } from './version.js'

/** A topology's text as what the other functions take: YAML or JSON, not read from a file unless `path` says so. */
export function source(text: string, more: Partial<Omit<Source, 'text'>> = {}): Source {
  return { text, label: more.path ?? '-', variables: {}, environment: process.env, files: finder(), ...more }
}

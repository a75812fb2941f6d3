/** READ FIRST: each command as a few lines of passes. */
import type { Kernel } from './kernel/kernel.js'
import type { Source } from './model/document.js'
import type { Plan } from './model/plan.js'
import type {
  Compiled,
  DiffReport,
  DownReport,
  Inspection,
  LabStatus,
  Planned,
  Result,
  UpReport,
} from './model/report.js'

export interface RunOptions {
  /** Warnings are errors; foreign things are differences. */
  readonly strict?: boolean
  /** Foreign things are removed. */
  readonly prune?: boolean
  /** A lab without a record is taken over. */
  readonly adopt?: boolean
  /** What a refused run has done is left for a look. */
  readonly keep?: boolean
  /** Called between batches, with what is done of how much. */
  readonly progress?: (done: number, total: number, phase: string) => void
  /** Checked between batches: the run stops and is undone. */
  readonly signal?: AbortSignal
}

export declare function compile(source: Source): Result<Compiled>
export declare function validate(source: Source, options?: RunOptions): Result<Compiled>
export declare function up(source: Source, kernel: Kernel, options?: RunOptions): Promise<Result<UpReport>>
export declare function plan(source: Source, kernel: Kernel, options?: RunOptions): Result<Planned>
/** Runs a saved plan: refuses when the kernel has moved on since. */
export declare function applyPlan(
  source: Source,
  saved: Plan,
  kernel: Kernel,
  options?: RunOptions,
): Promise<Result<UpReport>>
/** A file against the kernel, or, by a lab's name, what was last applied. */
export declare function diff(
  subject: Source | { readonly lab: string },
  kernel: Kernel,
  options?: RunOptions,
): Result<DiffReport>
export declare function down(lab: string, kernel: Kernel): Result<DownReport>
export declare function list(kernel: Kernel): readonly LabStatus[]
/** The lab that was recorded for this file, or else the lab of the name that the file would have. */
export declare function labOf(source: Source, kernel: Kernel): string
export declare function inspect(lab: string, kernel: Kernel, nodes?: readonly string[]): Result<Inspection>

/** What came of the tests of a lab. */
import type { Assertion } from './assertion.js'
import type { Passage } from './explanation.js'

/** Why something is not true. */
export interface Failure {
  /** What was looked at: `h1 → h2`. */
  readonly subject: string
  /** In plain words. */
  readonly text: string
  /** The way of the packets, where that explains it. */
  readonly passages: readonly Passage[]
}

export interface Verdict {
  readonly assertion: Assertion
  /** In one line: `reach: h1 → h2`. */
  readonly name: string
  /** None where it is true. */
  readonly failures: readonly Failure[]
  readonly milliseconds: number
}

export interface TestReport {
  readonly lab: string
  readonly verdicts: readonly Verdict[]
  readonly milliseconds: number
}

export interface CommandOutput {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in a node, which is ended when its milliseconds are over. */
export type RunIn = (node: string, command: readonly string[], within: number) => Promise<CommandOutput>

/** What the benchmark asks of everything that builds networks. */
import type { Network } from '../../src/model/network.js'
import type { Meter, Sample } from '../measure.js'
import type { Work } from '../workloads.js'

/** One network to be built by each tool in turn. */
export interface Task {
  readonly work: Work
  /** The lab's name, the same for each tool. */
  readonly lab: string
  readonly network: Network
  /** For the tool's files; it has nothing of other tasks or tools. */
  readonly folder: string
  readonly meter: Meter
}

export interface Run {
  up(): Promise<Sample> | Sample
  down(): Promise<Sample> | Sample
  /** The file of a node's network namespace while it is up; without it, the node's name in /run/netns. */
  namespace?(node: string): string
}

export interface Tool {
  readonly name: string
  /** For the page: what of the tool is run. */
  readonly how: string
  /** Its version, or why it is left out. */
  version(): { readonly is: string } | { readonly absent: string }
  /** The largest network that it is given, and why no larger one. */
  readonly most?: { readonly nodes: number; readonly why: string }
  readonly shapes?: readonly Work['shape'][]
  /** Its nodes have mounts and processes of their own. */
  readonly hosts?: true
  /** Writes the tool's files; not measured. */
  begin(task: Task): Run | Promise<Run>
}

export const noSuch = (what: string) => ({ absent: `${what} is not installed; bench/install-peers installs it` })

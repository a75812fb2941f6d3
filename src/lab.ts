/** A topology in; a lab that is up, in the hands of this program, out: networks as test fixtures. */
import { linux } from './kernel/linux.js'
import type { Lab, LabOptions } from './lab/lab.js'
import { type Topology, textOf } from './lab/source.js'
import { removeOrphans } from './lab/unique.js'
import { bringUp } from './lab/up.js'

export type { AddressOptions } from './lab/addresses.js'
export type { Edit, EditableTopology } from './lab/edit.js'
export type { CommandOptions, ExecOptions, ExecResult } from './lab/exec.js'
export { CommandError, type Ended, LabError } from './lab/failure.js'
export { type Explained, Lab, type LabOptions } from './lab/lab.js'
export type { Lines } from './lab/lines.js'
export type { LabNode, ListenOptions } from './lab/node.js'
export type { Program, SpawnOptions } from './lab/program.js'
export type { Readiness } from './lab/ready.js'
export type { ConnectOptions } from './lab/sockets.js'
export type { Topology } from './lab/source.js'

/**
 * Brings a network up, from a file, from a plain object, or from YAML after the word itself:
 *
 * ```ts
 * await using net = await lab('router.yaml')
 * await using net = await lab`links: [[h1, h2]]`
 * ```
 *
 * It has a name of its own, so that tests side by side do not meet, and it is gone when its block ends, `down` is called,
 * or the process ends; what a process that was killed has left is taken away by the next one.
 * @throws LabError for a topology with errors, for what the kernel refuses, and where nothing can be made, with the reason
 */
export function lab(topology: Topology, options?: LabOptions): Promise<Lab>
export function lab(text: TemplateStringsArray, ...values: readonly unknown[]): Promise<Lab>
export async function lab(topology: Topology | TemplateStringsArray, ...more: readonly unknown[]): Promise<Lab> {
  const kernel = machine()
  await cleaned(kernel)
  if (isTemplate(topology)) return bringUp(textOf(topology, more), {}, kernel)
  return bringUp(topology, (more[0] ?? {}) as LabOptions, kernel)
}

function isTemplate(topology: Topology | TemplateStringsArray): topology is TemplateStringsArray {
  return Array.isArray(topology) && 'raw' in topology
}

/** `NSTOPO_STATE_DIR` stands for /run/nstopo. */
function machine() {
  const stateDirectory = process.env.NSTOPO_STATE_DIR
  return linux(stateDirectory ? { stateDirectory } : {})
}

let cleaning: Promise<void> | undefined

/** Once in a process. */
function cleaned(kernel: ReturnType<typeof machine>): Promise<void> {
  cleaning ??= removeOrphans(kernel).catch(() => {})
  return cleaning
}

/** A command and a node in; this process becomes the command there. */
import { ownEnvironment } from '../../src/kernel/child.js'
import type { Kernel } from '../../src/kernel/kernel.js'
import { watching } from './timing.js'

export interface Entry {
  readonly kernel: Kernel
  readonly lab: string
  readonly node: string
  readonly command: readonly string[]
  /** Over the node's own environment. */
  readonly variables?: Readonly<Record<string, string>>
  readonly user?: string | undefined
  readonly workdir?: string | undefined
}

/**
 * Who is on the way tells himself what is refused (native/init/init.c).
 * @throws SystemError where no step is taken towards it
 */
export function enter({ kernel, lab, node, command, variables, ...entry }: Entry): never {
  // Afterwards nothing of ours is left that could tell.
  watching()?.end(0)
  return kernel.enter(kernel.space(lab), node, {
    command,
    environment: ownEnvironment(),
    variables: { NSTOPO_LAB: lab, NSTOPO_NODE: node, ...variables },
    ...entry,
  })
}

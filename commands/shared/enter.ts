/** A command and a node in; this process becomes the command there, or an exit status comes out. */
import { error } from '../../src/diagnostic.js'
import { ownEnvironment } from '../../src/kernel/child.js'
import { type Kernel, SystemError } from '../../src/kernel/kernel.js'
import { finish } from './output.js'
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

/** Returns only when no step is taken towards it; who is on the way tells himself what is refused (native/init/init.c). */
export function enter({ kernel, lab, node, command, variables, ...entry }: Entry): number {
  // Afterwards nothing of ours is left that could tell.
  watching()?.end(0)
  try {
    return kernel.enter(kernel.space(lab), node, {
      command,
      environment: ownEnvironment(),
      variables: { NSTOPO_LAB: lab, NSTOPO_NODE: node, ...variables },
      ...entry,
    })
  } catch (thrown) {
    return failed(thrown)
  }
}

function failed(thrown: unknown): number {
  if (!(thrown instanceof SystemError)) throw thrown
  return finish({ command: 'exec', diagnostics: [error('kernel-refused', thrown.message)], status: 125 }, {})
}

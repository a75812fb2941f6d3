/** The environment in, this machine's kernel out. */
import type { Kernel } from '../../src/kernel/kernel.js'
import { linux } from '../../src/kernel/linux.js'
import { watching } from './timing.js'

/** `NSTOPO_STATE_DIR` stands for /run/nstopo. */
export function machine(): Kernel {
  const stateDirectory = process.env.NSTOPO_STATE_DIR
  const kernel = linux(stateDirectory ? { stateDirectory } : {})
  return watching()?.kernel(kernel) ?? kernel
}

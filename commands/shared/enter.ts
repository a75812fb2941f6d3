/** A command and a node in; this process becomes the command there, or an exit status comes out. */
import { error } from '../../src/diagnostic.js'
import { ownEnvironment } from '../../src/kernel/child.js'
import type { Kernel } from '../../src/kernel/kernel.js'
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

/** Returns only when the command can't be run: 127 not found, 126 not executable, 125 anything else. */
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
    return failed(thrown, command[0] ?? '')
  }
}

/** execve(2) */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it is a folder, or not marked as executable (chmod +x)',
  ENOEXEC: 'it is neither a program nor a script with #!',
}

function failed(thrown: unknown, name: string): number {
  if (!(thrown instanceof Error)) throw thrown
  const { errno, operation } = { errno: '', operation: '', ...thrown }
  const executing = operation.startsWith('execute')
  const status = executing && errno === 'ENOENT' ? 127 : executing ? 126 : 125
  const code = status === 127 ? 'not-found' : status === 125 && errno !== 'EPERM' ? 'kernel-refused' : 'not-permitted'
  const why = status === 126 ? `${name} can’t be executed: ${reasons[errno] ?? errno}` : thrown.message
  const message = status === 127 ? `there is no command ${name}` : why
  const hint = status === 125 && code === 'not-permitted' ? { hint: 'run it with sudo' } : {}
  return finish({ command: 'exec', diagnostics: [error(code, message, undefined, hint)], status }, {})
}

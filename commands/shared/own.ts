/** A command line in; this process as the same one where an ordinary user is root, out; or it returns, where nothing is to be done. */
import { isPrivileged } from '../../src/kernel/capability.js'
import { ownEnvironment } from '../../src/kernel/child.js'
import { SystemError } from '../../src/kernel/kernel.js'
import { isHeld, waitingBeside } from '../../src/kernel/rootless/beside.js'
import { enterHolder } from '../../src/kernel/rootless/holder.js'
import { enterTree } from '../../src/kernel/rootless/tree.js'

/** These look at no machine. */
const anywhere = new Set(['validate', 'graph', 'completion', 'version', 'help'])

/** Without root, labs live in a user namespace, and so does every command that has to do with them. */
export function goToOwn(argv: readonly string[]): void {
  const [first = ''] = argv
  // It was tried, and commands/shared/dispatch.ts says why it is of no use.
  if (process.env.NSTOPO_REFUSED !== undefined) return
  if (!/^[a-z]+$/.test(first) || anywhere.has(first) || asks(argv, '--help', '-h')) return
  const again = [process.execPath, ...process.execArgv, process.argv[1]!, ...argv]
  try {
    if (first === 'run' && !keeps(argv)) goToTree(again)
    else if (!isPrivileged()) enterHolder(again, ownEnvironment())
  } catch (thrown) {
    // What forbids it is found again, and said, by who wants to make something (kernel/obstacle.ts).
    if (!(thrown instanceof SystemError)) throw thrown
  }
}

/** A run that may leave its lab has an ordinary one. */
function keeps(argv: readonly string[]): boolean {
  return asks(argv, '--keep-on-failure') || /^(1|true|yes|y|on)$/i.test(process.env.NSTOPO_RUN_KEEP_ON_FAILURE ?? '')
}

/**
 * Becomes the same command line in processes and mounts of its own, which go with it whatever ends it; returns in there, or
 * where that is refused: then a kill leaves what was made.
 */
export function holdByTree(command: string, argv: readonly string[]): void {
  try {
    goToTree([process.execPath, ...process.execArgv, process.argv[1]!, command, ...argv])
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
  }
  waitingBeside()?.cancel()
}

/** Unless we are in it. */
function goToTree(again: readonly string[]): void {
  if (!isHeld()) enterTree(again, ownEnvironment())
}

function asks(argv: readonly string[], ...words: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).some(word => words.includes(word))
}

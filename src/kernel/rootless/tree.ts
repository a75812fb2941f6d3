/** A command in; this process as what waits for it out: the command has mounts and processes of its own, and takes all along. */
import { become } from '../become.js'
import { isPrivileged } from '../capability.js'
import { launcher } from '../host/launch.js'
import { subordinateIds } from './ids.js'
import { treeOf, treeOfRoot } from './steps.js'

/**
 * What the command makes is held by this process and its children alone: whichever of them is killed, the kernel ends all
 * the others, and takes away every mount, name and namespace. An ordinary user is root inside. Returns only to throw.
 */
export function enterTree(command: readonly string[], environment: Readonly<Record<string, string>>): never {
  return become(launcher(isPrivileged() ? treeOfRoot : treeOf(subordinateIds()), command), environment)
}

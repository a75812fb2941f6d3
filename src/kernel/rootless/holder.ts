/** A command in; this process as that command, with an ordinary user's labs around it and root among them, out (user_namespaces(7)). */
import { become } from '../become.js'
import { launcher, runSteps } from '../host/launch.js'
import { identityIn, isAlive } from '../host/living.js'
import { SystemError } from '../kernel.js'
import { ownFolder } from './folder.js'
import { subordinateIds } from './ids.js'
import { ownNamespaces } from './steps.js'

/**
 * Finds the process that holds this user's labs, or makes it, and becomes the command in its namespaces. Returns only to throw.
 * @throws SystemError where a user namespace is refused, or there is no folder that is safe
 */
export function enterHolder(command: readonly string[], environment: Readonly<Record<string, string>>): never {
  const folder = ownFolder()
  const holder = identityIn(`${folder}/holder`)
  if (!holder || !isAlive(holder)) makeHolder(folder)
  return become(launcher([{ do: 'join', path: folder }, { do: 'wait' }], command), environment)
}

/** Several may try at once: the others then find it made. */
function makeHolder(folder: string): void {
  try {
    runSteps([
      { do: 'alone', path: folder, guest: process.pid },
      { do: 'start', path: `${folder}/holder` },
      ...ownNamespaces(subordinateIds(), 'fork'),
      { do: 'tend', path: folder, title: 'nstopo-holder' },
    ])
  } catch (thrown) {
    // The folder went with the last holder just now: whoever joins finds none, and begins anew.
    const wentMeanwhile =
      thrown instanceof SystemError && thrown.errno === 'ENOENT' && thrown.operation === `lock ${folder}`
    if (!wentMeanwhile) throw thrown
  }
}

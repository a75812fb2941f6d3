/** Ids in; the steps that make namespaces of a user's own, in which he is root, out (native/init/init.c). */
import type { Step } from '../host/steps.js'
import type { Ids } from './ids.js'

/** Names below /run of which whoever holds labs has its own. */
const apart = ['netns', 'nstopo', 'nstopo.lock']

/** What the machine mounts later is seen; the state folder and the names of namespaces are one's own. */
const ownView: readonly Step[] = [
  { do: 'propagation', kind: 'slave' },
  { do: 'renew', path: '/run', without: apart },
  { do: 'mount', type: 'proc', path: '/proc' },
]

/** @param child whether this process ends when the first one inside is made, or waits for it */
export function ownNamespaces(ids: Ids | undefined, child: 'fork' | 'wait'): readonly Step[] {
  return [{ do: 'mine', ...ids }, { do: 'unshare', kinds: ['mnt', 'uts', 'pid'] }, { do: child }, ...ownView]
}

const tell: Step = { do: 'tell' }
const first: Step = { do: 'first', title: 'nstopo-run' }

/** What holds a lab for as long as a command runs: of an ordinary user, and of root. */
export const treeOf = (ids: Ids | undefined): readonly Step[] => [tell, ...ownNamespaces(ids, 'wait'), first]
export const treeOfRoot: readonly Step[] = [
  tell,
  { do: 'unshare', kinds: ['mnt', 'pid'] },
  { do: 'wait' },
  ...ownView,
  first,
]

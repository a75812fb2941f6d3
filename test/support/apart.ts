/** The words that start a command in a user namespace of its own, whose limits are its own too, apart from all others; whether they can. */
import { spawnSync } from 'node:child_process'

/** Processes, mounts and names are its own; the hostname is still the machine's, which that root may not set. */
export const apart: readonly [string, ...string[]] = [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  '--net',
  '--pid',
  '--fork',
  '--mount-proc',
  '--kill-child',
]

export const isApartPossible =
  spawnSync(apart[0], [...apart.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/run']).status === 0

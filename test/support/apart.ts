/** A script and a topology in; what came of it in a user namespace of its own, whose limits are its own too, apart from all others, out. */
import { execFileSync, spawnSync } from 'node:child_process'
import { inFolder, root } from '../commands/program.js'

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

const program = `${process.execPath} ${root}dist/nstopo.cjs`

/** What a shell script prints, `$N` being the built program and `lab.yaml` the topology; /run is empty. */
export function scripted(script: string, topology: string, [unshare, ...words]: typeof apart = apart): string {
  return inFolder({ 'lab.yaml': topology }, cwd =>
    execFileSync(unshare, [...words, 'sh', '-c', `mount -t tmpfs tmpfs /run; exec 2>&1; ${script}`], {
      ...{ cwd, encoding: 'utf8', timeout: 300_000, killSignal: 'SIGKILL' },
      env: { PATH: process.env.PATH ?? '', HOME: '/root', N: program },
    }),
  )
}

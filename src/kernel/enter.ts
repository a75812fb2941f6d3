/** Becomes a command in a node: this process's image is replaced, so nothing of ours stays behind (kernel: execve(2), setns(2)). */
import { accessSync, constants, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import { CLONE_NEWNS, MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REC, MS_SLAVE } from '../../native/constants.js'
import { mount, umount2, unshare } from '../../native/libc.js'
import { become } from './become.js'
import { checked, codeOf, refused } from './errors.js'
import { intoHost, stepsAs } from './host/into.js'
import { launcher } from './host/launch.js'
import { type LivingHost, livingHost, type Place, recordedInit } from './host/living.js'
import { enterUts } from './host/uts.js'
import { type Entry, SystemError } from './kernel.js'
import { pinPath } from './names.js'
import { goTo } from './thread.js'

/** A node, and how to open its network namespace. */
export interface Door {
  readonly node: string
  readonly open: () => number
}

/**
 * Returns only to throw. Into a host it is the launcher that goes on (host/into.ts), and says itself what is refused then.
 * @throws SystemError ENOENT when there is no such command (exit status 127), EACCES when it can't be executed (126)
 */
export function enterNode(place: Place, door: Door, entry: Entry): never {
  const host = livingHost(place, door.node)
  if (host) return enterHost(host, entry)
  if (recordedInit(place, door.node))
    throw new SystemError(`enter the host ${door.node}`, 'ESRCH', 'its init has ended: nstopo up makes it anew')
  return enterPlain(place, door, entry)
}

function enterHost(host: LivingHost, { command, user, workdir, ...entry }: Entry): never {
  const child = host.host.isolate.includes('pid') ? 'wait' : 'become'
  const environment = { ...entry.environment, ...host.host.environment, ...entry.variables }
  become(intoHost(host, command, { user, workdir, child }), environment)
}

function enterPlain({ names }: Place, { node, open }: Door, { command, user, workdir, ...entry }: Entry): never {
  const environment = { ...entry.environment, ...entry.variables }
  const program = findProgram(command[0] ?? '', environment.PATH)
  goTo(pinPath(names, node), open)
  enterUts(names, node)
  ownSys()
  const steps = stepsAs({ user, workdir })
  if (steps.length > 0) return become(launcher(steps, command), environment)
  become(command, environment, program)
}

/** The file that a command's name stands for, as execvp(3) looks it up. */
function findProgram(name: string, path = '/usr/local/bin:/usr/bin:/bin'): string {
  const candidates = name.includes('/') ? [name] : path.split(':').map(folder => `${folder || '.'}/${name}`)
  const refusals = candidates.map(candidate => ({
    candidate,
    errno: name === '' ? os.errno.ENOENT : whyNot(candidate),
  }))
  const found = refusals.find(({ errno }) => errno === 0)
  if (found) return found.candidate
  const forbidden = refusals.some(({ errno }) => errno === os.errno.EACCES)
  throw refused(forbidden ? os.errno.EACCES : os.errno.ENOENT, `execute ${name}`)
}

function whyNot(path: string): number {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile() ? 0 : os.errno.EACCES
  } catch (error) {
    return codeOf(error) === 'EACCES' ? os.errno.EACCES : os.errno.ENOENT
  }
}

/** A /sys that shows the node's interfaces: an old one shows the namespace that it was mounted in. */
function ownSys(): void {
  checked(unshare(CLONE_NEWNS), 'make a mount namespace')
  checked(mount(null, '/', null, MS_REC | MS_SLAVE, null), 'keep mounts from spreading')
  umount2('/sys', MNT_DETACH)
  const mounted = mount('nstopo', '/sys', 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, null)
  if (mounted !== -os.errno.ENOENT) checked(mounted, 'mount /sys')
}

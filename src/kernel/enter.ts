/** Becomes a command in a node: this process's image is replaced, so nothing of ours stays behind (kernel: execve(2), setns(2)). */
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import {
  CLONE_NEWNS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  MNT_DETACH,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_REC,
  MS_SLAVE,
  RLIMIT_NOFILE,
} from '../../native/constants.js'
import { defaultSignal, execve, fcntl, getrlimit, mount, setrlimit, umount2, unshare } from '../../native/libc.js'
import { checked, codeOf, refused } from './errors.js'
import { goTo } from './thread.js'

/** A namespace: a name that is its own, and how to open it. */
export interface Door {
  readonly name: string
  readonly open: () => number
}

/**
 * Returns only to throw.
 * @throws SystemError ENOENT when there is no such command (exit status 127), EACCES when it can't be executed (126)
 */
export function enterNamespace(
  door: Door,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): never {
  const program = findProgram(command[0] ?? '', environment.PATH)
  goTo(door.name, door.open)
  ownSys()
  cleanDescriptors()
  // Node ignores these two; what is ignored stays so in the new image.
  for (const signal of [os.signals.SIGPIPE, os.signals.SIGXFSZ]) defaultSignal(signal)
  restoreDescriptorLimit()
  const variables = [...Object.entries(environment).map(([name, value]) => `${name}=${value}`), null]
  const result = execve(program, [...command, null], variables)
  // As execvp(3) does: a text without a first line that names its interpreter is the shell's.
  if (result === -os.errno.ENOEXEC) execve('/bin/sh', ['/bin/sh', program, ...command.slice(1), null], variables)
  throw refused(-result, `execute ${command[0]}`)
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

/** Node marks its standard streams to be closed, and may have made them non-blocking: programs expect neither. */
function cleanDescriptors(): void {
  for (const fd of [0, 1, 2]) {
    const [flags, status] = [fcntl(fd, F_GETFD, 0), fcntl(fd, F_GETFL, 0)]
    if (flags > 0) fcntl(fd, F_SETFD, flags & ~1)
    if (status > 0 && status & constants.O_NONBLOCK) fcntl(fd, F_SETFL, status & ~constants.O_NONBLOCK)
  }
}

/** Node raises its soft limit of descriptors to the hard one; who started us still has what was meant for the command. */
function restoreDescriptorLimit(): void {
  const soft = /^Max open files\s+(\d+)/m.exec(parentLimits())?.[1]
  const limit = Buffer.alloc(16)
  if (soft === undefined || getrlimit(RLIMIT_NOFILE, limit) < 0) return
  if (BigInt(soft) > limit.readBigUInt64LE(8)) return
  limit.writeBigUInt64LE(BigInt(soft), 0)
  setrlimit(RLIMIT_NOFILE, limit)
}

function parentLimits(): string {
  try {
    return readFileSync(`/proc/${process.ppid}/limits`, 'utf8')
  } catch {
    return ''
  }
}

/** A command in; this process as that command out, as its parent would have started it (execve(2)). */
import { constants, readFileSync } from 'node:fs'
import { constants as os } from 'node:os'
import { F_GETFD, F_GETFL, F_SETFD, F_SETFL, RLIMIT_NOFILE } from '../../native/constants.js'
import { defaultSignal, execve, fcntl, getrlimit, setrlimit } from '../../native/libc.js'
import { refused } from './errors.js'
import { leaving } from './leaving.js'

/** This process's image is replaced: returns only to throw. */
export function become(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  program = command[0]!,
): never {
  leaving()
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

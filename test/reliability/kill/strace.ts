/** A command → the system calls by which it changes the machine, one by one; the same command, killed at one of them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The `count`th call of that name by the process's first thread. */
export interface Instant {
  readonly call: string
  readonly count: number
  /** As strace(1) shows it. */
  readonly shown: string
}

/** What a command was doing when it was killed; undefined where it ended by itself first. */
export interface Ended {
  readonly at: string | undefined
  readonly status: number | null
  readonly stderr: string
}

const calls = [
  'mkdir,mkdirat,rmdir,mount,umount2,fsopen,fsconfig,fsmount,open_tree,move_mount,mount_setattr,symlink,symlinkat,link,linkat',
  'unlink,unlinkat,rename,renameat,renameat2,openat,write,writev,pwrite64,ftruncate,fsync,flock,chmod,fchmod,chown,fchown',
  'unshare,sendto,sendmsg,ioctl,kill,tgkill,pidfd_send_signal',
].join(',')

/** Opening to read, asking a terminal, speaking to it, and waking another thread change nothing. */
const idle = [
  /^openat\((?!.*O_(CREAT|WRONLY|RDWR))/,
  /^ioctl\((?!.*TUN)/,
  /^(write|fsync)\([12]\b/,
  /^write\(\d+, "(\\1(\\0)+|\*)", [18]\)/,
]

/** Messages of rtnetlink come in fours: new, delete, get, set (linux/rtnetlink.h). */
const asks = (shown: string) => Number(/nlmsg_type=(0x[0-9a-f]+)/.exec(shown)?.[1]) % 4 === 2

/** Each call by which the command changes something, from when it comes near the state folder on. */
export function instantsOf(command: readonly string[]): readonly Instant[] {
  const { lines } = traced([], command)
  const counts = new Map<string, number>()
  const all = lines.flatMap(shown => {
    const call = /^\w+(?=\()/.exec(shown)?.[0]
    if (call === undefined) return []
    counts.set(call, (counts.get(call) ?? 0) + 1)
    return [{ call, count: counts.get(call)!, shown }]
  })
  const begins = all.findIndex(({ shown }) => shown.includes('"/run/nstopo'))
  return all.slice(begins).filter(({ shown }) => !asks(shown) && !idle.some(pattern => pattern.test(shown)))
}

/** A process that is killed when it enters a system call does not do it any more. */
export function killedAt({ call, count }: Pick<Instant, 'call' | 'count'>, command: readonly string[]): Ended {
  const { lines, status, stderr } = traced(['-e', `inject=${call}:signal=SIGKILL:when=${count}`], command)
  const killed = lines.at(-1)?.startsWith('+++ killed by SIGKILL')
  const last = lines.findLast(line => /^\w+\(/.test(line))?.replace(/ <unfinished.*| += \?$/, '')
  return { at: killed ? last : undefined, status, stderr }
}

/** What the first thread called, in its order: strace does not wait for what the command leaves running. */
function traced(more: readonly string[], command: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'nstopo-kill-'))
  try {
    const file = join(folder, 'calls')
    const words = ['-q', '-s', '64', '-e', `trace=${calls}`, ...more, '-o', file, ...command]
    const { status, stderr } = spawnSync('strace', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH ?? '' },
    })
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    return { lines, status, stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

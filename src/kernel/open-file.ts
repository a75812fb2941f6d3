/** A path of a node's own view in, a descriptor out (openat2(2)): no link leads out of the view, whoever put it there. */
import { constants as os } from 'node:os'
import { O_CLOEXEC, O_PATH, RESOLVE_IN_ROOT } from '../../native/constants.js'
import { close, open, openat2 } from '../../native/libc.js'
import { checked, refused } from './errors.js'

/** What a process's `root` is a link to: its own mounts below it. */
const rootOf = (pid: number) => `/proc/${pid}/root/`

/** @param init the process that holds the node's mounts, at this moment; none where they are the machine's */
export function openFile(init: () => number | undefined, path: string, flags: number): number {
  const root = openRoot(init)
  try {
    return checked(openat2(root, path, howTo(flags), 24), () => `open ${path}`)
  } finally {
    close(root)
  }
}

/** Another process may have the number by now; with the folder open, it is asked again whose it is. */
function openRoot(init: () => number | undefined): number {
  const pid = init()
  const path = pid === undefined ? '/' : rootOf(pid)
  const root = checked(open(path, O_PATH | O_CLOEXEC, 0), 'open the root of the node')
  if (init() === pid) return root
  close(root)
  throw refused(os.errno.ESRCH, 'open the root of the node')
}

/** struct open_how: flags, mode, resolve. Links with their own mind, such as /proc/PID/fd/1, are not followed either. */
function howTo(flags: number): Buffer {
  const how = Buffer.alloc(24)
  how.writeBigUInt64LE(BigInt(flags | O_CLOEXEC), 0)
  how.writeBigUInt64LE(BigInt(RESOLVE_IN_ROOT), 16)
  return how
}

/** A mount namespace in; what this thread does there at once out. It comes home before anything else runs (setns(2)). */
import { constants } from 'node:fs'
import { CLONE_FS, CLONE_NEWNS, O_CLOEXEC, O_PATH } from '../../../native/constants.js'
import { chroot, close, fchdir, open, setns, unshare } from '../../../native/libc.js'
import { checked } from '../errors.js'
import { SystemError } from '../kernel.js'
import { inodeOfDescriptor } from '../nsfs.js'

/**
 * Runs `work`, which awaits nothing, with the mounts of that namespace (such as /proc/1/ns/mnt).
 * @throws SystemError EPERM where they are the ones of this process: they are the machine's
 */
export function inMounts<T>(path: string, work: () => T): T {
  const opened: number[] = []
  const hold = (name: string, flags: number) => {
    opened.push(checked(open(name, flags | O_CLOEXEC, 0), () => `open ${name}`))
    return opened.at(-1)!
  }
  try {
    const there = hold(path, constants.O_RDONLY)
    const home = hold('/proc/thread-self/ns/mnt', constants.O_RDONLY)
    if (inodeOfDescriptor(there) === inodeOfDescriptor(home))
      throw new SystemError(`enter ${path}`, 'EPERM', 'these are the mounts of the machine itself')
    const [root, folder] = [hold('/', O_PATH), hold('.', O_PATH)]
    return visit({ there, home, root, folder }, work)
  } finally {
    for (const descriptor of opened) close(descriptor)
  }
}

interface Way {
  readonly there: number
  readonly home: number
  /** Where this process has its root and its working folder, which a change of mounts moves. */
  readonly root: number
  readonly folder: number
}

function visit<T>({ there, home, root, folder }: Way, work: () => T): T {
  // Other threads have the same root and folder, until one takes its own; they stay where they are.
  checked(unshare(CLONE_FS), 'take a working folder of our own')
  checked(setns(there, CLONE_NEWNS), 'enter the mounts of a node')
  try {
    return work()
  } finally {
    checked(setns(home, CLONE_NEWNS), 'return to the mounts of the machine')
    checked(fchdir(root), 'return to the root')
    checked(chroot('.'), 'return to the root')
    checked(fchdir(folder), 'return to the working folder')
  }
}

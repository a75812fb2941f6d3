/** A node in; its UTS namespace, pinned in the lab's tmpfs, out: made, joined, read, taken away (uts_namespaces(7)). */
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { hostname } from 'node:os'
import { CLONE_NEWUTS, LOCK_EX, MNT_DETACH, MS_BIND, O_CLOEXEC } from '../../../native/constants.js'
import { close, flock, mount, open, sethostname, setns, umount2, unshare } from '../../../native/libc.js'
import { attempt, checked } from '../errors.js'
import { type Names, utsPath } from '../names.js'
import { inodeOf } from '../nsfs.js'
import { removeIfThere } from '../safe.js'

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | O_CLOEXEC

/** Goes, for good, to the UTS namespace of a plain node; who comes first makes it. @throws SystemError */
export function enterUts(names: Names, node: string): void {
  const lock = lockFolder(names)
  try {
    if (inodeOf(utsPath(names, node)) === undefined) makeUts(names, node)
    else join(utsPath(names, node), node)
  } finally {
    closeSync(lock)
  }
}

function makeUts(names: Names, node: string): void {
  checked(unshare(CLONE_NEWUTS), () => `make a UTS namespace for ${node}`)
  checked(sethostname(node, Buffer.byteLength(node)), () => `set the hostname of ${node}`)
  pinUts(names, node, '/proc/thread-self/ns/uts')
}

/** Pins the UTS namespace that a path of /proc leads to: while it is pinned, nobody else's has its number. */
export function pinUts(names: Names, node: string, source: string): void {
  const path = utsPath(names, node)
  // Most labs need no such folder.
  attempt(`make ${names.folder}/uts`, () => mkdirSync(`${names.folder}/uts`, { recursive: true, mode: 0o755 }))
  dropUts(names, node)
  close(checked(open(path, flags | constants.O_CREAT, 0), () => `make ${path}`))
  checked(mount(source, path, null, MS_BIND, null), () => `pin the UTS namespace of ${node}`)
}

export function dropUts(names: Names, node: string): void {
  const path = utsPath(names, node)
  if (inodeOf(path) !== undefined) checked(umount2(path, MNT_DETACH), () => `unpin the UTS namespace of ${node}`)
  removeIfThere(path)
}

/** The hostname that a process sees: one looks from there, and comes back. */
export function hostnameOf(pid: number): string {
  const home = checked(open('/proc/thread-self/ns/uts', O_CLOEXEC, 0), 'open our UTS namespace')
  try {
    join(`/proc/${pid}/ns/uts`, `process ${pid}`)
    const name = hostname()
    checked(setns(home, CLONE_NEWUTS), 'return to our UTS namespace')
    return name
  } finally {
    close(home)
  }
}

function join(path: string, whose: string): void {
  const fd = checked(open(path, O_CLOEXEC, 0), () => `open the UTS namespace of ${whose}`)
  const joined = setns(fd, CLONE_NEWUTS)
  close(fd)
  checked(joined, () => `enter the UTS namespace of ${whose}`)
}

/** Two commands may want to make it at once. */
function lockFolder({ folder }: Names): number {
  const lock = attempt(`open ${folder}`, () => openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY))
  checked(flock(lock, LOCK_EX), `lock ${folder}`)
  return lock
}

/** A node in; its UTS namespace, pinned in the lab's tmpfs, out: read, and taken away; a plain node's is made by who comes first (native/init/enter.c) (uts_namespaces(7)). */
import { constants, mkdirSync } from 'node:fs'
import { hostname, constants as os } from 'node:os'
import { CLONE_NEWUTS, MNT_DETACH, MS_BIND, O_CLOEXEC } from '../../../native/constants.js'
import { close, mount, open, setns, umount2, unshare } from '../../../native/libc.js'
import { attempt, checked } from '../errors.js'
import { type Names, utsPath } from '../names.js'
import { inodeOf } from '../nsfs.js'
import { removeIfThere } from '../safe.js'

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | O_CLOEXEC

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
  const home = openHome()
  try {
    join(`/proc/${pid}/ns/uts`, `process ${pid}`)
    const name = hostname()
    checked(setns(home, CLONE_NEWUTS), 'return to our UTS namespace')
    return name
  } finally {
    close(home)
  }
}

/** The root of a user namespace may leave the machine's own UTS namespace, and never come back: home is then a copy of it. */
function openHome(): number {
  const home = openOwn()
  if (setns(home, CLONE_NEWUTS) !== -os.errno.EPERM) return home
  close(home)
  checked(unshare(CLONE_NEWUTS), 'make a UTS namespace to come back to')
  return openOwn()
}

function openOwn(): number {
  return checked(open('/proc/thread-self/ns/uts', O_CLOEXEC, 0), 'open our UTS namespace')
}

function join(path: string, whose: string): void {
  const fd = checked(open(path, O_CLOEXEC, 0), () => `open the UTS namespace of ${whose}`)
  const joined = setns(fd, CLONE_NEWUTS)
  close(fd)
  checked(joined, () => `enter the UTS namespace of ${whose}`)
}

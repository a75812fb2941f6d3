/** User namespaces of nodes in; those that were made inside of them, and have processes, out (user_namespaces(7)). */
import { constants } from 'node:fs'
import { NS_GET_USERNS, O_CLOEXEC } from '../../../native/constants.js'
import { close, ioctlNumber, open } from '../../../native/libc.js'
import { pids, type Wanted } from '../holders.js'
import { inodeOfDescriptor, linkTarget } from '../nsfs.js'

/** The kernel's own tree: whoever is in one of these has come by way of the node, whatever else he has left since. */
export function madeInside(nodes: Wanted): Wanted {
  const found = new Map<string, string>()
  if (![...nodes.keys()].some(name => name.startsWith('user:'))) return found
  const seen = new Set<string>()
  for (const pid of pids()) {
    const path = `/proc/${pid}/ns/user`
    const name = linkTarget(path)
    if (name === undefined || seen.has(name) || nodes.has(name)) continue
    seen.add(name)
    const node = nodeAbove(path, nodes)
    if (node !== undefined) found.set(name, node)
  }
  return found
}

function nodeAbove(path: string, nodes: Wanted): string | undefined {
  let descriptor = open(path, constants.O_RDONLY | O_CLOEXEC, 0)
  while (descriptor >= 0) {
    const node = nodes.get(`user:[${inodeOfDescriptor(descriptor)}]`)
    // Above the first, and above our own, there is none to be seen.
    const above = node === undefined ? ioctlNumber(descriptor, NS_GET_USERNS, 0) : -1
    close(descriptor)
    if (node !== undefined) return node
    descriptor = above
  }
  return undefined
}

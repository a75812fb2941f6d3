/** The nodes of a lab in; what passed in each since one last asked out: a file for tcpdump and Wireshark. */
import { closeCapture, openCapture, readCapture } from '../kernel/capture.js'
import { unless } from '../kernel/errors.js'
import { type Context, withSpace } from './context.js'

/** In larger labs it would take much of the machine's memory. */
const mostNodes = 32

/** A kernel without packet sockets, or without the right to them: a lab serves without. */
const cannot = ['EAFNOSUPPORT', 'EPERM']

export interface Captures {
  /** Nodes may have come, or gone. */
  extend(): void
  /** What was kept is forgotten. */
  renew(): void
  /** By node: pcap files. */
  read(): ReadonlyMap<string, Buffer>
  /** Of nodes that do not stay: an open socket keeps a node's network alive. */
  closeOthers(staying: ReadonlySet<string>): void
}

export function capturesOf(context: Context): Captures {
  const sockets = new Map<string, number>()
  const closeOthers = (staying: ReadonlySet<string>) => {
    for (const [node, fd] of sockets)
      if (!staying.has(node)) {
        sockets.delete(node)
        closeCapture(fd)
      }
  }
  const extend = () =>
    withSpace(context, space => {
      const nodes = [...space.nodes().keys()].filter(node => !sockets.has(node))
      if (sockets.size + nodes.length > mostNodes) return
      for (const node of nodes) {
        const fd = unless(cannot, () => space.inside(node, openCapture))
        if (fd !== undefined) sockets.set(node, fd)
      }
    })
  const renew = () => {
    closeOthers(new Set())
    extend()
  }
  const read = () => new Map([...sockets].map(([node, fd]) => [node, readCapture(fd)]))
  extend()
  return { extend, renew, read, closeOthers }
}

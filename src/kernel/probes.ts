/** The nodes of a lab → questions and packets of our own from inside of them: what `Probes` promises. */
import { NETLINK_NETFILTER } from '../../native/constants.js'
import { errnoName } from '../../native/errno.js'
import { close, strerror } from '../../native/libc.js'
import { openSocket } from './conversation.js'
import { unless } from './errors.js'
import type { Answer, Probes, Refusal } from './kernel.js'
import { sendEcho } from './probes/echo.js'
import { filterRequest } from './probes/filters.js'
import { connectTcp, sendDatagram, serveTcp } from './probes/streams.js'
import { ask, dump } from './questions.js'
import { goHome, goTo, orHome } from './thread.js'

/** Kernels without nf_tables, or of which a node may not ask. */
const unfiltered = ['EPROTONOSUPPORT', 'EINVAL', 'ENOENT', 'EOPNOTSUPP', 'EPERM']

/** A network namespace: a name that is its own, and how to open it. */
interface Door {
  readonly name: string
  readonly open: () => number
}

export function probes(doorOf: (node: string) => Door): Probes {
  /** Opens something in the node, and comes home. */
  const inside = <T>(node: string, open: () => T): T =>
    orHome(() => {
      const door = doorOf(node)
      goTo(door.name, door.open)
      const opened = open()
      goHome()
      return opened
    })
  const talking = <T>(node: string, protocol: number | undefined, talk: (fd: number) => T): T => {
    const fd = inside(node, () => openSocket(protocol))
    try {
      return talk(fd)
    } finally {
      close(fd)
    }
  }

  return {
    ask: (node, questions) =>
      talking(node, undefined, fd => {
        const refusals = new Map<number, Refusal>()
        const refused = (index: number, errno: number) =>
          refusals.set(index, { index, errno: errnoName(errno), text: strerror(errno) })
        const answers: readonly (Answer | undefined)[] = ask(fd, questions, refused)
        return answers.map((answer, index) => answer ?? refusals.get(index) ?? unsaid(index))
      }),
    filters: (node, list) =>
      unless(unfiltered, () =>
        talking(node, NETLINK_NETFILTER, fd => dump({ socket: () => fd, hangUp() {} }, filterRequest(list))),
      ) ?? [],
    echo: (node, echo) => sendEcho(open => inside(node, open), echo),
    connect: (node, far, within) => connectTcp(open => inside(node, open), far, within),
    datagram: (node, far, sent) => sendDatagram(open => inside(node, open), far, sent),
    serve: (node, address, taken) => serveTcp(open => inside(node, open), address, taken),
  }
}

/** An answer that got lost. */
function unsaid(index: number): Refusal {
  return { index, errno: 'ENODATA', text: 'the kernel said nothing' }
}

/** Kinds of links, families and rules that a plan makes → what of it this kernel does not have. Nothing is made for it. */
import { constants, existsSync } from 'node:fs'
import { O_CLOEXEC } from '../../../native/constants.js'
import { errnoName } from '../../../native/errno.js'
import { close, open } from '../../../native/libc.js'
import type { Needs } from '../../model/needs.js'
import type { Family } from '../../model/network.js'
import { Batch } from '../../netlink/batch.js'
import { attribute, int32 } from '../attribute.js'
import { openSocket, sendBatch } from '../conversation.js'
import { type Shortage, SystemError } from '../kernel.js'
import type { Roots } from './figures.js'

export function missingFeatures(needs: Needs, roots: Roots): readonly Shortage[] {
  return [...missingByMessage(needs), ...missingDevice(needs), ...missingIpv6(needs, roots)]
}

const RTM_NEWLINK = 16
const RTM_NEWRULE = 32
const NLM_F_CREATE_EXCL = 0x600
const families: Readonly<Record<Family, { readonly number: number; readonly name: string }>> = {
  4: { number: 2, name: 'IPv4' },
  6: { number: 10, name: 'IPv6' },
}

interface Question extends Shortage {
  /** What the kernel says who does not have it; who has it says EINVAL. */
  readonly unless: string
  readonly ask: (batch: Batch) => void
}

/** In one batch: each message is refused, and the errno says why. */
function missingByMessage({ links, ruled }: Needs): readonly Shortage[] {
  const made = [...links].filter(([kind]) => kind !== 'tap' && kind !== 'tun')
  const questions = [...made.map(aboutKind), ...Array.from(ruled, aboutRules)]
  if (questions.length === 0) return []
  const batch = new Batch()
  for (const { ask } of questions) ask(batch)
  return refusalsOf(batch).flatMap(({ index, errno }) => {
    const { message, fix, fatal, unless: said } = questions[index]!
    return errno === said ? [{ message, fix, fatal }] : []
  })
}

function refusalsOf(batch: Batch): ReturnType<typeof sendBatch> {
  let socket: number | undefined
  try {
    socket = openSocket()
    return sendBatch(socket, batch)
  } catch (thrown) {
    if (thrown instanceof SystemError) return []
    throw thrown
  } finally {
    if (socket !== undefined) close(socket)
  }
}

/** No link has 5000 queues (rtnl_create_link in net/core/rtnetlink.c), but the kernel loads the module before it sees that. */
function aboutKind([kind, count]: readonly [string, number]): Question {
  const upper = kind.toUpperCase()
  return {
    unless: 'EOPNOTSUPP',
    message: `this kernel has no ${kind}, and the lab wants ${count}`,
    fix: `modprobe ${kind}; where there is no such module: a kernel with CONFIG_${upper}`,
    fatal: true,
    ask(batch) {
      batch.begin(RTM_NEWLINK, NLM_F_CREATE_EXCL)
      batch.reserve(16)
      // IFLA_NUM_TX_QUEUES, and IFLA_LINKINFO with IFLA_INFO_KIND.
      const attributes = Buffer.concat([attribute(31, int32(5000)), attribute(18, attribute(1, Buffer.from(kind)))])
      attributes.copy(batch.bytes, batch.reserve(attributes.length))
      batch.end()
    },
  }
}

/** A rule with the length of a prefix but without the prefix is none (validate_rulemsg in net/core/fib_rules.c). */
function aboutRules(family: Family): Question {
  const { number, name } = families[family]
  return {
    unless: 'EAFNOSUPPORT',
    message: `this kernel has no routing rules for ${name}, and the lab wants some`,
    fix: `a kernel with CONFIG_IP${family === 6 ? 'V6' : ''}_MULTIPLE_TABLES`,
    fatal: true,
    ask(batch) {
      batch.begin(RTM_NEWRULE, NLM_F_CREATE_EXCL)
      // struct fib_rule_hdr: the family, dst_len, src_len.
      const at = batch.reserve(12)
      batch.bytes[at] = number
      batch.bytes[at + 2] = 1
      batch.end()
    },
  }
}

/** Opening the file loads the module, where there is one. */
function missingDevice({ devices }: Needs): readonly Shortage[] {
  const descriptor = devices === 0 ? 0 : open('/dev/net/tun', constants.O_RDWR | O_CLOEXEC, 0)
  if (descriptor > 0) close(descriptor)
  if (descriptor >= 0) return []
  const message = `/dev/net/tun cannot be opened (${errnoName(-descriptor)}), and the lab’s tap and tun interfaces come from it`
  const fix = 'modprobe tun; in a container, start it with --device /dev/net/tun'
  return [{ message, fix, fatal: true }]
}

export const ipv6Fix = 'remove ipv6.disable=1 from the kernel’s command line, or: modprobe ipv6'

export function hasIpv6({ proc }: Roots): boolean {
  return existsSync(`${proc}/sys/net/ipv6`)
}

function missingIpv6({ families: used }: Needs, roots: Roots): readonly Shortage[] {
  if (!used.has(6) || hasIpv6(roots)) return []
  return [{ message: 'this kernel has no IPv6, and the lab has addresses or routes of it', fix: ipv6Fix, fatal: true }]
}

/** Which kinds of links the kernel has, tried in the namespace that the thread is in, which is thrown away afterwards. */
import { close } from '../../native/libc.js'
import { Batch } from '../netlink/batch.js'
import { attribute, int32 } from './attribute.js'
import { openSocket, sendBatch } from './conversation.js'
import { codeOf } from './errors.js'
import type { Check } from './kernel.js'
import { createTun } from './tun.js'

interface Trial {
  readonly kind: string
  readonly core: boolean
  /** What stands in the message besides the kind: IFLA_LINK, and IFLA_INFO_DATA. */
  readonly link?: number
  readonly data?: readonly Buffer[]
}

const RTM_NEWLINK = 16
const NLM_F_CREATE_EXCL = 0x600
const first = 1001

/** The macvlan stands on the veth that is made first. IFLA_VXLAN_ID 1, IFLA_VXLAN_PORT 15 (4789, big-endian). */
const trials: readonly Trial[] = [
  { kind: 'veth', core: true },
  { kind: 'bridge', core: true },
  { kind: 'vxlan', core: false, data: [attribute(1, int32(100)), attribute(15, Buffer.from([0x12, 0xb5]))] },
  { kind: 'macvlan', core: false, link: first },
]

/** One check a kind. */
export function tryKinds(): readonly Check[] {
  const socket = openSocket()
  const batch = new Batch()
  for (const [index, trial] of trials.entries()) createLink(batch, trial, first + index)
  const refusals = new Map(sendBatch(socket, batch).map(refusal => [refusal.index, refusal]))
  close(socket)
  const links = trials.map(({ kind, core }, index): Check => {
    const refusal = refusals.get(index)
    if (!refusal) return { name: kind, core, ok: true, finding: 'can be made' }
    return {
      name: kind,
      core,
      ok: false,
      finding: `${refusal.errno} (${refusal.message ?? refusal.text})`,
      fix: `modprobe ${kind}`,
    }
  })
  return [...links, tryTun()]
}

function tryTun(): Check {
  try {
    createTun({ name: 'tun0', mode: 'tun', index: first + trials.length })
    return { name: 'tun', core: false, ok: true, finding: 'can be made' }
  } catch (error) {
    return {
      name: 'tun',
      core: false,
      ok: false,
      finding: error instanceof Error ? error.message : String(error),
      fix: codeOf(error) === 'EACCES' ? 'sudo chmod 666 /dev/net/tun' : 'modprobe tun',
    }
  }
}

/** RTM_NEWLINK: ifinfomsg, IFLA_LINK (5), IFLA_LINKINFO (18) with IFLA_INFO_KIND (1) and IFLA_INFO_DATA (2). */
function createLink(batch: Batch, { kind, link, data = [] }: Trial, index: number): void {
  batch.begin(RTM_NEWLINK, NLM_F_CREATE_EXCL)
  const header = batch.reserve(16)
  batch.bytes.writeInt32LE(index, header + 4)
  const info = Buffer.concat([attribute(1, Buffer.from(kind)), attribute(2, Buffer.concat(data))])
  const attributes = Buffer.concat([...(link === undefined ? [] : [attribute(5, int32(link))]), attribute(18, info)])
  const at = batch.reserve(attributes.length)
  attributes.copy(batch.bytes, at)
  batch.end()
}

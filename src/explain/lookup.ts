/** A node, a flow, and where its packet comes from in; the kernel's own word for where it would go out (rtnetlink(7), RTM_GETROUTE). */

import { attributes, ip, u8, u32, withHeader } from '../netlink/attributes.js'
import { Batch } from '../netlink/batch.js'
import { rtmsg } from '../netlink/headers.js'
import { afOf, MessageType, RouteType, routeMessage, write } from '../netlink/messages.js'
import { type Flow, heldBy, type Scene } from './scene.js'

/** RTA_SRC, RTA_IIF and RTA_IP_PROTO go with a question only. */
const question = withHeader(
  rtmsg,
  attributes({ dst: [1, ip], source: [2, ip], iif: [3, u32], oif: [4, u32], protocol: [27, u8] }),
)
/** RTM_F_LOOKUP_TABLE: say in which table it was found; IPv6 says so anyway, and refuses the flag. */
const sayTable = 0x1000
const protocols = { 4: 1, 6: 58 } as const

export type Found =
  | { readonly local: true; readonly table: number }
  | {
      readonly local: false
      readonly dev: string
      readonly via?: string
      readonly table: number
      readonly source?: string
    }

/** The way that the kernel would choose for an echo request, or the errno that it refuses it with. */
export function lookUp(scene: Scene, node: string, flow: Flow, by: { readonly iif?: string } = {}): Found | string {
  const links = heldBy(scene.state, node, 'link')
  const index = (name: string | undefined) => links.find(link => link.name === name)?.index
  const answer = scene.probes.ask(node, questionOf(flow, index(by.iif)))[0]!
  if ('errno' in answer) return answer.errno
  const { type, table = 0, attributes: a } = routeMessage.read(answer.bytes, answer.start, answer.end)
  const found = a.table ?? table
  if (type === RouteType.LOCAL) return { local: true, table: found }
  const dev = links.find(link => link.index === a.oif)?.name
  if (type !== RouteType.UNICAST || dev === undefined) return 'EHOSTUNREACH'
  const via = a.gateway ?? a.via
  return { local: false, dev, table: found, ...(via && { via }), ...(a.src && { source: a.src }) }
}

function questionOf({ family, source, destination }: Flow, iif: number | undefined): Batch {
  const length = family === 4 ? 32 : 128
  const batch = new Batch(128)
  const header = {
    family: afOf[family],
    dstLength: length,
    srcLength: source === undefined ? 0 : length,
    flags: family === 4 ? sayTable : 0,
  }
  const attributes = { dst: destination, source, iif, protocol: protocols[family] }
  write(batch, [MessageType.GETROUTE, 0], [question, { ...header, attributes }])
  return batch
}

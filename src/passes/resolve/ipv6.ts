/** Where IPv6 is on: interfaces with their addresses and MTUs in, the flag of each out. */
import { error } from '../../diagnostic.js'
import type { Draft, DraftInterface, Report } from './draft.js'

/** RFC 8200, section 5. */
const leastMtu = 1280

export function decideIpv6(draft: Draft, report: Report): void {
  const told = new Set<object>()
  for (const port of draft.ports) {
    // A switch's bridge and ports need no IPv6: link-local addresses on a thousand ports keep a processor busy.
    const usual = port.node.kind === 'switch' && port.kind !== 'loopback' ? hasIpv6Address(port) : true
    port.ipv6 = port.said.ipv6?.value ?? usual
    if (port.mtu >= leastMtu || !port.ipv6) continue
    // Below that the kernel has no IPv6 on an interface at all.
    port.ipv6 = false
    // What a link says holds for both of its ends, and is told once.
    const at = port.said.mtu?.at ?? port
    if ((port.said.ipv6?.value ?? hasIpv6Address(port)) && !told.has(at)) report(tooSmall(port))
    told.add(at)
  }
}

const hasIpv6Address = ({ addresses }: DraftInterface): boolean => addresses.some(({ family }) => family === 6)

function tooSmall(port: DraftInterface) {
  const message = `${port.node.name}:${port.name} has an MTU of ${port.mtu}, and IPv6 needs ${leastMtu}`
  const hint = `\`mtu: ${leastMtu}\`, or \`ipv6: false\` if IPv6 is not wanted`
  return error('mtu-too-small', message, port.said.mtu?.at ?? port.at, { hint })
}

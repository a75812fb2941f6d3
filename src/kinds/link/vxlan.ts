/** vxlan: Ethernet over UDP between nodes (RFC 7348, include/uapi/linux/if_link.h: IFLA_VXLAN_*). */
import type { Mapping } from '../../model/document.js'
import { type Address, classify, formatAddress, isUnicast, parseAddress } from '../../model/ip.js'
import { attributes, be16, ip, u8, u32 } from '../../netlink/attributes.js'
import type { LinkKind, Settings } from '../contract.js'

export const vxlan = {
  name: 'vxlan',
  summary: 'A tunnel of Ethernet frames in UDP packets (VXLAN) to another address.',
  properties: {
    id: { type: 'integer', minimum: 0, maximum: 16777215, description: 'the VXLAN network identifier' },
    local: { type: 'string', description: 'the address of this node that packets leave with' },
    remote: { type: 'string', description: 'the address that packets go to; a multicast group wants dev too' },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'UDP; 4789 unless said otherwise' },
    dev: { type: 'string', description: 'the interface of this node that packets leave by' },
    ttl: {
      type: 'integer',
      minimum: 0,
      maximum: 255,
      description: 'of the outer packets; 0, the system’s, unless said otherwise',
    },
    learning: {
      type: 'boolean',
      description: 'learns the addresses behind the other ends; true unless said otherwise',
    },
  },
  required: ['id'],
  parentKey: 'dev',
  parentAttribute: 'dev',
  made: 'message',
  hasMac: true,
  settings,
  // include/net/vxlan.h: VXLAN_HEADROOM, VXLAN6_HEADROOM
  mtu: (s: Settings, parent: number | undefined) =>
    (parent ?? 1500) - (s.remote6 === undefined && s.local6 === undefined ? 50 : 70),
  attributes: attributes({
    id: [1, u32],
    remote: [2, ip],
    dev: [3, u32],
    local: [4, ip],
    ttl: [5, u8],
    learning: [7, u8],
    port: [15, be16],
    remote6: [16, ip],
    local6: [17, ip],
  }),
  mutable: [],
  words,
} as const satisfies LinkKind

function settings(keys: Mapping): Settings | string {
  const remote = keys.remote === undefined ? undefined : parseAddress(`${keys.remote}`)
  const local = keys.local === undefined ? undefined : parseAddress(`${keys.local}`)
  const wrong = (['remote', 'local'] as const).find(
    key => keys[key] !== undefined && !(key === 'remote' ? remote : local),
  )
  if (wrong) return `${wrong} wants an address alone, such as 192.0.2.1 or fd00::1`
  return (
    unfit({ remote, local, dev: keys.dev !== undefined }) ?? {
      id: Number(keys.id),
      port: Number(keys.port ?? 4789),
      ttl: Number(keys.ttl ?? 0),
      learning: Number(keys.learning ?? true),
      ...(remote && { [remote.family === 6 ? 'remote6' : 'remote']: formatAddress(remote) }),
      ...(local && { [local.family === 6 ? 'local6' : 'local']: formatAddress(local) }),
    }
  )
}

interface Ends {
  readonly remote: Address | undefined
  readonly local: Address | undefined
  /** Whether the interface is said that packets leave by. */
  readonly dev: boolean
}

/** What vxlan_config_validate (drivers/net/vxlan/vxlan_core.c) refuses; an address of zeros it takes for none. */
function unfit({ remote, local, dev }: Ends): string | undefined {
  if (remote && local && remote.family !== local.family) return 'local and remote are of different families'
  if (remote && classify(remote) === 'unspecified') return 'remote is no address that packets could go to'
  if (local && !isUnicast(local)) return 'local is no address of one interface'
  if (remote && !dev && classify(remote) === 'multicast') return 'remote is a multicast group, which wants `dev` too'
  return undefined
}

function words(s: Settings): readonly string[] {
  const remote = s.remote ?? s.remote6
  const local = s.local ?? s.local6
  return [
    ...[
      'id',
      `${s.id}`,
      'dstport',
      `${s.port}`,
      'ttl',
      s.ttl === 0 ? 'auto' : `${s.ttl}`,
      s.learning ? 'learning' : 'nolearning',
    ],
    ...(remote === undefined ? [] : ['remote', `${remote}`]),
    ...(local === undefined ? [] : ['local', `${local}`]),
  ]
}

/** macvlan: further MAC addresses on an interface (ip-link(8), include/uapi/linux/if_link.h: IFLA_MACVLAN_*). */
import type { Mapping } from '../../model/document.js'
import { attributes, u32 } from '../../netlink/attributes.js'
import type { LinkKind, Settings } from '../contract.js'

const modes = { private: 1, vepa: 2, bridge: 4, passthru: 8 } as const

export const macvlan = {
  name: 'macvlan',
  summary: 'An interface of its own MAC address on another interface of the same node.',
  properties: {
    parent: { type: 'string', description: 'the interface of the same node that it stands on' },
    mode: {
      enum: ['bridge', 'private', 'vepa', 'passthru'],
      description: 'who of the same parent reaches whom; bridge unless said otherwise',
    },
  },
  required: ['parent'],
  parentKey: 'parent',
  made: 'message',
  hasMac: true,
  settings: (keys: Mapping) => ({ mode: modes[(keys.mode ?? 'bridge') as keyof typeof modes] }),
  mtu: (_settings: Settings, parent: number | undefined) => parent ?? 1500,
  attributes: attributes({ mode: [1, u32] }),
  mutable: [],
  words: (s: Settings) => ['mode', Object.entries(modes).find(([, number]) => number === s.mode)![0]],
} as const satisfies LinkKind

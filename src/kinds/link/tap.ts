/** tap and tun: an interface whose other side is a program (Documentation/networking/tuntap.rst, linux/if_tun.h). */
import type { Mapping } from '../../model/document.js'
import { attributes, u8, u32 } from '../../netlink/attributes.js'
import type { LinkKind, Settings } from '../contract.js'

const properties = {
  owner: {
    type: 'integer',
    minimum: 0,
    maximum: 4294967294,
    description: 'the user id that may open it without further rights',
  },
} as const

const common = {
  properties,
  required: [],
  made: 'device',
  settings: (keys: Mapping): Settings => (keys.owner === undefined ? {} : { owner: Number(keys.owner) }),
  mtu: () => 1500,
  attributes: attributes({ owner: [1, u32], type: [3, u8] }),
  mutable: [],
  words: (s: Settings) => (s.owner === undefined ? [] : ['user', `${s.owner}`]),
} as const

export const tap = {
  ...common,
  name: 'tap',
  summary: 'An Ethernet interface whose frames a program reads and writes through /dev/net/tun.',
  hasMac: true,
} as const satisfies LinkKind

export const tun = {
  ...common,
  name: 'tun',
  summary: 'An interface without Ethernet whose IP packets a program reads and writes through /dev/net/tun.',
  hasMac: false,
} as const satisfies LinkKind

/** bridge: a switch inside a node (bridge(8), include/uapi/linux/if_link.h: IFLA_BR_*). */
import type { Mapping } from '../../model/document.js'
import { attributes, u8, u16, u32 } from '../../netlink/attributes.js'
import type { LinkKind, Settings } from '../contract.js'
import { duration, seconds } from '../quantity.js'

/** The kernel counts in hundredths of a second (USER_HZ). */
const times = {
  forwardDelay: ['15s', 200, 3000],
  helloTime: ['2s', 100, 1000],
  maxAge: ['20s', 600, 4000],
  ageing: ['300s', 0, 360_000_000],
} as const

export const bridge = {
  name: 'bridge',
  summary: 'A switch inside a node: frames pass between its ports.',
  properties: {
    ports: {
      anyOf: [
        { type: 'string' },
        { type: 'array', items: { type: 'string', description: 'an interface of the same node' } },
      ],
      description: 'interfaces of the same node',
    },
    stp: { type: 'boolean', description: 'speaks the spanning tree protocol; false unless said otherwise' },
    priority: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      description: 'in the spanning tree; 32768 unless said otherwise',
    },
    forwardDelay: { ...duration, description: 'a new port listens and learns this long each with stp; 15s' },
    helloTime: { ...duration, description: 'between hello packets of the spanning tree; 2s' },
    maxAge: { ...duration, description: 'after which a silent root is gone; 20s' },
    ageing: { ...duration, description: 'after which a silent MAC address is forgotten; 300s' },
    multicastSnooping: {
      type: 'boolean',
      description: 'multicast goes only where it is wanted; true unless said otherwise',
    },
    groupForwardMask: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      description: 'link-local groups 01:80:c2:00:00:0X that are forwarded, a bit each; 0',
    },
  },
  required: [],
  portsKey: 'ports',
  made: 'message',
  hasMac: true,
  settings,
  mtu: (_settings: Settings, smallestPort: number | undefined) => smallestPort ?? 1500,
  attributes: attributes({
    forwardDelay: [1, u32],
    helloTime: [2, u32],
    maxAge: [3, u32],
    ageing: [4, u32],
    stp: [5, u32],
    priority: [6, u16],
    groupForwardMask: [9, u16],
    topologyChange: [14, u8],
    multicastSnooping: [23, u8],
  }),
  // After a change of the tree, for maxAge and forwardDelay, addresses age in two forwardDelays (br_stp.c).
  meanwhile: { attribute: 'topologyChange', settings: ['ageing'] },
  mutable: [
    'stp',
    'priority',
    'forwardDelay',
    'helloTime',
    'maxAge',
    'ageing',
    'multicastSnooping',
    'groupForwardMask',
  ],
  words,
} as const satisfies LinkKind

function settings(keys: Mapping): Settings | string {
  const result: Record<string, number> = {
    stp: Number(keys.stp ?? false),
    priority: Number(keys.priority ?? 32768),
    multicastSnooping: Number(keys.multicastSnooping ?? true),
    groupForwardMask: Number(keys.groupForwardMask ?? 0),
  }
  for (const [key, [usual, least, most]] of Object.entries(times)) {
    const hundredths = Math.round(seconds(String(keys[key] ?? usual))! * 100)
    if (hundredths < least || hundredths > most) return `${key} lies between ${least / 100}s and ${most / 100}s`
    result[key] = hundredths
  }
  if ((result.groupForwardMask! & 7) !== 0) return 'groupForwardMask: the kernel keeps the three lowest bits to itself'
  return result
}

function words(s: Settings): readonly string[] {
  return [
    ...['stp_state', `${s.stp}`, 'priority', `${s.priority}`, 'forward_delay', `${s.forwardDelay}`],
    ...['hello_time', `${s.helloTime}`, 'max_age', `${s.maxAge}`, 'ageing_time', `${s.ageing}`],
    ...['mcast_snooping', `${s.multicastSnooping}`, 'group_fwd_mask', `${s.groupForwardMask}`],
  ]
}

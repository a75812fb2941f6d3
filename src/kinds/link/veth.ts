/** veth: one end of a cable between two namespaces (veth(4)); made by `links`. */
import type { LinkKind } from '../contract.js'

export const veth = {
  name: 'veth',
  summary: 'One end of a cable between two nodes. It is what `links` make; it cannot be declared under `interfaces`.',
  properties: {},
  required: [],
  made: 'pair',
  hasMac: true,
  settings: () => ({}),
  mtu: () => 1500,
  mutable: [],
  words: () => [],
} as const satisfies LinkKind

/** The registry of link kinds, in the order of the manual. */
import type { LinkKind } from '../contract.js'
import { bridge } from './bridge.js'
import { macvlan } from './macvlan.js'
import { tap, tun } from './tap.js'
import { veth } from './veth.js'
import { vxlan } from './vxlan.js'

/** The schema of every kind's own keys, in one. */
export const linkProperties = {
  ...bridge.properties,
  ...vxlan.properties,
  ...macvlan.properties,
  ...tap.properties,
} as const

const kinds: readonly LinkKind[] = [veth, bridge, vxlan, macvlan, tap, tun]

/** Every kind of link by its name. */
export const linkKinds: ReadonlyMap<string, LinkKind> = new Map(kinds.map(kind => [kind.name, kind]))

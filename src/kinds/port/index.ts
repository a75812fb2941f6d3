/** The registry of what interfaces and ends of links have in common, in the order of the manual. */
import { addressProperties } from './addresses.js'
import { costProperties } from './cost.js'
import { dadProperties } from './dad.js'
import { ipv6Properties } from './ipv6.js'
import { macProperties } from './mac.js'
import { mtuProperties } from './mtu.js'
import { upProperties } from './up.js'

export const portProperties = {
  ...addressProperties,
  ...macProperties,
  ...mtuProperties,
  ...upProperties,
  ...ipv6Properties,
  ...dadProperties,
  ...costProperties,
} as const

/** What a link may say for its ends: no address and no MAC, which are one end’s own. */
export const sharedPortProperties = {
  ...mtuProperties,
  ...upProperties,
  ...ipv6Properties,
  ...dadProperties,
  ...costProperties,
} as const

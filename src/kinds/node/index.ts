/** The registry of what a node may be told besides its kind and its interfaces, in the order of the manual. */
import { labelProperties } from './labels.js'
import { neighborProperties } from './neighbors.js'
import { routeProperties } from './routes.js'
import { ruleProperties } from './rules.js'
import { sysctlProperties } from './sysctls.js'

export { neighbor } from './neighbors.js'
export { nextHop, route } from './routes.js'
export { rule } from './rules.js'

export const nodeFeatures = {
  ...routeProperties,
  ...ruleProperties,
  ...neighborProperties,
  ...sysctlProperties,
  ...labelProperties,
} as const

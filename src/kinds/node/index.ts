/** The registry of what a node may be told besides its kind and its interfaces, in the order of the manual. */
import { dnsProperties } from './dns.js'
import { environmentProperties } from './environment.js'
import { fileProperties } from './files.js'
import { hostnameProperties } from './hostname.js'
import { hostsProperties } from './hosts.js'
import { isolateProperties } from './isolate.js'
import { labelProperties } from './labels.js'
import { limitProperties } from './limits.js'
import { neighborProperties } from './neighbors.js'
import { processProperties } from './processes.js'
import { routeProperties } from './routes.js'
import { ruleProperties } from './rules.js'
import { sysctlProperties } from './sysctls.js'
import { timeProperties } from './time.js'
import { userProperties } from './users.js'

export type { file } from './files.js'
export { neighbor } from './neighbors.js'
export type { processSpec } from './processes.js'
export { nextHop, route } from './routes.js'
export { rule } from './rules.js'

export const nodeFeatures = {
  ...routeProperties,
  ...ruleProperties,
  ...neighborProperties,
  ...sysctlProperties,
  ...labelProperties,
  ...hostnameProperties,
  ...isolateProperties,
  ...timeProperties,
  ...limitProperties,
  ...userProperties,
  ...fileProperties,
  ...hostsProperties,
  ...dnsProperties,
  ...environmentProperties,
  ...processProperties,
} as const

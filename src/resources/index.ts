/** The door to the resources: the closed set of what the kernel can hold, each with its contract. */
import type { Resource, ResourceType } from '../model/state.js'
import { address } from './address.js'
import type { ResourceKind } from './contract.js'
import { file } from './file.js'
import { host } from './host.js'
import { link } from './link.js'
import { namespace } from './namespace.js'
import { neighbor } from './neighbor.js'
import { process } from './process.js'
import { route } from './route.js'
import { rule } from './rule.js'
import { sysctl } from './sysctl.js'

export {
  type Act,
  forgetIds,
  id,
  namespaceName,
  type ReadContext,
  type ResourceKind,
  type WriteContext,
} from './contract.js'
export { linkRequest, readCounters, readLinkName } from './link/read.js'
export { sortHops } from './route.js'
export { interfaceOf, isDefault, resets, resetterOf, resetValue } from './sysctl.js'

const kinds = { namespace, link, address, route, rule, neighbor, sysctl, host, file, process }

/** In an order that most needs follow by themselves. */
export const resourceTypes = Object.keys(kinds) as readonly ResourceType[]

/** The contract of one type of resource. A resource is only ever handed to the contract of its own type. */
export function kindOf(type: ResourceType): ResourceKind<Resource> {
  return kinds[type] as ResourceKind<never> as ResourceKind<Resource>
}

/** `r1: address 10.0.0.1/24 on eth0` */
export function nameOf(resource: Resource): string {
  return `${resource.node}: ${kindOf(resource.type).name(resource)}`
}

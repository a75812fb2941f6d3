/** hostname: what a node calls itself (uts_namespaces(7)). */
import { nullable, text } from '../fragment.js'

export const hostnameProperties = {
  hostname: nullable({ ...text, description: 'what the node calls itself; its name unless said otherwise' } as const),
} as const

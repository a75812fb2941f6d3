/** mac: an interface’s own MAC address instead of the derived one. */
import { nullable } from '../fragment.js'

export const macProperties = {
  mac: nullable({ type: 'string', description: 'a unicast MAC address, such as "02:00:00:00:00:01"; quoted' } as const),
} as const

/** addresses: what an interface answers to (ip-address(8)). */
import { nullable, oneOrMany } from '../fragment.js'

const addresses = oneOrMany({ type: 'string', description: 'an address with its prefix length, such as 10.0.0.1/24' })

export const addressProperties = { addresses: nullable(addresses), 'addresses+': addresses } as const

/** dad: whether IPv6 addresses wait for duplicate-address detection (RFC 4862, section 5.4). */
import { flag, nullable } from '../fragment.js'

export const dadProperties = {
  dad: nullable({ ...flag, description: 'true: addresses wait for duplicate-address detection' } as const),
} as const

/** ipv6: whether an interface has IPv6 at all (ip-sysctl.rst: disable_ipv6). */
import { flag, nullable } from '../fragment.js'

export const ipv6Properties = {
  ipv6: nullable({ ...flag, description: 'false: no IPv6 on it at all' } as const),
} as const

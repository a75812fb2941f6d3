/** mtu: the largest packet that an interface takes, in bytes (include/uapi/linux/if_link.h: IFLA_MTU). */
import { nullable } from '../fragment.js'

const mtu = { type: 'integer', minimum: 68, maximum: 65535, description: 'bytes; 1500 unless said otherwise' } as const

export const mtuProperties = { mtu: nullable(mtu) } as const

/** sysctls: kernel settings of a node's own namespace (sysctl(8), Documentation/networking/ip-sysctl.rst). */
import { nullable, text } from '../fragment.js'

export const sysctlProperties = {
  sysctls: nullable({
    type: 'object',
    additionalProperties: nullable(text),
    description: 'by name with dots, such as net.ipv4.ip_forward: 1',
  } as const),
} as const

/** rules: which routing table a packet is looked up in (ip-rule(8)). */
import { flag, nullable, oneOrMany, tableNumber, text } from '../fragment.js'

const portRange = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 65535 },
    { type: 'string', pattern: '^\\d+-\\d+$' },
  ],
  description: 'a port, or a range such as 8000-8099',
} as const

export const rule = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { ...text, description: 'the prefix or address that packets come from' },
    to: { ...text, description: 'the prefix or address that packets go to' },
    iif: { ...text, description: 'the interface that packets come in by; lo for the node’s own' },
    oif: { ...text, description: 'the interface that a socket is bound to' },
    fwmark: { ...text, description: 'a number, or number/mask; 0x for hexadecimal' },
    ipproto: { ...text, description: 'tcp, udp, icmp, … or a number' },
    sport: portRange,
    dport: portRange,
    uidrange: { type: 'string', pattern: '^\\d+(-\\d+)?$', description: 'a user id, or a range such as 1000-1999' },
    tos: { ...text, description: 'a number; 0x for hexadecimal' },
    not: { ...flag, description: 'true: packets that do not match' },
    table: { ...tableNumber, description: 'the routing table that the packets are looked up in' },
    type: { enum: ['blackhole', 'unreachable', 'prohibit'], description: 'instead of a table: drops the packets' },
    priority: { type: 'integer', minimum: 0, maximum: 4294967295, description: 'rules are tried from the least up' },
  },
} as const

export const ruleProperties = { rules: nullable(oneOrMany(rule)), 'rules+': oneOrMany(rule) } as const

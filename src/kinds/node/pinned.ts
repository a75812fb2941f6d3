/** Sysctls that decide forwarding, filtering or address behaviour, at the kernel's documented defaults (ip-sysctl.rst). */

export interface Pinned {
  readonly name: string
  /** By kind of node. */
  readonly value: { readonly host: string; readonly router: string; readonly switch: string }
  /** What it decides, for the manual. */
  readonly role: string
}

const same = (value: string) => ({ host: value, router: value, switch: value })

/** One setting for the interfaces that there are (`all`) and for those to come (`default`). */
const both = (name: string, value: string, role: string): readonly Pinned[] => [
  { name: `net.ipv4.conf.all.${name}`, value: same(value), role },
  { name: `net.ipv4.conf.default.${name}`, value: same(value), role: `${role} (interfaces to come)` },
]

/** In the order in which they are written: forwarding resets others, so it comes first. */
export const pinned: readonly Pinned[] = [
  {
    name: 'net.ipv4.ip_forward',
    value: { host: '0', router: '1', switch: '0' },
    role: 'IPv4 packets for others are forwarded',
  },
  {
    name: 'net.ipv6.conf.all.forwarding',
    value: { host: '0', router: '1', switch: '0' },
    role: 'IPv6 packets for others are forwarded',
  },
  {
    name: 'net.ipv6.conf.default.disable_ipv6',
    value: { host: '0', router: '0', switch: '1' },
    role: 'interfaces to come have no IPv6; a switch’s ports need none',
  },
  {
    name: 'net.ipv6.conf.default.accept_dad',
    value: { host: '0', router: '0', switch: '0' },
    role: 'duplicate-address detection; off, so that addresses are usable at once (`dad: true` on an interface asks for it)',
  },
  {
    name: 'net.ipv4.conf.all.accept_redirects',
    value: { host: '1', router: '0', switch: '1' },
    role: 'ICMP redirects are believed; a router doesn’t',
  },
  {
    name: 'net.ipv4.conf.default.accept_redirects',
    value: same('1'),
    role: 'ICMP redirects are believed (interfaces to come)',
  },
  ...both('rp_filter', '0', 'packets are dropped whose source would be reached another way'),
  ...both('send_redirects', '1', 'a router tells hosts of a better way'),
  {
    name: 'net.ipv4.conf.all.accept_source_route',
    value: same('0'),
    role: 'packets may say the way they want to take',
  },
  ...both('accept_local', '0', 'packets with one of the node’s own addresses as source are accepted'),
  ...both('route_localnet', '0', '127.0.0.0/8 is routed like other addresses'),
  ...both('arp_ignore', '0', 'which ARP requests are answered'),
  ...both('arp_announce', '0', 'which source address ARP requests have'),
  ...both('arp_filter', '0', 'ARP is answered only where the answer would be routed'),
  ...both('proxy_arp', '0', 'ARP is answered for others'),
  ...both('promote_secondaries', '0', 'a secondary address takes over when its primary goes'),
  ...both('ignore_routes_with_linkdown', '0', 'next hops without carrier are passed over'),
]

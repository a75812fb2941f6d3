/** rtnetlink's attributes by their kernel names, and what is nested in them (linux/if_link.h, rtnetlink.h and their kin). */

/** What a level of attributes holds: their names by number, and what is nested in some of them. */
export interface Level {
  readonly prefix: string
  readonly names: readonly string[]
  /** By name: what stands in the attribute, after `header` bytes. */
  readonly nested?: Readonly<Record<string, Nest>>
}

export interface Nest {
  readonly header?: number
  /** Bytes before the attributes of each element, where the nest is a list of structs that carry attributes. */
  readonly each?: number
  readonly level: Level | ((siblings: Buffer) => Level | undefined)
}

export interface Message {
  readonly header: number
  readonly level: Level
  /** What it is about, for messages: `links`. */
  readonly subject: string
}

/** Names in the order of their numbers, from 0. */
function level(prefix: string, names: string, nested?: Level['nested']): Level {
  return { prefix, names: names.split(/\s+/), ...(nested && { nested }) }
}

const bridge = level(
  'IFLA_BR_',
  `UNSPEC FORWARD_DELAY HELLO_TIME MAX_AGE AGEING_TIME STP_STATE PRIORITY VLAN_FILTERING VLAN_PROTOCOL GROUP_FWD_MASK ROOT_ID
  BRIDGE_ID ROOT_PORT ROOT_PATH_COST TOPOLOGY_CHANGE TOPOLOGY_CHANGE_DETECTED HELLO_TIMER TCN_TIMER TOPOLOGY_CHANGE_TIMER GC_TIMER
  GROUP_ADDR FDB_FLUSH MCAST_ROUTER MCAST_SNOOPING MCAST_QUERY_USE_IFADDR MCAST_QUERIER MCAST_HASH_ELASTICITY MCAST_HASH_MAX
  MCAST_LAST_MEMBER_CNT MCAST_STARTUP_QUERY_CNT MCAST_LAST_MEMBER_INTVL MCAST_MEMBERSHIP_INTVL MCAST_QUERIER_INTVL MCAST_QUERY_INTVL
  MCAST_QUERY_RESPONSE_INTVL MCAST_STARTUP_QUERY_INTVL NF_CALL_IPTABLES NF_CALL_IP6TABLES NF_CALL_ARPTABLES VLAN_DEFAULT_PVID PAD
  VLAN_STATS_ENABLED MCAST_STATS_ENABLED MCAST_IGMP_VERSION MCAST_MLD_VERSION VLAN_STATS_PER_PORT MULTI_BOOLOPT MCAST_QUERIER_STATE`,
)
const bridgePort = level(
  'IFLA_BRPORT_',
  `UNSPEC STATE PRIORITY COST MODE GUARD PROTECT FAST_LEAVE LEARNING UNICAST_FLOOD PROXYARP LEARNING_SYNC PROXYARP_WIFI ROOT_ID
  BRIDGE_ID DESIGNATED_PORT DESIGNATED_COST ID NO TOPOLOGY_CHANGE_ACK CONFIG_PENDING MESSAGE_AGE_TIMER FORWARD_DELAY_TIMER HOLD_TIMER
  FLUSH MULTICAST_ROUTER PAD MCAST_FLOOD MCAST_TO_UCAST VLAN_TUNNEL BCAST_FLOOD GROUP_FWD_MASK NEIGH_SUPPRESS ISOLATED BACKUP_PORT
  MRP_RING_OPEN MRP_IN_OPEN MCAST_EHT_HOSTS_LIMIT MCAST_EHT_HOSTS_CNT LOCKED`,
)
const vxlan = level(
  'IFLA_VXLAN_',
  `UNSPEC ID GROUP LINK LOCAL TTL TOS LEARNING AGEING LIMIT PORT_RANGE PROXY RSC L2MISS L3MISS PORT GROUP6 LOCAL6 UDP_CSUM
  UDP_ZERO_CSUM6_TX UDP_ZERO_CSUM6_RX REMCSUM_TX REMCSUM_RX GBP REMCSUM_NOPARTIAL COLLECT_METADATA LABEL GPE TTL_INHERIT DF VNIFILTER`,
)
const macvlan = level(
  'IFLA_MACVLAN_',
  'UNSPEC MODE FLAGS MACADDR_MODE MACADDR MACADDR_DATA MACADDR_COUNT BC_QUEUE_LEN BC_QUEUE_LEN_USED',
)
const inet6 = level('IFLA_INET6_', 'UNSPEC FLAGS CONF STATS MCAST CACHEINFO ICMP6STATS TOKEN ADDR_GEN_MODE RA_MTU')
/** IFLA_AF_SPEC holds one nest for each address family, by its number: AF_INET 2, AF_INET6 10. */
const families = level('AF_', 'UNSPEC UNIX INET AX25 IPX APPLETALK NETROM BRIDGE ATMPVC X25 INET6', {
  INET: { level: level('IFLA_INET_', 'UNSPEC CONF') },
  INET6: { level: inet6 },
})

const kindData: Readonly<Record<string, () => Level>> = {
  veth: () => level('VETH_INFO_', 'UNSPEC PEER', { PEER: { header: 16, level: links } }),
  bridge: () => bridge,
  vxlan: () => vxlan,
  macvlan: () => macvlan,
}
const linkInfo = level('IFLA_INFO_', 'UNSPEC KIND DATA XSTATS SLAVE_KIND SLAVE_DATA', {
  DATA: { level: siblings => kindData[textOf(siblings, 1)]?.() },
  SLAVE_DATA: { level: bridgePort },
})
const links = level(
  'IFLA_',
  `UNSPEC ADDRESS BROADCAST IFNAME MTU LINK QDISC STATS COST PRIORITY MASTER WIRELESS PROTINFO TXQLEN MAP WEIGHT OPERSTATE LINKMODE
  LINKINFO NET_NS_PID IFALIAS NUM_VF VFINFO_LIST STATS64 VF_PORTS PORT_SELF AF_SPEC GROUP NET_NS_FD EXT_MASK PROMISCUITY
  NUM_TX_QUEUES NUM_RX_QUEUES CARRIER PHYS_PORT_ID CARRIER_CHANGES PHYS_SWITCH_ID LINK_NETNSID PHYS_PORT_NAME PROTO_DOWN GSO_MAX_SEGS
  GSO_MAX_SIZE PAD XDP EVENT NEW_NETNSID TARGET_NETNSID CARRIER_UP_COUNT CARRIER_DOWN_COUNT NEW_IFINDEX MIN_MTU MAX_MTU PROP_LIST
  ALT_IFNAME PERM_ADDRESS PROTO_DOWN_REASON PARENT_DEV_NAME PARENT_DEV_BUS_NAME GRO_MAX_SIZE TSO_MAX_SIZE TSO_MAX_SEGS ALLMULTI`,
  { LINKINFO: { level: linkInfo }, AF_SPEC: { level: families }, PROTINFO: { level: bridgePort } },
)
const addresses = level(
  'IFA_',
  'UNSPEC ADDRESS LOCAL LABEL BROADCAST ANYCAST CACHEINFO MULTICAST FLAGS RT_PRIORITY TARGET_NETNSID PROTO',
)
const metrics = level(
  'RTAX_',
  `UNSPEC LOCK MTU WINDOW RTT RTTVAR SSTHRESH CWND ADVMSS REORDERING HOPLIMIT INITCWND FEATURES RTO_MIN INITRWND QUICKACK CC_ALGO
  FASTOPEN_NO_COOKIE`,
)
const routeNames = `UNSPEC DST SRC IIF OIF GATEWAY PRIORITY PREFSRC METRICS MULTIPATH PROTOINFO FLOW CACHEINFO SESSION MP_ALGO TABLE
  MARK MFC_STATS VIA NEWDST PREF ENCAP_TYPE ENCAP EXPIRES PAD UID TTL_PROPAGATE IP_PROTO SPORT DPORT NH_ID`
const routes = level('RTA_', routeNames, {
  METRICS: { level: metrics },
  // struct rtnexthop: length, flags, hops, interface; then attributes
  MULTIPATH: { each: 8, level: level('RTA_', routeNames) },
})
const neighbours = level(
  'NDA_',
  `UNSPEC DST LLADDR CACHEINFO PROBES VLAN PORT VNI IFINDEX MASTER LINK_NETNSID SRC_VNI PROTOCOL NH_ID FDB_EXT_ATTRS FLAGS_EXT
  NDM_STATE_MASK NDM_FLAGS_MASK`,
)
const rules = level(
  'FRA_',
  `UNSPEC DST SRC IIFNAME GOTO UNUSED2 PRIORITY UNUSED3 UNUSED4 UNUSED5 FWMARK FLOW TUN_ID SUPPRESS_IFGROUP SUPPRESS_PREFIXLEN TABLE
  FWMASK OIFNAME PAD L3MDEV UID_RANGE PROTOCOL IP_PROTO SPORT_RANGE DPORT_RANGE DSCP`,
)

/** By a quarter of RTM_NEW…'s number: the kernel numbers each subject's NEW, DEL, GET and SET in a row. */
export const messages: Readonly<Record<number, Message>> = {
  4: { header: 16, level: links, subject: 'the links' },
  5: { header: 8, level: addresses, subject: 'the addresses' },
  6: { header: 12, level: routes, subject: 'the routes' },
  7: { header: 12, level: neighbours, subject: 'the neighbours' },
  8: { header: 12, level: rules, subject: 'the rules' },
}

/** The text of the attribute of one type among others. */
function textOf(siblings: Buffer, wanted: number): string {
  for (let at = 0; at + 4 <= siblings.length; ) {
    const length = siblings.readUInt16LE(at)
    if (length < 4) return ''
    if ((siblings.readUInt16LE(at + 2) & 0x3fff) === wanted)
      return siblings.toString('utf8', at + 4, at + length).replace(/\0.*$/s, '')
    at += (length + 3) & ~3
  }
  return ''
}

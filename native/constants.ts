/** Numbers of the kernel's interface that Node has no names for, each set under the header it stands in. */

/** linux/sched.h */
export const CLONE_FS = 0x200
export const CLONE_NEWNS = 0x0002_0000
export const CLONE_NEWUTS = 0x0400_0000
export const CLONE_NEWNET = 0x4000_0000

/** linux/mount.h */
export const MS_NOSUID = 2
export const MS_NODEV = 4
export const MS_NOEXEC = 8
export const MS_REMOUNT = 32
export const MS_BIND = 4096
export const MS_REC = 16384
export const MS_PRIVATE = 1 << 18
export const MS_SLAVE = 1 << 19
export const MS_SHARED = 1 << 20
export const MNT_DETACH = 2
export const UMOUNT_NOFOLLOW = 8
export const OPEN_TREE_CLONE = 1
export const FSOPEN_CLOEXEC = 1
export const FSMOUNT_CLOEXEC = 1
export const FSCONFIG_SET_STRING = 1
export const FSCONFIG_CMD_CREATE = 6
export const MOUNT_ATTR_NOSUID = 2
export const MOUNT_ATTR_NODEV = 4
export const MOUNT_ATTR_NOEXEC = 8
export const MOVE_MOUNT_F_EMPTY_PATH = 4
export const MOVE_MOUNT_BENEATH = 0x200

/** linux/nsfs.h */
export const NS_GET_USERNS = 0xb701

/** linux/magic.h */
export const TMPFS_MAGIC = 0x0102_1994
export const OVERLAYFS_SUPER_MAGIC = 0x794c_7630

/** asm-generic/fcntl.h, sys/file.h; Node's fs.constants has the others */
export const O_CLOEXEC = 0o2000000
export const O_PATH = 0o10000000
/** linux/openat2.h */
export const RESOLVE_IN_ROOT = 0x10
export const LOCK_SH = 1
export const LOCK_EX = 2
export const LOCK_NB = 4
export const SPLICE_F_NONBLOCK = 2
export const F_GETFD = 1
export const F_SETFD = 2
export const F_GETFL = 3
export const F_SETFL = 4
export const F_DUPFD_CLOEXEC = 1030

/** linux/fcntl.h, linux/stat.h */
export const AT_FDCWD = -100
export const AT_SYMLINK_NOFOLLOW = 0x100
export const AT_EMPTY_PATH = 0x1000
export const AT_RECURSIVE = 0x8000
export const STATX_INO = 0x100
export const STATX_MNT_ID = 0x1000

/** linux/socket.h, asm-generic/socket.h */
export const AF_NETLINK = 16
export const SOCK_RAW = 3
export const SOCK_CLOEXEC = O_CLOEXEC
export const AF_INET = 2
export const AF_PACKET = 17
export const AF_INET6 = 10
export const SOCK_STREAM = 1
export const SOCK_DGRAM = 2
export const SOCK_NONBLOCK = 0o4000
export const SOL_SOCKET = 1
export const SO_REUSEADDR = 2
export const SO_ERROR = 4
export const SO_RCVBUF = 8
export const SO_PEERCRED = 17
export const SO_RCVBUFFORCE = 33
export const SOL_NETLINK = 270
export const MSG_TRUNC = 0x20
export const MSG_DONTWAIT = 0x40

/** linux/sockios.h: when the packet came that was read last, a struct timeval */
export const SIOCGSTAMP = 0x8906
/** linux/if_arp.h, linux/if_packet.h */
export const ARPHRD_LOOPBACK = 772
export const PACKET_OUTGOING = 4

/** linux/in.h, linux/in6.h, linux/icmp.h, linux/icmpv6.h */
export const IPPROTO_IP = 0
export const IPPROTO_ICMP = 1
export const IPPROTO_IPV6 = 41
export const IPPROTO_ICMPV6 = 58
export const IP_MTU_DISCOVER = 10
export const IPV6_MTU_DISCOVER = 23
/** Not in fragments, whatever is known of the way. */
export const IP_PMTUDISC_PROBE = 3
export const ICMP_ECHO = 8
export const ICMP_ECHOREPLY = 0
export const ICMPV6_ECHO_REQUEST = 128
export const ICMPV6_ECHO_REPLY = 129

/** linux/netlink.h */
export const NETLINK_ROUTE = 0
export const NETLINK_NETFILTER = 12
export const NETLINK_ADD_MEMBERSHIP = 1
export const NETLINK_LISTEN_ALL_NSID = 8
export const NETLINK_CAP_ACK = 10
export const NETLINK_EXT_ACK = 11
export const NETLINK_GET_STRICT_CHK = 12
export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3
export const NLM_F_ACK = 4
export const NLM_F_DUMP_INTR = 0x10
export const NLM_F_CAPPED = 0x100
export const NLM_F_ACK_TLVS = 0x200
export const NLMSGERR_ATTR_MSG = 1
export const NLMSGERR_ATTR_OFFS = 2
export const NLMSGERR_ATTR_MISS_TYPE = 5
export const NLMSGERR_ATTR_MISS_NEST = 6

/** linux/rtnetlink.h */
export const RTNLGRP_LINK = 1
export const RTNLGRP_NEIGH = 3
export const RTNLGRP_IPV4_IFADDR = 5
export const RTNLGRP_IPV4_ROUTE = 7
export const RTNLGRP_IPV4_RULE = 8
export const RTNLGRP_IPV6_IFADDR = 9
export const RTNLGRP_IPV6_ROUTE = 11
export const RTNLGRP_IPV6_RULE = 19
export const RTNLGRP_IPV4_NETCONF = 24
export const RTNLGRP_IPV6_NETCONF = 25
export const RTNLGRP_NSID = 28

/** linux/net_namespace.h */
export const NETNSA_NSID = 1
export const NETNSA_FD = 3

/** asm-generic/resource.h, asm-generic/poll.h, linux/capability.h */
export const RLIMIT_NOFILE = 7
export const POLLIN = 1
export const CAP_NET_ADMIN = 12
export const CAP_SYS_ADMIN = 21

/** linux/if_tun.h */
export const TUNSETIFF = 0x4004_54ca
export const TUNSETPERSIST = 0x4004_54cb
export const TUNSETOWNER = 0x4004_54cc
export const TUNSETIFINDEX = 0x4004_54da
export const IFF_TUN = 1
export const IFF_TAP = 2
export const IFF_NO_PI = 0x1000

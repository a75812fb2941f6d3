/** Numbers of the kernel's interface that Node has no names for, each set under the header it stands in. */

/** linux/sched.h */
export const CLONE_NEWNS = 0x0002_0000
export const CLONE_NEWNET = 0x4000_0000

/** linux/mount.h */
export const MS_NOSUID = 2
export const MS_NODEV = 4
export const MS_NOEXEC = 8
export const MS_BIND = 4096
export const MS_REC = 16384
export const MS_SLAVE = 1 << 19
export const MS_SHARED = 1 << 20
export const MNT_DETACH = 2
export const FSOPEN_CLOEXEC = 1
export const FSMOUNT_CLOEXEC = 1
export const FSCONFIG_CMD_CREATE = 6

/** linux/magic.h */
export const TMPFS_MAGIC = 0x0102_1994

/** asm-generic/fcntl.h, sys/file.h; Node's fs.constants has the others */
export const O_CLOEXEC = 0o2000000
export const O_PATH = 0o10000000
export const LOCK_EX = 2
export const LOCK_NB = 4
export const F_GETFD = 1
export const F_SETFD = 2
export const F_GETFL = 3
export const F_SETFL = 4
export const F_DUPFD_CLOEXEC = 1030

/** linux/fcntl.h, linux/stat.h */
export const AT_FDCWD = -100
export const AT_SYMLINK_NOFOLLOW = 0x100
export const AT_EMPTY_PATH = 0x1000
export const STATX_INO = 0x100

/** linux/socket.h, asm-generic/socket.h */
export const AF_NETLINK = 16
export const SOCK_RAW = 3
export const SOCK_CLOEXEC = O_CLOEXEC
export const SOL_SOCKET = 1
export const SO_RCVBUF = 8
export const SO_RCVBUFFORCE = 33
export const SOL_NETLINK = 270
export const MSG_TRUNC = 0x20
export const MSG_DONTWAIT = 0x40

/** linux/netlink.h */
export const NETLINK_ROUTE = 0
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

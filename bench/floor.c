/*
 * The least that a program can do to build the networks that nstopo is measured with: raw rtnetlink, no libraries, no
 * file to read, nothing checked beforehand, nothing recorded.
 *
 *   floor up|down chain|star N [OPTION=VALUE ...]   chain and star as in workloads.ts
 *   floor replay FILE FOLDER                        prepared operations, as prepare.ts writes them
 *
 * Namespaces are pinned on a tmpfs of their own and named in /run/netns, as nstopo's are. Options, the first value the
 * default, chosen as the fastest (docs/benchmarks.md has the figures):
 *   threads=1|2     one thread does all, or one makes namespaces and a second follows with links and addresses
 *   chunk=0|N       with one thread: all namespaces, then all links; or by N nodes
 *   bridge=early|late  the bridge is set up before its ports come, or after
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_FD = 1000, NAMESPACES_PER_PROCFS = 32, PORTION = 60000 };
enum { OUR_PROTOCOL = 110 };

static int n, star, threads = 1, chunk, late, home;
static int *spaces, *sockets;
static atomic_int made;
static char folder[64], lab[32];

static void die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int checked(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

/* ---- namespaces and their settings ---- */

static int fresh_procfs(void)
{
	int context = checked(syscall(SYS_fsopen, "proc", 1), "fsopen");
	checked(syscall(SYS_fsconfig, context, 6, NULL, NULL, 0), "fsconfig");
	int procfs = checked(syscall(SYS_fsmount, context, 1, 0), "fsmount");
	close(context);
	return procfs;
}

static int procfs = -1, seen;

static void set(const char *path, const char *value)
{
	int fd = checked(openat(procfs, path, O_WRONLY | O_CLOEXEC), path);
	checked(write(fd, value, strlen(value)), path);
	close(fd);
}

static int route_socket(void)
{
	int fd = checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
	return fd;
}

/* Makes, pins and names a namespace; the thread is in it afterwards. */
static void make_space(int i, const char *name)
{
	char pin[128], link[128];
	snprintf(pin, sizeof pin, "%s/%s", folder, name);
	snprintf(link, sizeof link, "/run/netns/%s.%s", lab, name);
	close(checked(open(pin, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0), pin));
	checked(unshare(CLONE_NEWNET), "unshare");
	checked(mount("/proc/thread-self/ns/net", pin, NULL, MS_BIND, NULL), "pin");
	checked(symlink(pin, link), link);
	spaces[i] = checked(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open the namespace");
	sockets[i] = route_socket();
	if (procfs < 0 || ++seen == NAMESPACES_PER_PROCFS) {
		if (procfs >= 0)
			close(procfs);
		procfs = fresh_procfs();
		seen = 0;
	}
}

static void make_node(int i)
{
	char name[16];
	int hub = star && i == n;
	snprintf(name, sizeof name, hub ? "hub" : "n%d", i);
	make_space(i, name);
	if (!star) {
		set("sys/net/ipv4/ip_forward", "1");
		set("sys/net/ipv6/conf/all/forwarding", "1");
	}
	if (hub)
		set("sys/net/ipv6/conf/default/disable_ipv6", "1");
	set("sys/net/ipv6/conf/default/accept_dad", "0");
	atomic_store(&made, i + 1);
}

/* ---- messages ---- */

struct batch {
	char bytes[PORTION + 4096];
	int length, fd;
	struct nlmsghdr *message;
};

static struct rtattr *attribute(struct batch *b, int type, const void *value, int size)
{
	struct rtattr *a = (void *)(b->bytes + b->length);
	a->rta_type = type;
	a->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(a), value, size);
	b->length += RTA_SPACE(size);
	return a;
}

static void number(struct batch *b, int type, uint32_t value) { attribute(b, type, &value, 4); }
static void text(struct batch *b, int type, const char *value) { attribute(b, type, value, strlen(value) + 1); }
static void end_nest(struct batch *b, struct rtattr *a) { a->rta_len = b->bytes + b->length - (char *)a; }

static void *begin(struct batch *b, int type, int flags, int size)
{
	b->message = (void *)(b->bytes + b->length);
	memset(b->message, 0, NLMSG_SPACE(size));
	b->message->nlmsg_type = type;
	b->message->nlmsg_flags = NLM_F_REQUEST | flags;
	b->length += NLMSG_SPACE(size);
	return NLMSG_DATA(b->message);
}

static void end(struct batch *b) { b->message->nlmsg_len = b->bytes + b->length - (char *)b->message; }

/* Only the last message asks for an answer; a refusal of another comes before it. */
static void flush(struct batch *b)
{
	char answer[8192];
	if (b->length == 0)
		return;
	b->message->nlmsg_flags |= NLM_F_ACK;
	checked(send(b->fd, b->bytes, b->length, 0), "send");
	checked(recv(b->fd, answer, sizeof answer, 0), "recv");
	struct nlmsgerr *e = NLMSG_DATA((struct nlmsghdr *)answer);
	errno = -e->error;
	if (e->error)
		die("the kernel refused a message");
	b->length = 0;
}

static void portion(struct batch *b) { if (b->length > PORTION - 512) flush(b); }

static void up(struct batch *b, int index)
{
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, 0, sizeof *i);
	i->ifi_index = index;
	i->ifi_flags = i->ifi_change = IFF_UP;
	end(b);
}

static void address4(struct batch *b, int index, uint32_t value, int length)
{
	struct ifaddrmsg *a = begin(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *a);
	*a = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = length, .ifa_index = index };
	number(b, IFA_LOCAL, htonl(value));
	number(b, IFA_ADDRESS, htonl(value));
	end(b);
}

static void address6(struct batch *b, int index, int subnet, int host)
{
	struct ifaddrmsg *a = begin(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *a);
	*a = (struct ifaddrmsg){ .ifa_family = AF_INET6, .ifa_prefixlen = 64, .ifa_flags = IFA_F_NODAD, .ifa_index = index };
	unsigned char value[16] = { 0xfd, 0, 0, 0, 0, 0, subnet >> 8, subnet, 0, 0, 0, 0, 0, 0, 0, host };
	attribute(b, IFA_LOCAL, value, 16);
	attribute(b, IFA_ADDRESS, value, 16);
	end(b);
}

static void default_route(struct batch *b, uint32_t gateway)
{
	struct rtmsg *r = begin(b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *r);
	*r = (struct rtmsg){ .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = OUR_PROTOCOL, .rtm_type = RTN_UNICAST };
	number(b, RTA_GATEWAY, htonl(gateway));
	end(b);
}

static void port(struct batch *b, const char *name, int space)
{
	text(b, IFLA_IFNAME, name);
	number(b, IFLA_MTU, 1500);
	number(b, IFLA_NUM_TX_QUEUES, 1);
	number(b, IFLA_NUM_RX_QUEUES, 1);
	number(b, IFLA_NET_NS_FD, space);
}

struct side { const char *name; int index, space; };

/* The kernel takes IFF_UP, and a bridge, for the first side alone. */
static void cable(struct batch *b, struct side first, struct side second, int master)
{
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *i);
	i->ifi_index = first.index;
	i->ifi_flags = i->ifi_change = IFF_UP;
	port(b, first.name, first.space);
	if (master)
		number(b, IFLA_MASTER, master);
	struct rtattr *info = attribute(b, IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	text(b, IFLA_INFO_KIND, "veth");
	struct rtattr *data = attribute(b, IFLA_INFO_DATA | NLA_F_NESTED, NULL, 0);
	struct ifinfomsg peer = { .ifi_index = second.index };
	struct rtattr *nest = attribute(b, VETH_INFO_PEER | NLA_F_NESTED, &peer, sizeof peer);
	port(b, second.name, second.space);
	end_nest(b, nest);
	end_nest(b, data);
	end_nest(b, info);
	end(b);
	portion(b);
}

/* ---- chain: routers in a row. star: hosts at a switch ---- */

static uint32_t chain4(int i) { return 0x0a000000u + 2u * i; }
static uint32_t star4(int i) { return 0x0a400000u + 2u + i; }

static void link_node(struct batch *b, int i)
{
	char name[16];
	if (star) {
		snprintf(name, sizeof name, "eth%d", i);
		cable(b, (struct side){ name, 1000 + 2 * i, spaces[n] }, (struct side){ "eth0", 1001 + 2 * i, spaces[i] }, 5000);
	} else if (i > 0)
		cable(b, (struct side){ "b", 1000 + 2 * i, spaces[i - 1] }, (struct side){ "a", 1001 + 2 * i, spaces[i] }, 0);
}

static void configure_node(struct batch *b, int i)
{
	b->fd = sockets[i];
	up(b, 1);
	if (star) {
		up(b, 1001 + 2 * i);
		address4(b, 1001 + 2 * i, star4(i), 16);
		default_route(b, 0x0a400001u);
	} else {
		if (i > 0) {
			up(b, 1001 + 2 * i);
			address4(b, 1001 + 2 * i, chain4(i - 1) + 1, 31);
			address6(b, 1001 + 2 * i, i - 1, 2);
		}
		if (i < n - 1) {
			address4(b, 1002 + 2 * i, chain4(i), 31);
			address6(b, 1002 + 2 * i, i, 1);
		}
		if (i > 0)
			default_route(b, chain4(i - 1));
	}
	flush(b);
}

static void make_hub(struct batch *b)
{
	b->fd = sockets[n];
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *i);
	i->ifi_index = 5000;
	text(b, IFLA_IFNAME, "br0");
	number(b, IFLA_MTU, 1500);
	struct rtattr *info = attribute(b, IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	text(b, IFLA_INFO_KIND, "bridge");
	end_nest(b, info);
	end(b);
	up(b, 1);
	address4(b, 5000, 0x0a400001u, 16);
	if (!late)
		up(b, 5000);
	flush(b);
}

static void finish_hub(struct batch *b)
{
	b->fd = sockets[n];
	if (late)
		up(b, 5000);
	flush(b);
}

/* Nodes `from` to `to`: their links through one socket, then each through its own. */
static void connect_nodes(struct batch *b, int from, int to)
{
	b->fd = sockets[star ? n : 0];
	for (int i = from; i < to; i++)
		link_node(b, i);
	flush(b);
	for (int i = from; i < to; i++)
		configure_node(b, i < to - 1 || star ? i : i);
}

static void *follow(void *unused)
{
	struct batch *b = calloc(1, sizeof *b);
	int done = 0;
	while (done < n) {
		int ready = atomic_load(&made);
		if (star && ready == n + 1)
			ready = n;
		if (ready == done) {
			sched_yield();
			continue;
		}
		b->fd = sockets[star ? n : 0];
		for (int i = done; i < ready; i++)
			link_node(b, i);
		flush(b);
		/* in a chain a node's second link comes with the next node */
		for (int i = done; i < ready; i++)
			if (star || i > 0)
				configure_node(b, star ? i : i - 1);
		done = ready;
	}
	if (!star)
		configure_node(b, n - 1);
	return unused;
}

static void build(void)
{
	struct batch *b = calloc(1, sizeof *b);
	if (star) {
		make_node(n);
		atomic_store(&made, 0);
		make_hub(b);
	}
	if (threads == 2) {
		pthread_t second;
		pthread_create(&second, NULL, follow, NULL);
		for (int i = 0; i < n; i++)
			make_node(i);
		pthread_join(second, NULL);
	} else if (!chunk) {
		for (int i = 0; i < n; i++)
			make_node(i);
		connect_nodes(b, 0, n);
	} else {
		for (int from = 0; from < n; from += chunk) {
			int to = from + chunk < n ? from + chunk : n;
			for (int i = from; i < to; i++)
				make_node(i);
			b->fd = sockets[star ? n : 0];
			for (int i = from; i < to; i++)
				link_node(b, i);
			flush(b);
			for (int i = from; i < to; i++)
				if (star || i > 0)
					configure_node(b, star ? i : i - 1);
		}
		if (!star)
			configure_node(b, n - 1);
	}
	if (star)
		finish_hub(b);
}

/* ---- prepared operations ---- */

struct record { uint32_t kind, where, size; };
enum { NAMESPACE = 1, SETTING, MESSAGES };

static void replay(const char *path)
{
	struct record r;
	char *bytes = malloc(1 << 17);
	int in = checked(open(path, O_RDONLY), path), space = -1;
	FILE *f = fdopen(in, "r");
	char answer[8192];
	int first = route_socket();
	while (fread(&r, sizeof r, 1, f) == 1) {
		if (fread(bytes, 1, r.size, f) != r.size)
			die("a record was cut off");
		bytes[r.size] = 0;
		if (r.kind == NAMESPACE) {
			make_space(r.where, bytes);
			checked(dup3(spaces[r.where], FIRST_FD + r.where, O_CLOEXEC), "dup3");
			close(spaces[r.where]);
			spaces[r.where] = FIRST_FD + r.where;
			space = r.where;
		} else if (r.kind == SETTING) {
			if (space != (int)r.where)
				checked(setns(spaces[space = r.where], CLONE_NEWNET), "setns");
			set(bytes, bytes + strlen(bytes) + 1);
		} else {
			int fd = r.where == UINT32_MAX ? first : sockets[r.where];
			checked(send(fd, bytes, r.size, 0), "send");
			checked(recv(fd, answer, sizeof answer, 0), "recv");
			struct nlmsgerr *e = NLMSG_DATA((struct nlmsghdr *)answer);
			errno = -e->error;
			if (e->error)
				die("the kernel refused a prepared message");
		}
	}
}

/* ---- the program ---- */

static void prepare(void)
{
	/* where /run is on a disk, each name there would take longer than a namespace */
	if (!mkdir("/run/netns", 0755))
		checked(mount("floor", "/run/netns", "tmpfs", 0, "mode=755"), "tmpfs");
	if (mkdir(folder, 0755) && errno != EEXIST)
		die(folder);
	checked(mount("floor", folder, "tmpfs", 0, "mode=755"), "tmpfs");
	checked(mount(NULL, folder, NULL, MS_SHARED, NULL), "share");
}

static int empty(const char *path)
{
	DIR *d = opendir(path);
	int entries = 0;
	while (d && readdir(d))
		entries++;
	if (d)
		closedir(d);
	return entries <= 2;
}

static void down(void)
{
	char link[128];
	for (int i = 0; i < n; i++) {
		snprintf(link, sizeof link, "/run/netns/%s.n%d", lab, i);
		unlink(link);
	}
	snprintf(link, sizeof link, "/run/netns/%s.hub", lab);
	unlink(link);
	checked(umount2(folder, MNT_DETACH), "umount");
	rmdir(folder);
	/* only where it was made by `up`, and is empty again */
	if (rmdir("/run/netns") && errno == EBUSY && empty("/run/netns")) {
		umount2("/run/netns", MNT_DETACH);
		rmdir("/run/netns");
	}
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	if (argc < 4)
		return fprintf(stderr, "usage: floor up|down chain|star N [OPTION=VALUE ...]; floor replay FILE LAB\n"), 2;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	home = checked(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open the first namespace");
	int replaying = !strcmp(argv[1], "replay");
	star = !strcmp(argv[2], "star");
	n = replaying ? 20000 : atoi(argv[3]);
	snprintf(lab, sizeof lab, "floor-%s", replaying ? argv[3] : argv[2]);
	snprintf(folder, sizeof folder, "/run/nstopo-%s", lab);
	for (int i = 4; i < argc; i++) {
		if (!strncmp(argv[i], "threads=", 8)) threads = atoi(argv[i] + 8);
		else if (!strncmp(argv[i], "chunk=", 6)) chunk = atoi(argv[i] + 6);
		else if (!strncmp(argv[i], "bridge=", 7)) late = !strcmp(argv[i] + 7, "late");
	}
	spaces = calloc(n + 1, sizeof *spaces);
	sockets = calloc(n + 1, sizeof *sockets);
	if (!strcmp(argv[1], "down"))
		return down(), 0;
	prepare();
	if (replaying)
		replay(argv[2]);
	else
		build();
	return 0;
}

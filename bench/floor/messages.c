/* Values in, rtnetlink(7) messages out, in batches of which the last message alone is acknowledged. */
#include "floor.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

/* As nstopo marks its routes. */
enum { OUR_PROTOCOL = 110 };

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

/* A refusal of a message before the last comes before the last one's answer. */
void conclude(int fd, const void *bytes, int length)
{
	char answer[8192];
	checked(send(fd, bytes, length, 0), "send");
	checked(recv(fd, answer, sizeof answer, 0), "recv");
	struct nlmsgerr *e = NLMSG_DATA((struct nlmsghdr *)answer);
	errno = -e->error;
	if (e->error)
		die("the kernel refused a message");
}

void flush(struct batch *b)
{
	if (b->length == 0)
		return;
	b->message->nlmsg_flags |= NLM_F_ACK;
	conclude(b->fd, b->bytes, b->length);
	b->length = 0;
}

void up(struct batch *b, int index)
{
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, 0, sizeof *i);
	i->ifi_index = index;
	i->ifi_flags = i->ifi_change = IFF_UP;
	end(b);
}

void bridge(struct batch *b, const char *name, int index)
{
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *i);
	i->ifi_index = index;
	text(b, IFLA_IFNAME, name);
	number(b, IFLA_MTU, 1500);
	struct rtattr *info = attribute(b, IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	text(b, IFLA_INFO_KIND, "bridge");
	end_nest(b, info);
	end(b);
}

void address4(struct batch *b, int index, uint32_t value, int length)
{
	struct ifaddrmsg *a = begin(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *a);
	*a = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = length, .ifa_index = index };
	number(b, IFA_LOCAL, htonl(value));
	number(b, IFA_ADDRESS, htonl(value));
	end(b);
}

void address6(struct batch *b, int index, int subnet, int host)
{
	struct ifaddrmsg *a = begin(b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *a);
	*a = (struct ifaddrmsg){ .ifa_family = AF_INET6, .ifa_prefixlen = 64, .ifa_flags = IFA_F_NODAD, .ifa_index = index };
	unsigned char value[16] = { 0xfd, 0, 0, 0, 0, 0, subnet >> 8, subnet, 0, 0, 0, 0, 0, 0, 0, host };
	attribute(b, IFA_LOCAL, value, 16);
	attribute(b, IFA_ADDRESS, value, 16);
	end(b);
}

void default_route(struct batch *b, uint32_t gateway)
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

static void veth(struct batch *b, struct side second)
{
	struct rtattr *info = attribute(b, IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	text(b, IFLA_INFO_KIND, "veth");
	struct rtattr *data = attribute(b, IFLA_INFO_DATA | NLA_F_NESTED, NULL, 0);
	struct ifinfomsg peer = { .ifi_index = second.index };
	struct rtattr *nest = attribute(b, VETH_INFO_PEER | NLA_F_NESTED, &peer, sizeof peer);
	port(b, second.name, second.space);
	end_nest(b, nest);
	end_nest(b, data);
	end_nest(b, info);
}

/* The kernel takes IFF_UP, and a bridge, for the first side alone. */
void cable(struct batch *b, struct side first, struct side second, int master)
{
	struct ifinfomsg *i = begin(b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *i);
	i->ifi_index = first.index;
	i->ifi_flags = i->ifi_change = IFF_UP;
	port(b, first.name, first.space);
	if (master)
		number(b, IFLA_MASTER, master);
	veth(b, second);
	end(b);
	if (b->length > PORTION - 512)
		flush(b);
}

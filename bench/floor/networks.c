/* A size in; a chain (routers in a row) or a star (hosts at a switch) in the kernel out. */
#include "floor.h"
#include <pthread.h>
#include <sched.h>

enum { BRIDGE = 5000, FIRST_LINK = 10000 };

static struct options o;
/* Nodes whose namespaces are made, for the thread that follows. */
static atomic_int made;

static uint32_t chain4(int i) { return 0x0a000000u + 2u * i; }
static uint32_t star4(int i) { return 0x0a400000u + 2u + i; }
static int near_end(int i) { return FIRST_LINK + 2 * i; }
static int far_end(int i) { return FIRST_LINK + 1 + 2 * i; }

/* The hub of a star comes after its hosts. */
static void make_node(int i)
{
	char name[16];
	int hub = o.star && i == o.n;
	snprintf(name, sizeof name, hub ? "hub" : "n%d", i);
	make_space(i, name);
	if (!o.star) {
		set("sys/net/ipv4/ip_forward", "1");
		set("sys/net/ipv6/conf/all/forwarding", "1");
	}
	if (hub)
		set("sys/net/ipv6/conf/default/disable_ipv6", "1");
	set("sys/net/ipv6/conf/default/accept_dad", "0");
}

/* The cable towards the node before, or towards the hub. */
static void link_node(struct batch *b, int i)
{
	char name[16];
	snprintf(name, sizeof name, "eth%d", i);
	if (o.star)
		cable(b, (struct side){ name, near_end(i), spaces[o.n] }, (struct side){ "eth0", far_end(i), spaces[i] }, BRIDGE);
	else if (i > 0)
		cable(b, (struct side){ "east", near_end(i), spaces[i - 1] }, (struct side){ "west", far_end(i), spaces[i] }, 0);
}

static void configure_host(struct batch *b, int i)
{
	up(b, far_end(i));
	address4(b, far_end(i), star4(i), 16);
	default_route(b, 0x0a400001u);
}

static void configure_router(struct batch *b, int i)
{
	if (i > 0) {
		up(b, far_end(i));
		address4(b, far_end(i), chain4(i - 1) + 1, 31);
		address6(b, far_end(i), i - 1, 2);
	}
	if (i < o.n - 1) {
		address4(b, near_end(i + 1), chain4(i), 31);
		address6(b, near_end(i + 1), i, 1);
	}
	if (i > 0)
		default_route(b, chain4(i - 1));
}

static void configure_node(struct batch *b, int i)
{
	b->fd = sockets[i];
	up(b, 1);
	(o.star ? configure_host : configure_router)(b, i);
	flush(b);
	/* all cables are made through one node's socket, and the last router's namespace has one to come */
	if (o.star)
		forget_space(i);
	else if (i > 1)
		forget_space(i - 1);
}

/* In a chain a node's second cable comes with the next node, so it is configured then. */
static void connect_nodes(struct batch *b, int from, int to)
{
	b->fd = sockets[o.star ? o.n : 0];
	for (int i = from; i < to; i++)
		link_node(b, i);
	flush(b);
	for (int i = from; i < to; i++)
		if (o.star || i > 0)
			configure_node(b, o.star ? i : i - 1);
}

static void make_hub(struct batch *b)
{
	make_node(o.n);
	b->fd = sockets[o.n];
	bridge(b, "br0", BRIDGE);
	up(b, 1);
	address4(b, BRIDGE, 0x0a400001u, 16);
	if (!o.late)
		up(b, BRIDGE);
	flush(b);
}

static void finish(struct batch *b)
{
	if (!o.star)
		configure_node(b, o.n - 1);
	else if (o.late) {
		b->fd = sockets[o.n];
		up(b, BRIDGE);
		flush(b);
	}
}

static void *follow(void *batch)
{
	for (int done = 0; done < o.n;) {
		int ready = atomic_load(&made);
		if (ready == done)
			sched_yield();
		else
			connect_nodes(batch, done, ready);
		done = ready;
	}
	return NULL;
}

static void build_by_two(struct batch *b)
{
	pthread_t second;
	pthread_create(&second, NULL, follow, b);
	for (int i = 0; i < o.n; i++) {
		make_node(i);
		atomic_store(&made, i + 1);
	}
	pthread_join(second, NULL);
}

static void build_by_one(struct batch *b)
{
	for (int from = 0; from < o.n; from += o.chunk) {
		int to = from + o.chunk < o.n ? from + o.chunk : o.n;
		for (int i = from; i < to; i++)
			make_node(i);
		connect_nodes(b, from, to);
	}
}

void build(struct options chosen)
{
	struct batch *b = calloc(1, sizeof *b);
	o = chosen;
	if (o.star)
		make_hub(b);
	(o.threads == 2 ? build_by_two : build_by_one)(b);
	finish(b);
}

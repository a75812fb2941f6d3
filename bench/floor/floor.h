/* What the files of the floor share: who makes a namespace, who writes a message, who builds which network. */
#ifndef FLOOR_H
#define FLOOR_H
#define _GNU_SOURCE
#include <linux/rtnetlink.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* floor.c */
extern char folder[80], lab[64];
int checked(int result, const char *what);
void die(const char *what);

/* space.c: by a node's number, its namespace and a socket in it, while they are needed */
extern int *spaces, *sockets;
void open_lab(int nodes);
void close_lab(void);
int route_socket(void);
void make_space(int i, const char *name);
void forget_space(int i);
void set(const char *path, const char *value);

/* messages.c: many messages written one after the other, sent in one go */
enum { PORTION = 60000 };
struct batch {
	char bytes[PORTION + 4096];
	int length, fd;
	struct nlmsghdr *message;
};
struct side { const char *name; int index, space; };
void conclude(int fd, const void *bytes, int length);
void flush(struct batch *b);
void up(struct batch *b, int index);
void bridge(struct batch *b, const char *name, int index);
void cable(struct batch *b, struct side first, struct side second, int master);
void address4(struct batch *b, int index, uint32_t value, int length);
void address6(struct batch *b, int index, int subnet, int host);
void default_route(struct batch *b, uint32_t gateway);

/* networks.c */
struct options { int star, n, threads, chunk, late; };
void build(struct options chosen);

/* replay.c */
void replay(const char *path);
#endif

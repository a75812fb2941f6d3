/* A file of prepared operations in, as ../prepare.ts writes them; carried out in their order with nothing else done. */
#include "floor.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* Messages name namespaces by descriptors: node 0 is FIRST_FD, as in ../prepare.ts, above all that the rest takes. */
enum { FIRST_FD = 10000, MOST_NODES = 8000 };
enum { NAMESPACE = 1, SETTING, MESSAGES };

struct record { uint32_t kind, where, size; };

static int here = -1, first;

static void namespace(int where, const char *name)
{
	make_space(where, name);
	checked(dup3(spaces[where], FIRST_FD + where, O_CLOEXEC), "dup3");
	close(spaces[where]);
	spaces[where] = FIRST_FD + where;
	here = where;
}

static void setting(int where, const char *path)
{
	if (here != where)
		checked(setns(spaces[where], CLONE_NEWNET), "setns");
	here = where;
	set(path, path + strlen(path) + 1);
}

static void carry_out(struct record r, char *bytes)
{
	bytes[r.size] = 0;
	if (r.kind == NAMESPACE)
		namespace(r.where, bytes);
	else if (r.kind == SETTING)
		setting(r.where, bytes);
	else
		conclude(r.where == UINT32_MAX ? first : sockets[r.where], bytes, r.size);
}

void replay(const char *path)
{
	struct record r;
	char *bytes = malloc(1 << 17);
	FILE *f = fopen(path, "re");
	if (!f)
		die(path);
	open_lab(MOST_NODES);
	first = route_socket();
	while (fread(&r, sizeof r, 1, f) == 1) {
		if (r.size >= 1 << 17 || fread(bytes, 1, r.size, f) != r.size)
			die("a record was cut off");
		carry_out(r, bytes);
	}
}

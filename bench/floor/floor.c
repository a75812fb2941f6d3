/*
 * The least that a program can do to build the networks that nstopo is measured with: raw rtnetlink, no libraries, no
 * file to read, nothing checked beforehand, nothing recorded.
 *
 *   floor up LAB chain|star N [OPTION=VALUE ...]   chain and star as in ../workloads.ts
 *   floor replay LAB FILE                          prepared operations, as ../prepare.ts writes them
 *   floor down LAB
 *
 * Namespaces are pinned on a tmpfs of their own and named in /run/netns, as nstopo's are. Options, the first value the
 * default, chosen as the fastest with one thread:
 *   threads=1|2        one thread does all, or one makes namespaces and a second follows with links and addresses
 *   chunk=16|N         with one thread: so many namespaces are made, then their links, then the next ones
 *   bridge=late|early  the bridge is set up after its ports have come, or before
 */
#include "floor.h"
#include <errno.h>
#include <sys/resource.h>

char folder[80], lab[64];

void die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(1);
}

int checked(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static void take_all_descriptors(void)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static struct options read_options(int argc, char **argv)
{
	struct options o = { .star = !strcmp(argv[3], "star"), .n = atoi(argv[4]), .threads = 1, .chunk = 16, .late = 1 };
	for (int i = 5; i < argc; i++) {
		sscanf(argv[i], "threads=%d", &o.threads);
		sscanf(argv[i], "chunk=%d", &o.chunk);
		if (!strcmp(argv[i], "bridge=early"))
			o.late = 0;
	}
	return o;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return fprintf(stderr, "usage: floor up LAB chain|star N [OPTION=VALUE ...] | replay LAB FILE | down LAB\n"), 2;
	snprintf(lab, sizeof lab, "%s", argv[2]);
	snprintf(folder, sizeof folder, "/run/nstopo-%s", lab);
	take_all_descriptors();
	if (!strcmp(argv[1], "up") && argc > 4) {
		struct options o = read_options(argc, argv);
		open_lab(o.n + 1);
		build(o);
	} else if (!strcmp(argv[1], "replay") && argc > 3)
		replay(argv[3]);
	else
		close_lab();
	return 0;
}

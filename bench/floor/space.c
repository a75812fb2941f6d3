/* Namespaces: made, pinned, named, their settings written, and taken away again. */
#include "floor.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A procfs gets slower with every namespace that was looked at through it. */
enum { NAMESPACES_PER_PROCFS = 32 };

int *spaces, *sockets;
static int procfs = -1, seen;

void open_lab(int nodes)
{
	spaces = calloc(nodes, sizeof *spaces);
	sockets = calloc(nodes, sizeof *sockets);
	if (mkdir(folder, 0755) && errno != EEXIST)
		die(folder);
	checked(mount("floor", folder, "tmpfs", 0, "mode=755"), "tmpfs");
	checked(mount(NULL, folder, NULL, MS_SHARED, NULL), "share");
}

static void name_of(char *link, size_t size, const char *node) { snprintf(link, size, "/run/netns/%s.%s", lab, node); }

/* The pins say which names there are; one unmount takes all pins, and with them the namespaces. */
void close_lab(void)
{
	char link[400];
	DIR *pins = opendir(folder);
	for (struct dirent *pin; pins && (pin = readdir(pins));) {
		name_of(link, sizeof link, pin->d_name);
		unlink(link);
	}
	if (pins)
		closedir(pins);
	checked(umount2(folder, MNT_DETACH), "unmount");
	rmdir(folder);
}

static int fresh_procfs(void)
{
	int context = checked(syscall(SYS_fsopen, "proc", 1), "fsopen");
	checked(syscall(SYS_fsconfig, context, 6, NULL, NULL, 0), "fsconfig");
	int mounted = checked(syscall(SYS_fsmount, context, 1, 0), "fsmount");
	close(context);
	return mounted;
}

int route_socket(void)
{
	return checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
}

/* The thread is in the namespace afterwards, where its settings are written. */
void make_space(int i, const char *name)
{
	char pin[400], link[400];
	snprintf(pin, sizeof pin, "%s/%s", folder, name);
	name_of(link, sizeof link, name);
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

/* There are fewer descriptors than a large lab has namespaces. */
void forget_space(int i)
{
	close(spaces[i]);
	close(sockets[i]);
}

/* A setting of the namespace that the thread is in. */
void set(const char *path, const char *value)
{
	int fd = checked(openat(procfs, path, O_WRONLY | O_CLOEXEC), path);
	checked(write(fd, value, strlen(value)), path);
	close(fd);
}

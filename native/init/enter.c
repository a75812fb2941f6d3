/* A living process in; this one in its namespaces, and in no others', out (setns(2), pidfd_open(2)). */
#include "init.h"
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
  const char *name;
  int flag;
} kinds[] = {
    {"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},         {"uts", CLONE_NEWUTS},   {"ipc", CLONE_NEWIPC},
    {"net", CLONE_NEWNET},   {"cgroup", CLONE_NEWCGROUP}, {"pid", CLONE_NEWPID}, {"time", CLONE_NEWTIME},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

int flag_of(const char *kind, size_t length) {
  for (int i = 0; i < KINDS; i++)
    if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, kind, length) == 0) return kinds[i].flag;
  errno = EINVAL;
  refuse("tell the kind of namespace in %s", kind);
}

int flags_of(const char *list) {
  int flags = 0;
  if (strcmp(list, "all") == 0)
    for (int i = 0; i < KINDS; i++) flags |= kinds[i].flag;
  else
    while (*list) {
      size_t length = strcspn(list, ",");
      flags |= flag_of(list, length);
      list += length + (list[length] == ',');
    }
  return flags;
}

unsigned long long start_of(int pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
  if (file >= 0) close(file);
  if (size <= 0) return 0;
  text[size] = 0;
  /* The second field is the command's name, which may hold anything, in brackets. */
  char *field = strrchr(text, ')');
  /* One that has ended, and is not buried yet, is none. */
  if (field && strchr("ZX", field[2])) return 0;
  for (int i = 2; field && i < 22; i++) field = strchr(field + 1, ' ');
  return field ? strtoull(field, NULL, 10) : 0;
}

/* Joining the namespace that one is in already is refused for some kinds, and of no use for any. */
static int others(int pid, int flags) {
  for (int i = 0; i < KINDS; i++) {
    char its[64], own[64];
    struct stat a, b;
    snprintf(its, sizeof its, "/proc/%d/ns/%s", pid, kinds[i].name);
    snprintf(own, sizeof own, "/proc/self/ns/%s", kinds[i].name);
    int same = stat(its, &a) == 0 && stat(own, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
    /* A kind that the kernel doesn't have is nowhere. */
    if (same || (access(own, F_OK) != 0)) flags &= ~kinds[i].flag;
  }
  return flags;
}

_Noreturn static void gone(void) {
  /* The holder of a user's labs, killed just now: another is made. */
  if (kept >= 0) begin_anew();
  errno = ESRCH;
  refuse("enter the host, whose init does not live");
}

void step_enter(char **arguments) {
  int pid = atoi(arguments[0]);
  char folder[PATH_MAX];
  if (!getcwd(folder, sizeof folder)) strcpy(folder, "/");
  int process = (int)syscall(SYS_pidfd_open, pid, 0);
  if (process < 0) gone();
  /* With the pidfd in hand the number can't change its owner any more. */
  if (start_of(pid) != strtoull(arguments[1], NULL, 10)) gone();
  int flags = others(pid, flags_of(arguments[2]));
  if (flags && setns(process, flags) < 0) {
    if (errno == ESRCH) gone();
    refuse("enter the host’s namespaces");
  }
  close(process);
  /* Our own ids mean nobody there. It may have no root: then we stay that. */
  if ((flags & CLONE_NEWUSER) && setgroups(0, NULL) == 0 && setresgid(0, 0, 0) == 0 && setresuid(0, 0, 0) == 0)
    prctl(PR_SET_DUMPABLE, 1);
  if ((flags & CLONE_NEWNS) && chdir(folder) < 0 && chdir("/") < 0) refuse("go to the host’s /");
}

void step_net(char **arguments) {
  int file = open(arguments[0], O_RDONLY | O_CLOEXEC);
  if (file < 0) refuse("open the network namespace %s", arguments[0]);
  if (setns(file, CLONE_NEWNET) < 0) refuse("enter the network namespace %s", arguments[0]);
  close(file);
}

/* A path below a folder; one that is too long leads nowhere. */
static void place_of(char place[PATH_MAX], const char *folder, const char *inside, const char *node) {
  if (snprintf(place, PATH_MAX, "%s/%s/%s", folder, inside, node) < PATH_MAX) return;
  errno = ENAMETOOLONG;
  refuse("go to the node %s", node);
}

/* Who comes first makes it: the lab's folder is locked. */
static void make_uts(const char *place, const char *node) {
  if (unshare(CLONE_NEWUTS) < 0) refuse("make a UTS namespace for %s", node);
  if (sethostname(node, strlen(node)) < 0) refuse("set the hostname of %s", node);
  int file = open(place, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0);
  if (file < 0) refuse("make %s", place);
  close(file);
  if (mount("/proc/self/ns/uts", place, NULL, MS_BIND, NULL) < 0) refuse("pin the UTS namespace of %s", node);
}

void step_uts(char **arguments) {
  const char *folder = arguments[0], *node = arguments[1];
  char place[PATH_MAX];
  struct statfs found;
  int lock = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0) refuse("open %s", folder);
  while (flock(lock, LOCK_EX) < 0)
    if (errno != EINTR) refuse("lock %s", folder);
  /* Most labs need no such folder. */
  place_of(place, folder, "uts", "");
  if (mkdir(place, 0755) < 0 && errno != EEXIST) refuse("make %s", place);
  place_of(place, folder, "uts", node);
  int file = open(place, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  int pinned = file >= 0 && fstatfs(file, &found) == 0 && found.f_type == NSFS_MAGIC;
  if (!pinned) make_uts(place, node);
  else if (setns(file, CLONE_NEWUTS) < 0) refuse("enter the UTS namespace of %s", node);
  if (file >= 0) close(file);
  close(lock);
}

void step_group(char **arguments) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/cgroup.procs", arguments[0]);
  write_text(path, "0", "enter the host’s control group");
}

void step_write(char **arguments) {
  char operation[PATH_MAX];
  snprintf(operation, sizeof operation, "write to %s", arguments[0]);
  write_text(arguments[0], arguments[1], operation);
}

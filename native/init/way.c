/* A lab's folder and a node in; the steps that lead into the node out, if all that they go by is ours. */
#include "init.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Whether what belongs to that user may be believed: root's, and one's own. */
static int is_trusted(uid_t user) { return user == 0 || user == geteuid(); }

/* Whether a folder is where a tmpfs of ours is mounted (kernel/mounts.ts). */
static int is_ours(int folder) {
  struct stat around, found, mark;
  struct statfs system;
  return fstat(folder, &found) == 0 && fstatat(folder, "..", &around, 0) == 0 && around.st_dev != found.st_dev &&
         fstatfs(folder, &system) == 0 && system.f_type == TMPFS_MAGIC &&
         fstatat(folder, ".made-by-nstopo", &mark, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(mark.st_mode) && is_trusted(mark.st_uid);
}

/* The inode of the node's namespace, if it is pinned there and marked as ours (kernel/names.ts); else 0. */
static unsigned long node_inode(int lab, const char *node) {
  char path[PATH_MAX], marked[32];
  struct stat found;
  struct statfs system;
  snprintf(path, sizeof path, "ns/%s", node);
  int pin = openat(lab, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  int good = pin >= 0 && fstat(pin, &found) == 0 && fstatfs(pin, &system) == 0 && system.f_type == NSFS_MAGIC;
  if (pin >= 0) close(pin);
  snprintf(path, sizeof path, "id/%s", node);
  ssize_t size = good ? readlinkat(lab, path, marked, sizeof marked - 1) : -1;
  if (size <= 0) return 0;
  marked[size] = 0;
  return strtoul(marked, NULL, 10) == found.st_ino ? found.st_ino : 0;
}

enum { MOST_BYTES = 1 << 20 };

/* A file that nstopo wrote, and a NUL after it; NULL where there is none. */
static char *read_own(int lab, const char *node, const char *name, size_t *size) {
  char path[PATH_MAX], *text = NULL;
  struct stat found;
  snprintf(path, sizeof path, "host/%s/%s", node, name);
  int file = openat(lab, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file >= 0 && fstat(file, &found) == 0 && S_ISREG(found.st_mode) && is_trusted(found.st_uid) && found.st_size < MOST_BYTES)
    text = calloc(1, (size_t)found.st_size + 1);
  if (text && read(file, text, (size_t)found.st_size) != found.st_size) text = NULL;
  if (file >= 0) close(file);
  if (text) *size = (size_t)found.st_size;
  return text;
}

/* Whether the process of an init's file lives, and is in that network namespace. */
static int is_living(const char *init, unsigned long inode) {
  char path[64];
  struct stat found;
  int pid;
  unsigned long long start;
  if (sscanf(init, "%d %llu", &pid, &start) != 2 || start_of(pid) != start) return 0;
  snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
  return stat(path, &found) == 0 && found.st_ino == inode;
}

/* The words of a text in which a NUL ends each. */
static char **words_in(char *text, size_t size) {
  size_t count = 0;
  char **words = calloc(size + 1, sizeof *words);
  for (char *at = text; words && at < text + size; at += strlen(at) + 1) words[count++] = at;
  return words;
}

/* What leads into a plain node: its network, its hostname, and a /sys that shows its interfaces. */
static char **steps_into(const char *path, const char *node) {
  static char pin[192];
  static char *steps[] = {"net", pin, "uts", NULL, NULL, "unshare", "mnt", "propagation", "slave",
                          "detach", "/sys", "mount", "sysfs", "/sys", "-", NULL};
  snprintf(pin, sizeof pin, "%s/ns/%s", path, node);
  steps[3] = (char *)path;
  steps[4] = (char *)node;
  return steps;
}

char **way_of(const char *path, const char *node) {
  size_t size;
  int lab = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  unsigned long inode = lab >= 0 && is_ours(lab) ? node_inode(lab, node) : 0;
  if (!inode) return NULL;
  char *init = read_own(lab, node, "init", &size);
  if (!init) return steps_into(path, node);
  /* Written by kernel/host/living.ts. */
  char *way = is_living(init, inode) ? read_own(lab, node, "way", &size) : NULL;
  close(lab);
  return way ? words_in(way, size) : NULL;
}

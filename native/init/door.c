/* The words of `nstopo exec LAB NODE -- COMMAND` in; this process as the command in that node out, without starting Node.js. */
#include "init.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where labs stand; an environment that says otherwise is the program's own to read (commands/shared/machine.ts). */
static const char home[] = "/run/nstopo";

/* What the words say. The lab's may come from the environment instead. */
struct door {
  const char *lab, *node;
  char **command;
};

static int is_name(const char *word, const char *first, const char *others) {
  size_t length = strlen(word);
  return length > 0 && length <= 63 && strchr(first, *word) && strspn(word, others) == length;
}

#define SMALL "abcdefghijklmnopqrstuvwxyz0123456789"
#define LARGE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Variables that have a say in the command line (`NSTOPO_EXEC_USER`) or in where labs are: all but those we set ourselves. */
static int has_says(void) {
  static const char *const told[] = {"LAB=", "NODE=", "ADDR_", "RUN_HELD="};
  for (char **variable = environ; *variable; variable++) {
    if (strncmp(*variable, "NSTOPO_", 7) != 0) continue;
    size_t i = 0, count = sizeof told / sizeof *told;
    while (i < count && strncmp(*variable + 7, told[i], strlen(told[i])) != 0) i++;
    if (i == count) return 1;
  }
  return 0;
}

/* NODE PROGRAM exec [LAB] NODE -- COMMAND...: no flags, nothing left out but a lab that the environment names. */
static int read_words(char **words, struct door *door) {
  int count = 0;
  while (words[count] && strcmp(words[count], "--") != 0) count++;
  if (!words[count] || !words[count + 1] || count < 4 || count > 5 || strcmp(words[2], "exec") != 0) return 0;
  door->lab = count == 5 ? words[3] : getenv("NSTOPO_LAB");
  door->node = words[count - 1];
  door->command = words + count + 1;
  return door->lab && is_name(door->lab, SMALL, SMALL "-") && is_name(door->node, SMALL LARGE, SMALL LARGE "_-") && !has_says();
}

/* Whether namespaces can be entered: by root, and by who is root of a user namespace of his own (capabilities(7)). */
static int is_privileged(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  const unsigned wanted = 1U << CAP_SYS_ADMIN | 1U << CAP_NET_ADMIN;
  return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & wanted) == wanted;
}

static int is_private(const char *path) {
  struct stat found;
  return *path == '/' && lstat(path, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid() && !(found.st_mode & 077);
}

/* Enters the holder of an ordinary user's labs, in the folder that kernel/rootless/folder.ts tells; or returns. */
static void join_own(void) {
  char folder[PATH_MAX], record[PATH_MAX], runtime[64];
  const char *said = getenv("XDG_RUNTIME_DIR");
  snprintf(runtime, sizeof runtime, "/run/user/%d", (int)geteuid());
  const char *base = said && is_private(said) ? said : is_private(runtime) ? runtime : NULL;
  if (base) snprintf(folder, sizeof folder, "%s/nstopo", base);
  else snprintf(folder, sizeof folder, "/tmp/nstopo-%d", (int)geteuid());
  if (!is_private(folder) || snprintf(record, sizeof record, "%s/holder", folder) >= (int)sizeof record || access(record, F_OK) < 0)
    return;
  step_join((char *[]){folder});
  step_wait(NULL);
}

/* Whether what belongs to that user may be believed: root's, and one's own. */
static int is_trusted(uid_t user) { return user == 0 || user == geteuid(); }

/* The lab's tmpfs, if one of ours is mounted there (kernel/mounts.ts); -1 where none is. */
static int open_lab(const char *path) {
  struct stat around, found, mark;
  struct statfs system;
  int lab = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (lab >= 0 && fstat(lab, &found) == 0 && fstatfs(lab, &system) == 0 && system.f_type == TMPFS_MAGIC && lstat(home, &around) == 0 &&
      around.st_dev != found.st_dev && fstatat(lab, ".made-by-nstopo", &mark, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(mark.st_mode) &&
      is_trusted(mark.st_uid))
    return lab;
  if (lab >= 0) close(lab);
  return -1;
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
  static char pin[sizeof home + 160];
  static char *steps[] = {"net", pin, "uts", NULL, NULL, "unshare", "mnt", "propagation", "slave",
                          "detach", "/sys", "mount", "sysfs", "/sys", "-", NULL};
  snprintf(pin, sizeof pin, "%s/ns/%s", path, node);
  steps[3] = (char *)path;
  steps[4] = (char *)node;
  return steps;
}

/* The steps that lead into the node; NULL where that is not as plain as it might be, and somebody has to be told why. */
static char **way_of(const char *path, const char *node) {
  size_t size;
  int lab = open_lab(path);
  unsigned long inode = lab < 0 ? 0 : node_inode(lab, node);
  if (!inode) return NULL;
  char *init = read_own(lab, node, "init", &size);
  if (!init) return steps_into(path, node);
  /* Written by kernel/host/living.ts. */
  char *way = is_living(init, inode) ? read_own(lab, node, "way", &size) : NULL;
  close(lab);
  return way ? words_in(way, size) : NULL;
}

void step_door(char **words) {
  struct door door;
  char path[sizeof home + 64];
  static char title[256];
  if (!*words || strcmp(*words, "--") != 0 || !read_words(words + 1, &door)) return;
  snprintf(path, sizeof path, "%s/%s", home, door.lab);
  snprintf(title, sizeof title, "nstopo exec %s %s", door.lab, door.node);
  waiting_title = title;
  if (!is_privileged()) join_own();
  char **way = way_of(path, door.node);
  if (!way) return;
  do_steps(way);
  setenv("NSTOPO_LAB", door.lab, 1);
  setenv("NSTOPO_NODE", door.node, 1);
  become(door.command);
}

/* The words of `nstopo exec LAB NODE -- COMMAND` in; this process as the command in that node out, without starting Node.js. */
#include "init.h"
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/* Variables that have a say in the command line, or in where labs are: commands/shared/flags.ts and machine.ts. */
static int has_says(void) {
  static const char *const say[] = {"NSTOPO_EXEC_", "NSTOPO_JSON=", "NSTOPO_STATE_DIR="};
  for (char **variable = environ; *variable; variable++)
    for (size_t i = 0; i < sizeof say / sizeof *say; i++)
      if (strncmp(*variable, say[i], strlen(say[i])) == 0) return 1;
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

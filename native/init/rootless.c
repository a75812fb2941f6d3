/* A folder of the user's own in; the process that holds his labs made, kept as long as they are there, and entered, out. */
#include "init.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char record[] = "holder";

/* Who enters has it shared, as long as he is there; who makes a holder, and a holder that looks whether it may go, alone. */
static int lock_folder(const char *path, int how) {
  struct stat found;
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 || fstat(folder, &found) < 0) return -1;
  if (found.st_uid != geteuid() || (found.st_mode & 077)) {
    errno = EPERM;
    refuse("use %s, to which others have access", path);
  }
  while (flock(folder, how) < 0)
    if (errno != EINTR) refuse("lock %s", path);
  /* A holder that went has removed it meanwhile. */
  if (fstat(folder, &found) == 0 && found.st_nlink > 0) return folder;
  close(folder);
  errno = ENOENT;
  return -1;
}

/* Whether the holder lives; then its number and its start are told. */
static int find_holder(int folder, char number[32], char start[32]) {
  char text[64];
  int file = openat(folder, record, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
  if (file >= 0) close(file);
  if (size <= 0) return 0;
  text[size] = 0;
  if (sscanf(text, "%31[0-9] %31[0-9]", number, start) != 2) return 0;
  unsigned long long began = start_of(atoi(number));
  return began != 0 && began == strtoull(start, NULL, 10);
}

/* Who has the holder made, and joins it next. */
static int first_guest = -1;

void step_alone(char **arguments) {
  char number[32], start[32];
  first_guest = (int)syscall(SYS_pidfd_open, atoi(arguments[1]), 0);
  if (first_guest < 0 || getppid() != atoi(arguments[1])) {
    errno = ESRCH;
    refuse("make a holder for nobody");
  }
  int folder = lock_folder(arguments[0], LOCK_EX);
  if (folder < 0) refuse("lock %s", arguments[0]);
  if (find_holder(folder, number, start)) exit(0);
}

void step_join(char **arguments) {
  char number[32], start[32], kinds[] = "user,mnt,uts,pid";
  int folder = lock_folder(arguments[0], LOCK_SH);
  if (folder < 0 || !find_holder(folder, number, start)) {
    if (folder >= 0) close(folder);
    begin_anew();
  }
  kept = folder;
  step_enter((char *[]){number, start, kinds});
}

/* Runs newuidmap or newgidmap with `PID INSIDE OUTSIDE COUNT ...`. */
static int run_mapper(const char *program, int pid, const char *map) {
  char number[16], *words[64] = {(char *)program, number}, *rest = strdup(map), *word;
  int count = 2, status;
  snprintf(number, sizeof number, "%d", pid);
  while (count < 63 && (word = strsep(&rest, " ,"))) words[count++] = word;
  int child = fork();
  if (child == 0) {
    execvp(program, words);
    refuse("execute %s", program);
  }
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Without the right to map others, one id is mapped: one's own (user_namespaces(7)). */
static void map_self(int pid) {
  char path[64], text[64];
  snprintf(path, sizeof path, "/proc/%d/setgroups", pid);
  write_text(path, "deny", "give up setgroups");
  snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
  snprintf(text, sizeof text, "0 %d 1", (int)geteuid());
  write_text(path, text, "map the user’s own id");
  snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
  snprintf(text, sizeof text, "0 %d 1", (int)getegid());
  write_text(path, text, "map the user’s own group");
}

void write_own_maps(int pid, char **maps) {
  if (strcmp(maps[0], "-") == 0 || !run_mapper("newuidmap", pid, maps[0])) return map_self(pid);
  if (run_mapper("newgidmap", pid, maps[1])) return;
  errno = EPERM;
  refuse("map the groups of /etc/subgid");
}

/* Mounts of ours that no other namespace has sent here. */
static int count_mounts(void) {
  char *line = NULL;
  size_t size = 0;
  int count = 0;
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  while (mounts && getline(&line, &size, mounts) > 0) count += strstr(line, " - tmpfs nstopo ") && !strstr(line, " master:");
  if (mounts) fclose(mounts);
  free(line);
  return count;
}

static void leave(int signal) {
  (void)signal;
  _exit(0);
}

/* Waits until nobody is inside; whether there is nothing left to hold then, and nobody can come any more. */
static int may_go(const char *path, int before) {
  int folder = lock_folder(path, LOCK_EX);
  if (folder < 0) return 1;
  if (count_mounts() > before) return close(folder), 0;
  unlinkat(folder, record, 0);
  rmdir(path);
  return 1;
}

void step_tend(char **arguments) {
  sigset_t none;
  /* The title takes the place of the words. */
  const char *folder = strdup(arguments[0]);
  /* Those of the machine, where it sends nothing: they were there before. */
  int before = count_mounts();
  struct pollfd guest = {live_on(arguments[1], first_guest), POLLIN, 0}, mounts = {-1, POLLPRI, 0};
  /* Whoever loses his parent is buried by the kernel. */
  signal(SIGCHLD, SIG_IGN);
  signal(SIGTERM, leave);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* A change of mounts while one looks is told at the next poll (proc_pid_mountinfo(5)). */
  while (poll(&guest, 1, -1) < 0) continue;
  mounts.fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  while (!may_go(folder, before))
    while (poll(&mounts, 1, -1) < 0) continue;
  exit(0);
}

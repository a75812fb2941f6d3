/* New namespaces in; a process that holds them, known by number and start time before it lives on, out. */
#include "init.h"
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Between `start` and `hold`: the init's end; whoever has the other one waits. */
static int gate = -1;

/* The number, as we see it, of the process that says it is ready; 0 when it has ended before. */
static int await_ready(int end) {
  char byte, room[CMSG_SPACE(sizeof(struct ucred))];
  struct iovec bytes = {&byte, 1};
  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  ssize_t size;
  do size = recvmsg(end, &message, 0);
  while (size < 0 && errno == EINTR);
  struct cmsghdr *header = size == 1 ? CMSG_FIRSTHDR(&message) : NULL;
  return header && header->cmsg_type == SCM_CREDENTIALS ? ((struct ucred *)CMSG_DATA(header))->pid : 0;
}

static void record(const char *path, int pid) {
  char beside[PATH_MAX], text[64];
  snprintf(beside, sizeof beside, "%s.new", path);
  int length = snprintf(text, sizeof text, "%d %llu\n", pid, start_of(pid));
  unlink(beside);
  int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0 || write(file, text, (size_t)length) != length || rename(beside, path) < 0)
    refuse("record the host’s init in %s", path);
  close(file);
}

/* A host that has used up its memory is to lose what uses it (proc_pid_oom_score_adj(5)). Where that may not be said, it is not. */
static void spare_when_memory_is_short(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0 && write(file, "-1000", 5) < 0) errno = 0;
  if (file >= 0) close(file);
}

void step_start(char **arguments) {
  int ends[2], yes = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) refuse("make a pair of sockets");
  /* The kernel says who has sent something, with the number that he has here. */
  if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) < 0) refuse("ask for senders");
  int child = fork();
  if (child < 0) refuse("start the host’s init");
  if (child == 0) {
    close(ends[0]);
    gate = ends[1];
    spare_when_memory_is_short();
    return;
  }
  close(ends[1]);
  int pid = await_ready(ends[0]);
  /* What was refused has been said by the one it was refused to. */
  if (pid == 0) _exit(REFUSED);
  record(arguments[0], pid);
  send(ends[0], "", 1, MSG_NOSIGNAL);
  _exit(0);
}

static const char *words_of(int flags) {
  switch (flags) {
    case CLONE_NEWNS: return "a mount namespace";
    case CLONE_NEWUTS: return "a UTS namespace";
    case CLONE_NEWIPC: return "an IPC namespace";
    case CLONE_NEWPID: return "a PID namespace";
    case CLONE_NEWCGROUP: return "a cgroup namespace";
    case CLONE_NEWNET: return "a network namespace";
    case CLONE_NEWUSER: return "a user namespace";
    default: return "a time namespace";
  }
}

/* One by one: so it can be said which was refused. */
int makes_pids = 0;

void step_unshare(char **arguments) {
  int flags = flags_of(arguments[0]);
  makes_pids |= (flags & CLONE_NEWPID) != 0;
  for (unsigned bit = 1; bit; bit <<= 1)
    if (flags & (int)bit)
      if (unshare((int)bit) < 0) refuse("make %s", words_of((int)bit));
}

void write_text(const char *path, const char *text, const char *operation) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) refuse("%s", operation);
  close(file);
}

/* Lines for commas. */
static void write_map(int pid, const char *name, char *map) {
  char path[64];
  for (char *at = map; (at = strchr(at, ',')); at++) *at = '\n';
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  write_text(path, map, strcmp(name, "uid_map") == 0 ? "map user ids" : "map group ids");
}

static void write_maps(int pid, char **maps) {
  write_map(pid, "uid_map", maps[0]);
  write_map(pid, "gid_map", maps[1]);
}

/* Only who is outside may map ids that are not his own: a child that stays there does. */
static void make_users(void (*map)(int, char **), char **maps) {
  int made[2], pid = getpid(), status;
  if (pipe2(made, O_CLOEXEC) < 0) refuse("make a pipe");
  int helper = fork();
  if (helper < 0) refuse("start a helper");
  if (helper == 0) {
    char byte;
    close(made[1]);
    if (read(made[0], &byte, 1) != 1) _exit(REFUSED);
    map(pid, maps);
    _exit(0);
  }
  close(made[0]);
  if (unshare(CLONE_NEWUSER) < 0) refuse("make a user namespace");
  if (write(made[1], "", 1) != 1) refuse("ask for maps of ids");
  close(made[1]);
  if (waitpid(helper, &status, 0) < 0) refuse("wait for maps of ids");
  if (status != 0) exit(REFUSED);
}

static void become_root(void) {
  if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) refuse("become root of the user namespace");
  /* With other ids its files in /proc were root's, and closed to it. */
  prctl(PR_SET_DUMPABLE, 1);
}

void step_users(char **arguments) {
  make_users(write_maps, arguments);
  if (set_groups(0, NULL) < 0) refuse("leave all groups");
  become_root();
}

void step_mine(char **arguments) {
  make_users(write_own_maps, arguments);
  become_root();
}

void step_offsets(char **arguments) {
  char text[128];
  snprintf(text, sizeof text, "monotonic %s 0\nboottime %s 0\n", arguments[0], arguments[1]);
  write_text("/proc/self/timens_offsets", text, "set the clocks’ offsets");
}

void step_hostname(char **arguments) {
  if (sethostname(arguments[0], strlen(arguments[0])) < 0) refuse("set the hostname %s", arguments[0]);
}

void step_fork(char **arguments) {
  (void)arguments;
  int child = fork();
  if (child < 0) refuse("start the first process");
  if (child > 0) _exit(0);
}

/* Nothing of whoever started it stays with it, but for one file that is wanted, as the descriptor 3. */
static void let_go(int file) {
  int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++)
    if (null < 0) close(fd);
    else dup2(null, fd);
  if (file >= 0) dup2(file, 3);
  syscall(SYS_close_range, file < 0 ? 3 : 4, ~0U, 0);
  setsid();
  if (chdir("/") < 0) return;
}

static void pause_10ms(void) {
  const struct timespec time = {0, 10 * 1000 * 1000};
  nanosleep(&time, NULL);
}

/* What is left when the first process of a PID namespace ends, the kernel ends. */
static void end_others(void) {
  if (getpid() != 1) return;
  kill(-1, SIGTERM);
  kill(-1, SIGCONT);
  for (int round = 0; round < 150; round++) {
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    if (kill(-1, 0) < 0) return;
    pause_10ms();
  }
}

int live_on(const char *title, int file) {
  sigset_t all;
  char byte;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  set_title(title);
  if (send(gate, "", 1, MSG_NOSIGNAL) != 1) refuse("say that the host is ready");
  if (recv(gate, &byte, 1, 0) != 1) exit(REFUSED);
  let_go(file);
  return 3;
}

void step_hold(char **arguments) {
  sigset_t all;
  sigfillset(&all);
  live_on(arguments[0], -1);
  for (;;) {
    int signal = sigwaitinfo(&all, NULL);
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    if (signal == SIGTERM) {
      end_others();
      exit(0);
    }
  }
}

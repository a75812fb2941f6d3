/* A command in; this process, or a child that it stands for, as that command out (execvp(3), credentials(7)). */
#include "init.h"
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the process that waits for this one; -1 where none does. */
static int waiting = -1;

/* As if the child's signal had been ours, but without a second core. */
_Noreturn static void end_like(int status) {
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  const struct rlimit none = {0, 0};
  sigset_t one;
  setrlimit(RLIMIT_CORE, &none);
  signal(WTERMSIG(status), SIG_DFL);
  sigemptyset(&one);
  sigaddset(&one, WTERMSIG(status));
  kill(getpid(), WTERMSIG(status));
  sigprocmask(SIG_UNBLOCK, &one, NULL);
  _exit(128 + WTERMSIG(status));
}

/* What a terminal sends, it sends to the whole group, the child included; when it goes away, to its first process too. */
static int is_from_terminal(const siginfo_t *info) {
  return info->si_code == SI_KERNEL && info->si_signo != SIGHUP;
}

_Noreturn static void stand_for(int child, const sigset_t *all) {
  for (;;) {
    int status;
    siginfo_t info;
    if (sigwaitinfo(all, &info) < 0) continue;
    if (info.si_signo != SIGCHLD) {
      if (!is_from_terminal(&info)) kill(child, info.si_signo);
      else if (makes_pids && info.si_signo == SIGTSTP) kill(getpid(), SIGSTOP);
      continue;
    }
    while (waitpid(child, &status, WNOHANG | WUNTRACED) > 0) {
      if (!WIFSTOPPED(status)) end_like(status);
      /* Who continues us, continues the child: SIGCONT is passed on. A supervisor may have done so already. */
      if (report < 0) kill(getpid(), SIGSTOP);
    }
  }
}

/* What the child closes is closed; but what is kept lasts as long as this process. */
static void close_all(void) {
  if (kept > 0) syscall(SYS_close_range, 0, kept - 1, 0);
  syscall(SYS_close_range, kept + 1, ~0U, 0);
}

/* The process that stands for this one may be killed at any moment: also before this can ask to be told. */
static void end_with_waiting(void) {
  struct pollfd parent = {waiting, POLLIN, 0};
  if (waiting < 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The first process of a PID namespace can't end itself by a signal. */
  if (poll(&parent, 1, 0) > 0) _exit(128 + SIGKILL);
  close(waiting);
}

void step_wait(char **arguments) {
  (void)arguments;
  sigset_t all, before;
  end_with_waiting();
  waiting = -1;
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  signal(SIGCHLD, SIG_DFL);
  int child = fork();
  if (child < 0) refuse("start a process in the host");
  if (child == 0) {
    waiting = self;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return;
  }
  if (report >= 0) dprintf(report, "pid %d\n", child);
  if (waiting_title) set_title(waiting_title);
  close_all();
  stand_for(child, &all);
}

/* What is left of it once it has ended. */
static int status_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * As the first process of a PID namespace it can't end by a signal, and others' orphans are its own. It ends at once where
 * the child fails, else when both have ended, as the one beside did.
 */
_Noreturn static void stand_first(int child, int beside, const sigset_t *all) {
  for (int result = 0;;) {
    int status, ended;
    siginfo_t info;
    if (sigwaitinfo(all, &info) < 0) continue;
    int told = info.si_signo == SIGCHLD || is_from_terminal(&info) ? 0 : info.si_signo;
    if (told && child) kill(child, told);
    if (told && beside) kill(beside, told);
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
      if (ended == child && status != 0) _exit(status_of(status));
      if (ended == beside) result = status_of(status);
      if (ended == child) child = 0;
      if (ended == beside) beside = 0;
      if (!child && !beside) _exit(result);
    }
  }
}

/* A word; NULL where there is no more. */
static char *read_word(FILE *from) {
  char *word = NULL;
  size_t room = 0;
  return getdelim(&word, &room, 0, from) > 0 ? word : NULL;
}

/* All words that are left, with a NULL after them. */
static char **read_words(FILE *from) {
  char **words = NULL, *word;
  size_t count = 0;
  do {
    words = realloc(words, (count + 1) * sizeof *words);
    if (!words) refuse("keep the words of a command");
    words[count++] = word = read_word(from);
  } while (word);
  return words;
}

/* Signals that came before are had when it has begun. */
_Noreturn static void begin_when_told(int fd, const sigset_t *signals) {
  char *word;
  FILE *from = fdopen(fd, "r");
  if (!from) refuse("wait for a command");
  while ((word = read_word(from)) && *word) putenv(word);
  char **command = read_words(from);
  fclose(from);
  if (!*command) _exit(0);
  sigprocmask(SIG_SETMASK, signals, NULL);
  become(command);
}

void step_first(char **arguments) {
  sigset_t all, before;
  int words[2];
  char told[32];
  end_with_waiting();
  waiting = -1;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  signal(SIGCHLD, SIG_DFL);
  int beside = pipe2(words, O_CLOEXEC) < 0 ? -1 : fork();
  if (beside == 0) {
    close(words[1]);
    begin_when_told(words[0], &before);
  }
  int child = beside < 0 ? -1 : fork();
  if (child < 0) refuse("start a process beside the lab");
  if (child == 0) {
    fcntl(words[1], F_SETFD, 0);
    snprintf(told, sizeof told, "%d %d", words[1], beside);
    setenv("NSTOPO_RUN_HELD", told, 1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return;
  }
  set_title(arguments[0]);
  close_all();
  stand_first(child, beside, &all);
}

void step_await(char **arguments) {
  sigset_t signals;
  sigprocmask(SIG_SETMASK, NULL, &signals);
  begin_when_told(atoi(arguments[0]), &signals);
}

/* The line of a file such as /etc/passwd whose first field is the name, or whose third is the number; cut into fields. */
static int find_line(const char *path, const char *name, char *fields[7], char *room, size_t size) {
  FILE *file = fopen(path, "re");
  int found = 0;
  while (file && !found && fgets(room, (int)size, file)) {
    char *rest = room;
    room[strcspn(room, "\n")] = 0;
    for (int i = 0; i < 7; i++) fields[i] = (rest ? strsep(&rest, ":") : "");
    found = strcmp(fields[0], name) == 0 || strcmp(fields[2], name) == 0;
  }
  if (file) fclose(file);
  return found;
}

static int is_member(const char *members, const char *user) {
  size_t length = strlen(user);
  for (const char *at = members; *at; at += *at == ',') {
    size_t size = strcspn(at, ",");
    if (size == length && strncmp(at, user, size) == 0) return 1;
    at += size;
  }
  return 0;
}

/* The groups of /etc/group that name the user, after his own. */
static size_t groups_of(const char *user, gid_t own, gid_t *groups, size_t most) {
  char line[65536];
  size_t count = 0;
  groups[count++] = own;
  FILE *file = fopen("/etc/group", "re");
  while (file && count < most && fgets(line, sizeof line, file)) {
    char *rest = line;
    line[strcspn(line, "\n")] = 0;
    strsep(&rest, ":");
    if (rest) strsep(&rest, ":");
    char *number = rest ? strsep(&rest, ":") : NULL;
    if (number && rest && is_member(rest, user)) groups[count++] = (gid_t)strtoul(number, NULL, 10);
  }
  if (file) fclose(file);
  return count;
}

int set_groups(size_t count, const gid_t *groups) {
  char text[8] = "";
  int result = setgroups(count, groups), number = errno;
  int file = result < 0 ? open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return result;
  if (read(file, text, 4) == 4 && strcmp(text, "deny") == 0) result = 0;
  close(file);
  errno = number;
  return result;
}

void step_user(char **arguments) {
  char room[4096], *fields[7], *name = arguments[0], *end;
  gid_t groups[256];
  unsigned long number = strtoul(name, &end, 10);
  int known = find_line("/etc/passwd", name, fields, room, sizeof room);
  if (!known && (*end || end == name)) {
    errno = EINVAL;
    refuse("become the user %s, whom the host’s /etc/passwd does not know", name);
  }
  uid_t uid = (uid_t)(known ? strtoul(fields[2], NULL, 10) : number);
  gid_t gid = (gid_t)(known ? strtoul(fields[3], NULL, 10) : number);
  size_t count = groups_of(known ? fields[0] : "", gid, groups, 256);
  if (set_groups(count, groups) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0) {
    /* user_namespaces(7): of an id that is not mapped. */
    if (errno == EINVAL) refuse("become the user %s, whose ids this user namespace does not have (nstopo doctor)", name);
    refuse("become the user %s", name);
  }
  setenv("HOME", known ? fields[5] : "/", 1);
  setenv("USER", known ? fields[0] : name, 1);
  setenv("LOGNAME", known ? fields[0] : name, 1);
}

void step_variable(char **arguments) {
  if (putenv(arguments[0]) != 0) refuse("set the variable %s", arguments[0]);
}

void step_workdir(char **arguments) {
  if (chdir(arguments[0]) < 0) refuse("go to the folder %s", arguments[0]);
}

static const char *why(int number) {
  return number == EACCES ? "it is a folder, or not marked as executable (chmod +x)" : strerror(number);
}

void step_descriptors(char **arguments) {
  struct rlimit limit;
  rlim_t most = strtoul(arguments[0], NULL, 10);
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) refuse("ask for the limit of open files");
  if (limit.rlim_cur <= most) return;
  limit.rlim_cur = most;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0) refuse("limit open files to %s", arguments[0]);
}

void become(char **command) {
  end_with_waiting();
  if (!*command) {
    errno = EINVAL;
    refuse("execute no command");
  }
  execvp(*command, command);
  int status = errno == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
  if (report >= 0) refuse_as(status, "execute %s", *command);
  /* As the exec of a plain node says it. */
  if (status == NOT_FOUND) fprintf(stderr, "error: there is no command %s  [not-found]\n", *command);
  else fprintf(stderr, "error: %s can’t be executed: %s  [not-permitted]\n", *command, why(errno));
  exit(status);
}

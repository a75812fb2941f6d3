/*
 * Steps on the command line in; a host's init, or a command inside of a host, out.
 *
 *   init STEP ARGUMENT... STEP ARGUMENT... [-- COMMAND ARGUMENT...]
 *
 * The steps are done in their order, by one thread, and then the process becomes the command, if there is one: no shell,
 * no configuration, nothing read but /proc and, for `user`, the host's own /etc/passwd and /etc/group.
 *
 * A step that the kernel refuses ends the program with status 125 and one line on the standard error:
 *   nstopo: OPERATION: WORDS [ERRNO]        such as   nstopo: make a mount namespace: Operation not permitted [1]
 * A command that can't be executed ends it with status 126, one that is not there with 127; that is said in words for
 * whoever typed it, or, after `report`, as a refused step is.
 *
 * Into a host:
 *   enter PID START KINDS   joins these namespaces (`mnt,uts`, or `all`) of the process of that number, if it is still the
 *                           one that started START clock ticks after the boot; those that it shares with us are left out.
 *                           In a user namespace we then are its root, where it has one.
 *                           The working folder stays the one of that name, where the host has it; else it is /
 *   net PATH                joins the network namespace that is pinned there
 *   uts FOLDER NODE         joins the UTS namespace that is pinned in FOLDER/uts/NODE, and makes it where none is, with the
 *                           node's name for a hostname
 *   group FOLDER            goes into the control group of that folder (cgroups(7))
 *   wait                    forks: the child goes on with the steps; this process waits for it, passes signals on, stops
 *                           when it stops, and ends as it ends. Killed, it takes the child along
 *   write PATH TEXT         writes to a file that is there, such as one below /proc/sys
 *   user NAME               becomes that user, told by name or number, with its groups, and sets HOME, USER and LOGNAME
 *   workdir PATH            changes the working folder
 *   variable NAME=VALUE     in the environment, over what is there
 *   descriptors MOST        limits how many files it may have open, as far as it may have more (getrlimit(2))
 *   report FD               waits for a byte on that descriptor, and ends where it is closed instead. What is refused from then
 *                           on is said there too, and `pid NUMBER` of the child that `wait` makes; the command does not have it
 *   door                    where the command is `NODE PROGRAM exec [LAB] NODE -- COMMAND`, with nothing more to it, and that
 *                           lab and node are there: becomes COMMAND in it. Else it goes on, to that program (door.c)
 * A host's init:
 *   start FILE              forks: the child goes on with the steps, up to `hold`. This process then writes `PID START` of
 *                           the init to FILE, durably enough for a tmpfs (beside, renamed), tells it to go on, and ends
 *                           with 0; killed before that, or with FILE refused, nothing is left
 *   unshare KINDS           makes new namespaces; of `pid` and `time` it is the child of the next `fork` that is in them
 *   users UIDS GIDS         makes a user namespace with these maps (`INSIDE OUTSIDE COUNT` each, by commas), written from
 *                           outside of it, and becomes root in it (user_namespaces(7))
 *   offsets MONOTONIC BOOT  seconds that the new time namespace is ahead (time_namespaces(7))
 *   fork                    forks: the child goes on with the steps, this process ends
 *   hostname NAME           sets it (sethostname(2))
 *   hold TITLE              becomes init: reaps what ends, ends on TERM. In a PID namespace it first asks all others to end
 *                           and waits for them up to a second and a half; the kernel then ends what is left
 * Mounts:
 *   propagation slave|private   of all mounts that there are (mount_namespaces(7))
 *   mount TYPE PATH OPTIONS mounts a new file system; OPTIONS are the type's own, or `-`. Left out where PATH is not there
 *   mkdir PATH MODE         makes a folder unless it is there; MODE is octal
 *   detach PATH             unmounts what is mounted there and below, if anything is (umount2(2), MNT_DETACH)
 *   renew PATH NAMES        mounts a tmpfs in which all stands that stood there, but for these NAMES
 * Of an ordinary user, whose labs one process holds; FOLDER is the user's own, and `FOLDER/holder` says which process it is:
 *   alone FOLDER PID        ends with 0 if the holder lives; nobody else makes one before this process has ended. It is made
 *                           for its parent PID, and does not go before that one has
 *   mine UIDS GIDS          makes a user namespace as its root: with `-`, of one's own id; else with these maps, by newuidmap(1),
 *                           or with `-` where that refuses
 *   tend FOLDER TITLE       becomes the holder, as `hold`; ends when nobody has joined and there is no lab, and removes FOLDER
 *   join FOLDER             enters the holder, which stays at least as long as this process. Where none lives, the command
 *                           is begun anew without any further step
 * Of a lab that lives as long as a command:
 *   first TITLE             forks twice: one child goes on with the steps, and NSTOPO_RUN_HELD tells it `FD PID` of the other,
 *                           which waits as `await` does. This process buries whoever ends in its PID namespace, passes
 *                           signals on to both, and ends when the first fails, else as the second does once both have
 *                           ended. The PID namespace does not outlive its parent
 *   tell                    what is refused from then on is in the command's environment, as NSTOPO_REFUSED: it is begun
 *                           without any further step, wherever the process then is, and says so in its own words
 *   await FD                waits for words, each ended by a NUL: `NAME=VALUE` for its environment, an empty one, then those
 *                           of a command, which it becomes. Ends without a word when they don't come
 */
#include "init.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct step steps[] = {
    {"enter", 3, step_enter},
    {"net", 1, step_net},
    {"uts", 2, step_uts},
    {"group", 1, step_group},
    {"wait", 0, step_wait},
    {"write", 2, step_write},
    {"user", 1, step_user},
    {"workdir", 1, step_workdir},
    {"descriptors", 1, step_descriptors},
    {"report", 1, step_report},
    {"start", 1, step_start},
    {"unshare", 1, step_unshare},
    {"users", 2, step_users},
    {"offsets", 2, step_offsets},
    {"fork", 0, step_fork},
    {"hostname", 1, step_hostname},
    {"hold", 1, step_hold},
    {"propagation", 1, step_propagation},
    {"mount", 3, step_mount},
    {"mkdir", 2, step_mkdir},
    {"detach", 1, step_detach},
    {"renew", 2, step_renew},
    {"alone", 2, step_alone},
    {"mine", 2, step_mine},
    {"tend", 2, step_tend},
    {"join", 1, step_join},
    {"first", 1, step_first},
    {"await", 1, step_await},
    {"variable", 1, step_variable},
    {"door", 0, step_door},
    {"tell", 0, step_tell},
};

int report = -1;
int kept = -1;
const char *waiting_title;

void step_report(char **arguments) {
  char byte;
  report = atoi(arguments[0]);
  if (fcntl(report, F_SETFD, FD_CLOEXEC) < 0) refuse("wait on the descriptor %s", arguments[0]);
  if (read(report, &byte, 1) != 1) _exit(0);
}

/* Whether the command is to say what was refused, and what helps against it. */
static int tells;

void step_tell(char **arguments) {
  (void)arguments;
  tells = 1;
}

_Noreturn static void tell(const char *operation, int number) {
  char line[4608];
  snprintf(line, sizeof line, "nstopo: %s: %s [%d]", operation, strerror(number), number);
  tells = 0;
  setenv("NSTOPO_REFUSED", line, 1);
  begin_anew();
}

void refuse_as(int status, const char *format, ...) {
  char text[4096];
  int number = errno;
  va_list words;
  va_start(words, format);
  vsnprintf(text, sizeof text, format, words);
  va_end(words);
  if (status == REFUSED && tells) tell(text, number);
  fprintf(stderr, "nstopo: %s: %s [%d]\n", text, strerror(number), number);
  if (report >= 0) dprintf(report, "nstopo: %s: %s [%d]\n", text, strerror(number), number);
  exit(status);
}

static const struct step *step_of(const char *name) {
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (strcmp(steps[i].name, name) == 0) return &steps[i];
  errno = EINVAL;
  refuse("do the step %s", name);
}

/* Where the words that the kernel gave us stand, one after the other. */
static char *title_from, *title_to;

void set_title(const char *title) {
  size_t room = (size_t)(title_to - title_from), length = strlen(title);
  char *copy = strndup(title, length < room ? length : room - 1);
  if (!copy) return;
  memset(title_from, 0, room);
  memcpy(title_from, copy, strlen(copy));
  prctl(PR_SET_NAME, "nstopo-init");
  free(copy);
}

/* As they are on the command line. */
static char **all_words;

void begin_anew(void) {
  char **next = all_words;
  while (*next && strcmp(*next, "--") != 0) next++;
  become(*next ? next + 1 : next);
}

char **do_steps(char **next) {
  while (*next && strcmp(*next, "--") != 0) {
    const struct step *step = step_of(*next);
    char **arguments = next + 1;
    for (next = arguments; next < arguments + step->arguments; next++)
      if (!*next) {
        errno = EINVAL;
        refuse("do the step %s with too few words", step->name);
      }
    step->run(arguments);
  }
  return next;
}

int main(int count, char **words) {
  if (count < 2) {
    fputs("usage: init STEP ARGUMENT... [-- COMMAND ARGUMENT...]\n", stderr);
    return 2;
  }
  title_from = words[0];
  title_to = words[count - 1] + strlen(words[count - 1]) + 1;
  all_words = words + 1;
  char **next = do_steps(all_words);
  if (*next) become(next + 1);
  return 0;
}

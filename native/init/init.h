/* What the files of this program share: how a step is written, and how one says that it was refused. */
#ifndef NSTOPO_INIT_H
#define NSTOPO_INIT_H

#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

/* Exit statuses, as env(1) and nohup(1) have them. */
enum { REFUSED = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

/* A step: its word, how many words follow it, and what is done with them. It returns, or ends the program by `refuse`. */
struct step {
  const char *name;
  int arguments;
  void (*run)(char **arguments);
};

/* Says `nstopo: OPERATION: WORDS [ERRNO]` on the standard error and ends the program with that status. */
_Noreturn void refuse_as(int status, const char *format, ...);
#define refuse(...) refuse_as(REFUSED, __VA_ARGS__)

/* Where what is refused is said too; -1 where nobody waits for that. */
extern int report;
void step_report(char **);
void step_tell(char **);

/* A descriptor that `wait` does not close; -1 for none. */
extern int kept;

/* What the process that `wait` leaves behind is called then; NULL where its words say it. */
extern const char *waiting_title;

/* way.c */
/* The steps that lead into a node of the lab in that folder, for do_steps; NULL where that is not as plain as it might be, and
   somebody has to be told why. */
char **way_of(const char *folder, const char *node);
/* door.c */
void step_door(char **);
/* enter.c */
void step_enter(char **);
void step_net(char **);
void step_uts(char **);
void step_write(char **);
void step_group(char **);
/* make.c */
/* Whether the next child is the first of a new PID namespace, which nothing can stop. */
extern int makes_pids;
void step_start(char **);
void step_unshare(char **);
void step_users(char **);
void step_mine(char **);
void step_offsets(char **);
void step_hostname(char **);
void step_fork(char **);
void step_hold(char **);
/* mounts.c */
void step_propagation(char **);
void step_mount(char **);
void step_mkdir(char **);
void step_detach(char **);
void step_renew(char **);
/* rootless.c */
void step_alone(char **);
void step_join(char **);
void step_tend(char **);
/* become.c */
void step_user(char **);
void step_workdir(char **);
void step_descriptors(char **);
void step_wait(char **);
void step_first(char **);
void step_await(char **);
void step_variable(char **);
_Noreturn void become(char **command);

/* namespaces by their names under /proc/PID/ns */
int flag_of(const char *kind, size_t length);
/* The clone flags of `mnt,uts`; of every kind for `all`. */
int flags_of(const char *kinds);
/* Clock ticks from boot to the start of a living process (field 22 of proc_pid_stat(5)); 0 when there is none. */
unsigned long long start_of(int pid);
/* setgroups(2); where the user namespace of an ordinary user denies that, they stay as they are. */
int set_groups(size_t count, const gid_t *groups);
/* Writes a text to a file that is there. */
void write_text(const char *path, const char *text, const char *operation);

/* Maps the ids of that process, which is in a new user namespace: `-` its own alone, or ranges by newuidmap(1). */
void write_own_maps(int pid, char **maps);
/* Becomes a process that nobody waits for, with a title and all signals blocked, if who started it says so. Where one file is to stay open, it is 3 then. */
int live_on(const char *title, int file);
/* Does steps, up to the end or to `--`, which is where it returns. */
char **do_steps(char **words);
/* Becomes the command of the command line without any further step. */
_Noreturn void begin_anew(void);

/* The words that are the program's title, as ps shows it. */
void set_title(const char *title);

#endif

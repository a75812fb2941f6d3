/* Mounts in; them as they are to be in the mount namespace of this process out (mount(2)). */
#include "init.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

void step_propagation(char **arguments) {
  unsigned long kind = strcmp(arguments[0], "private") == 0 ? MS_PRIVATE : MS_SLAVE;
  if (mount(NULL, "/", NULL, MS_REC | kind, NULL) < 0) refuse("keep mounts from spreading");
}

void step_mount(char **arguments) {
  const char *type = arguments[0], *path = arguments[1], *options = arguments[2];
  unsigned long flags = MS_NOSUID | MS_NODEV | (strcmp(type, "tmpfs") == 0 ? 0 : MS_NOEXEC);
  const char *data = strcmp(options, "-") == 0 ? NULL : options;
  if (mount("nstopo", path, type, flags, data) == 0 || errno == ENOENT) return;
  /* A container shows /sys to be read alone; what one mounts anew in a user namespace may not be more than that. */
  if (errno != EPERM || strcmp(type, "sysfs") != 0 || mount("nstopo", path, type, flags | MS_RDONLY, data) < 0)
    refuse("mount %s", path);
}

void step_mkdir(char **arguments) {
  mode_t mode = (mode_t)strtoul(arguments[1], NULL, 8);
  if (mkdir(arguments[0], mode) == 0 && chmod(arguments[0], mode) == 0) return;
  if (errno != EEXIST) refuse("make the folder %s", arguments[0]);
}

void step_detach(char **arguments) {
  /* EINVAL: nothing is mounted there. */
  if (umount2(arguments[0], MNT_DETACH) < 0 && errno != EINVAL && errno != ENOENT)
    refuse("unmount %s", arguments[0]);
}

static int is_among(const char *names, const char *name) {
  size_t length = strlen(name);
  for (const char *at = names; *at; at += *at == ',') {
    size_t size = strcspn(at, ",");
    if (size == length && strncmp(at, name, size) == 0) return 1;
    at += size;
  }
  return 0;
}

/* What is NAME in the working folder stands in PATH, too. What one may not look at is left out. */
static void show_again(const char *name, const char *path) {
  char place[PATH_MAX], target[PATH_MAX];
  struct stat found;
  if (snprintf(place, sizeof place, "%s/%s", path, name) >= (int)sizeof place || lstat(name, &found) < 0) return;
  if (S_ISLNK(found.st_mode)) {
    ssize_t size = readlink(name, target, sizeof target - 1);
    if (size >= 0) target[size] = 0;
    if (size < 0 || symlink(target, place) < 0) return;
  } else if (S_ISDIR(found.st_mode)) {
    if (mkdir(place, 0755) == 0 && mount(name, place, NULL, MS_BIND | MS_REC, NULL) < 0) rmdir(place);
  } else {
    int file = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    if (file >= 0 && mount(name, place, NULL, MS_BIND, NULL) < 0) unlink(place);
  }
}

void step_renew(char **arguments) {
  char here[PATH_MAX];
  const char *path = arguments[0];
  if (!getcwd(here, sizeof here)) strcpy(here, "/");
  DIR *before = opendir(path);
  if (!before || fchdir(dirfd(before)) < 0) refuse("look at %s", path);
  if (mount("run", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0) refuse("mount a tmpfs on %s", path);
  for (struct dirent *entry; (entry = readdir(before));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && !is_among(arguments[1], entry->d_name))
      show_again(entry->d_name, path);
  closedir(before);
  if (chdir(here) < 0 && chdir("/") < 0) refuse("go to the folder %s", here);
}

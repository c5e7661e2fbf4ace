/*
 * Loaded into a server with LD_PRELOAD: kills its own process with SIGKILL at an exact point.
 *
 * CRASHPOINT names a control file. While it is there it holds one rule:
 *
 *   POINT N PART [PART]
 *
 * POINT is one of write, sync, close, rename, each with -before or -after; N counts from 1 the calls
 * whose path has every PART in it (of a rename: the old path). The N-th one kills, before the call
 * is made or after it has succeeded. The file is removed before that, so that the next process goes
 * on.
 *
 * Counting starts anew whenever the rule changes. Without a control file a call costs one access().
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define RULE_BYTES 512

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name)) dlsym(RTLD_NEXT, #name)

static atomic_flag busy = ATOMIC_FLAG_INIT;
static char counted[RULE_BYTES]; /* the rule that count is about; guarded by busy */
static int count;                /* guarded by busy */

/* The rule, or 0. Read with open and read, neither of which is watched. */
static int rule(char *into) {
  const char *file = getenv("CRASHPOINT");
  if (file == NULL || access(file, R_OK) != 0) return 0;
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t got = read(fd, into, RULE_BYTES - 1);
  static int (*real_close)(int);
  if (real_close == NULL) real_close = (int (*)(int)) dlsym(RTLD_NEXT, "close");
  real_close(fd);
  if (got <= 0) return 0;
  into[got] = 0;
  return 1;
}

static void die(void) {
  unlink(getenv("CRASHPOINT"));
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Called at a point with the path that it is about. */
static void reached(const char *point, const char *path) {
  char text[RULE_BYTES], wanted[32], one[256], two[256] = "";
  int nth;
  if (!rule(text)) return;
  if (sscanf(text, "%31s %d %255s %255s", wanted, &nth, one, two) < 3) return;
  if (strcmp(wanted, point) != 0 || strstr(path, one) == NULL || strstr(path, two) == NULL) return;
  while (atomic_flag_test_and_set(&busy)) {
  }
  if (strcmp(counted, text) != 0) {
    strcpy(counted, text);
    count = 0;
  }
  if (++count == nth) die(); /* with the flag held, so that nobody else gets past this point */
  atomic_flag_clear(&busy);
}

static void reached_by_fd(const char *point, int fd) {
  const char *file = getenv("CRASHPOINT");
  if (file == NULL || access(file, R_OK) != 0) return;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  reached(point, path);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  reached_by_fd("write-before", fd);
  ssize_t done = real(fd, bytes, length);
  if (done >= 0) reached_by_fd("write-after", fd);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  REAL(pwrite);
  reached_by_fd("write-before", fd);
  ssize_t done = real(fd, bytes, length, offset);
  if (done >= 0) reached_by_fd("write-after", fd);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL(pwrite64);
  reached_by_fd("write-before", fd);
  ssize_t done = real(fd, bytes, length, offset);
  if (done >= 0) reached_by_fd("write-after", fd);
  return done;
}

ssize_t writev(int fd, const struct iovec *parts, int length) {
  REAL(writev);
  reached_by_fd("write-before", fd);
  ssize_t done = real(fd, parts, length);
  if (done >= 0) reached_by_fd("write-after", fd);
  return done;
}

int fsync(int fd) {
  REAL(fsync);
  reached_by_fd("sync-before", fd);
  int failed = real(fd);
  if (!failed) reached_by_fd("sync-after", fd);
  return failed;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  reached_by_fd("sync-before", fd);
  int failed = real(fd);
  if (!failed) reached_by_fd("sync-after", fd);
  return failed;
}

/* There is no path any more after a close. */
int close(int fd) {
  REAL(close);
  reached_by_fd("close-before", fd);
  return real(fd);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  reached("rename-before", from);
  int failed = real(from, to);
  if (!failed) reached("rename-after", from);
  return failed;
}

int renameat(int fromDirectory, const char *from, int toDirectory, const char *to) {
  REAL(renameat);
  reached("rename-before", from);
  int failed = real(fromDirectory, from, toDirectory, to);
  if (!failed) reached("rename-after", from);
  return failed;
}

int renameat2(
    int fromDirectory, const char *from, int toDirectory, const char *to, unsigned int flags) {
  REAL(renameat2);
  reached("rename-before", from);
  int failed = real(fromDirectory, from, toDirectory, to, flags);
  if (!failed) reached("rename-after", from);
  return failed;
}

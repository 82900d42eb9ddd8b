/* Stands between the writer and the C library, and lets calls on the review log fail.
 *
 *   SHIM_CALL   some of: open flock write fdatasync fsync ftruncate rename
 *   SHIM_ON     a part of the path that the call must be about
 *   SHIM_NTH    the first call that fails, from 1
 *   SHIM_TIMES  how many calls fail, from that one on
 *   SHIM_ERRNO  what it fails with; 0: a write takes SHIM_BYTES and says so
 *   SHIM_BYTES  what a failing write still writes; with SHIM_KILL it dies there
 *   SHIM_KILL   1: a write ends the process after SHIM_BYTES
 *   SHIM_LOSES  1: a sync that fails has lost what was written since the last good one
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static long setting(const char *name, long otherwise) {
  const char *value = getenv(name);
  return value ? atol(value) : otherwise;
}

static int is_meant(const char *call, const char *path) {
  static long calls = 0;
  const char *wanted = getenv("SHIM_CALL"), *on = getenv("SHIM_ON");
  if (!wanted || !on || !strstr(wanted, call) || !path || !strstr(path, on)) return 0;
  long nth = setting("SHIM_NTH", 1);
  calls += 1;
  return calls >= nth && calls < nth + setting("SHIM_TIMES", 1);
}

static const char *path_of(int fd, char *buffer, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, size - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

static int fails(const char *call, const char *path) {
  if (!is_meant(call, path)) return 0;
  errno = (int)setting("SHIM_ERRNO", EIO);
  return 1;
}

static int real_open(const char *name, const char *path, int flags, mode_t mode) {
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
  return real(path, flags, mode);
}

#define OPEN(name)                                        \
  int name(const char *path, int flags, ...) {            \
    mode_t mode = 0;                                      \
    if (flags & (O_CREAT | O_TMPFILE)) {                  \
      va_list rest;                                       \
      va_start(rest, flags);                              \
      mode = va_arg(rest, mode_t);                        \
      va_end(rest);                                       \
    }                                                     \
    /* What only reads comes before the first decision. */ \
    if ((flags & O_ACCMODE) != O_RDONLY && fails("open", path)) return -1; \
    return real_open(#name, path, flags, mode);           \
  }
OPEN(open)
OPEN(open64)

int flock(int fd, int how) {
  char buffer[4096];
  if (!(how & LOCK_UN) && fails("flock", path_of(fd, buffer, sizeof buffer))) return -1;
  int (*real)(int, int) = dlsym(RTLD_NEXT, "flock");
  return real(fd, how);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  char buffer[4096];
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  if (is_meant("write", path_of(fd, buffer, sizeof buffer))) {
    size_t some = (size_t)setting("SHIM_BYTES", 0);
    ssize_t written = some ? real(fd, bytes, some < count ? some : count) : 0;
    if (setting("SHIM_KILL", 0)) kill(getpid(), SIGKILL);
    if (!setting("SHIM_ERRNO", 0)) return written;
    errno = (int)setting("SHIM_ERRNO", EIO);
    return -1;
  }
  return real(fd, bytes, count);
}

static off_t synced[1024];

int fdatasync(int fd) {
  char buffer[4096];
  const char *path = path_of(fd, buffer, sizeof buffer);
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  struct stat about;
  if (fails("fdatasync", path)) {
    int why = errno;
    if (setting("SHIM_LOSES", 0) && fd < 1024) {
      int (*cut)(int, off_t) = dlsym(RTLD_NEXT, "ftruncate");
      if (cut(fd, synced[fd])) abort();
    }
    errno = why;
    return -1;
  }
  int result = real(fd);
  if (!result && fd < 1024 && !fstat(fd, &about)) synced[fd] = about.st_size;
  return result;
}

int fsync(int fd) {
  char buffer[4096];
  if (fails("fsync", path_of(fd, buffer, sizeof buffer))) return -1;
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  return real(fd);
}

#define TRUNCATE(name)                                                          \
  int name(int fd, off_t size) {                                                \
    char buffer[4096];                                                          \
    if (fails("ftruncate", path_of(fd, buffer, sizeof buffer))) return -1;      \
    int (*real)(int, off_t) = dlsym(RTLD_NEXT, #name);                          \
    return real(fd, size);                                                      \
  }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

int rename(const char *from, const char *to) {
  if (fails("rename", to)) return -1;
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  return real(from, to);
}

// Preloaded into the service and its child processes: fails calls that write, or kills the process at one of them. The file that
// CNN_DISK_FAULTS names says which: "call:part of the path:number:action", the number counted from 1 among the calls that match;
// action EIO or ENOSPC fails that call and all later ones, kill ends the process before it, once. Without the file nothing fails.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char known[512];
static int seen;

static int count_of(const char *spec) {
  pthread_mutex_lock(&guard);
  if (strcmp(known, spec)) {
    snprintf(known, sizeof known, "%s", spec);
    seen = 0;
  }
  int count = ++seen;
  pthread_mutex_unlock(&guard);
  return count;
}

// The error that the call fails with; 0: none.
static int fault(const char *call, const char *path) {
  const char *file = getenv("CNN_DISK_FAULTS");
  int descriptor = file && path ? open(file, O_RDONLY | O_CLOEXEC) : -1;
  if (descriptor < 0) return 0;
  char spec[512] = "", wanted[16] = "", part[256] = "", action[16] = "";
  int number = 0;
  ssize_t length = read(descriptor, spec, sizeof spec - 1);
  close(descriptor);
  if (length <= 0 || sscanf(spec, "%15[^:]:%255[^:]:%d:%15s", wanted, part, &number, action) != 4) return 0;
  if (strcmp(call, wanted) || !strstr(path, part)) return 0;
  int count = count_of(spec);
  if (!strcmp(action, "kill")) {
    if (count != number) return 0;
    unlink(file);
    kill(getpid(), SIGKILL);
  }
  return count < number ? 0 : strcmp(action, "ENOSPC") ? EIO : ENOSPC;
}

static int fault_of(const char *call, int descriptor) {
  char link[64], path[4096];
  int before = errno;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  int error = fault(call, path);
  errno = error ? error : before;
  return error;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

int fsync(int descriptor) {
  REAL(fsync);
  return fault_of("fsync", descriptor) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  REAL(fdatasync);
  return fault_of("fsync", descriptor) ? -1 : real(descriptor);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  int error = fault("rename", to);
  if (error) {
    errno = error;
    return -1;
  }
  return real(from, to);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  return fault_of("write", descriptor) ? -1 : real(descriptor, bytes, count, offset);
}

/* Preloaded into programs that open libcamera's virtual camera. It stands in for the kernel's DMA buffers, which are
   missing on many servers, by files in memory; it holds the camera, which would give hundreds of pictures a second, to
   fifteen; and it does to it what these files in /carried tell:
     unplugged    no camera is found when libcamera looks for one; that it did is told by the file looked
     no-pictures  the camera runs, and its pictures never arrive
     stuck        the camera's driver does not come back from a call */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#define PICTURES_A_SECOND 15

static bool told(const char *name) { return access(name, F_OK) == 0; }

static int open_file(const char *path, int flags, mode_t mode) {
  if (strcmp(path, "/dev/udmabuf") == 0) return memfd_create("udmabuf", MFD_CLOEXEC);
  return openat(AT_FDCWD, path, flags, mode);
}

#define OPEN(NAME)                             \
  int NAME(const char *path, int flags, ...) { \
    va_list more;                              \
    va_start(more, flags);                     \
    mode_t mode = va_arg(more, mode_t);        \
    va_end(more);                              \
    return open_file(path, flags, mode);       \
  }
OPEN(open)
OPEN(open64)

int ioctl(int file, unsigned long request, ...) {
  static int (*next)(int, unsigned long, ...);
  va_list more;
  va_start(more, request);
  void *argument = va_arg(more, void *);
  va_end(more);
  if (request == UDMABUF_CREATE) return fcntl(((struct udmabuf_create *)argument)->memfd, F_DUPFD_CLOEXEC, 0);
  if (!next) next = dlsym(RTLD_NEXT, "ioctl");
  return next(file, request, argument);
}

/* When libcamera looks for cameras it asks for the kinds that it may look for; Debian has none of this name. */
char *secure_getenv(const char *name) {
  if (strcmp(name, "LIBCAMERA_PIPELINES_MATCH_LIST") != 0) return getenv(name);
  if (!told("/carried/unplugged")) return "virtual";
  close(creat("/carried/looked", 0644));
  return "nothing";
}

/* libcamera's Python module wakes Picamera2 for each picture by writing to an event counter. */
ssize_t write(int file, const void *data, size_t length) {
  static ssize_t (*next)(int, const void *, size_t);
  Dl_info caller;
  bool wakes = length == 8 && dladdr(__builtin_return_address(0), &caller) && strstr(caller.dli_fname, "/_libcamera.");
  if (wakes && told("/carried/no-pictures")) return length;
  if (!next) next = dlsym(RTLD_NEXT, "write");
  return next(file, data, length);
}

/* The camera's thread maps each buffer that it fills, and nothing else that is shared. */
static void *map(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  static void *(*next)(void *, size_t, int, int, int, off_t);
  char thread[16] = "";
  prctl(PR_GET_NAME, thread);
  if (flags & MAP_SHARED && strcmp(thread, "VirtualCamera") == 0) {
    usleep(1000000 / PICTURES_A_SECOND);
    while (told("/carried/stuck")) usleep(10000);
  }
  if (!next) next = dlsym(RTLD_NEXT, "mmap64");
  return next(address, length, protection, flags, file, offset);
}
void *mmap(void *a, size_t l, int p, int f, int d, off_t o) { return map(a, l, p, f, d, o); }
void *mmap64(void *a, size_t l, int p, int f, int d, off_t o) { return map(a, l, p, f, d, o); }

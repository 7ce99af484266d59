/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lets one call of a class fail, or all from it on (trust.md V3): preloaded into the program by fail_nth.py, which builds it. Not part
 * of the program; it knows nothing of it.
 *
 *	TENOR_FAULT_CLASS   read write sync syncdir truncate open name mmap random malloc lock, or space: the disk takes N bytes and no more
 *	TENOR_FAULT_N       the number of the call that fails, from 1; space: bytes
 *	TENOR_FAULT_ERRNO   the error's number; 0: a short count (read, write); -1: the process is killed instead; -2: after a short count; -3: it is
 *	                    stopped before the call, and makes it when somebody lets it go on
 *	TENOR_FAULT_ONWARD  1: every call from the N-th on
 *	TENOR_FAULT_HIT     a file that is made when the first call was failed: without it the program made fewer calls than N
 *	TENOR_FAULT_CALLS   a file that takes the number of calls of the class, at the end
 *
 * Calls go to the kernel directly, so that nothing here needs the allocator that it also lets fail. Counting begins with main: what
 * libraries do while they are loaded is not the program's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum class {
	READ,
	WRITE,
	SYNC,
	SYNC_DIRECTORY,
	TRUNCATE,
	OPEN,
	NAME,
	MMAP,
	RANDOM,
	MALLOC,
	LOCK,
	SPACE,
	CLASSES
};

static const char *const names[CLASSES] = {"read",     "write",  "sync", "syncdir",
					   "truncate", "open",   "name", "mmap",
					   "random",   "malloc", "lock", "space"};

static enum class wanted = CLASSES;
static long at, error_number;
static bool onward;
static const char *hit_path;
static atomic_long calls, room;
static atomic_bool hit;

static void tell(void)
{
	if (atomic_exchange(&hit, true) || hit_path == NULL)
		return;

	long fd = syscall(SYS_openat, AT_FDCWD, hit_path, O_WRONLY | O_CREAT, 0600);

	if (fd >= 0)
		(void)syscall(SYS_close, fd);
}

/* No handler, no buffer, no exit: what a power cut leaves of a process. */
static void end(void)
{
	(void)syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

/* Is it this call's turn? A short count is the caller's to make. */
static bool turn(enum class which)
{
	if (which != wanted)
		return false;

	long n = atomic_fetch_add(&calls, 1) + 1;

	if (n != at && !(onward && n > at))
		return false;
	tell();
	if (error_number == -1)
		end();
	if (error_number == -3) {
		(void)syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
		return false;
	}
	errno = (int)error_number;
	return true;
}

/* How many of n bytes are to be tried: n, fewer, or -1 for an error that errno has. */
static ssize_t share(enum class which, size_t n)
{
	if (which == WRITE && wanted == SPACE) {
		long before = atomic_fetch_sub(&room, (long)n);

		if (before >= (long)n)
			return (ssize_t)n;
		tell();
		if (before > 0)
			return before;
		errno = (int)error_number;
		return -1;
	}
	if (!turn(which))
		return (ssize_t)n;
	if (error_number > 0)
		return -1;
	return n > 1 ? (ssize_t)(n / 2) : (ssize_t)n;
}

static long cut(long written, bool short_count)
{
	if (short_count && error_number == -2)
		end();
	return written;
}

/* --- reading and writing --- */

ssize_t read(int fd, void *p, size_t n)
{
	ssize_t part = share(READ, n);

	return part < 0 ? -1 : syscall(SYS_read, fd, p, (size_t)part);
}

ssize_t pread64(int fd, void *p, size_t n, off64_t offset)
{
	ssize_t part = share(READ, n);

	return part < 0 ? -1 : syscall(SYS_pread64, fd, p, (size_t)part, offset);
}

ssize_t pread(int fd, void *p, size_t n, off_t offset)
{
	return pread64(fd, p, n, offset);
}

ssize_t write(int fd, const void *p, size_t n)
{
	ssize_t part = share(WRITE, n);

	return part < 0 ? -1 : cut(syscall(SYS_write, fd, p, (size_t)part), (size_t)part < n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
	ssize_t part = share(WRITE, n);

	return part < 0 ? -1
			: cut(syscall(SYS_pwrite64, fd, p, (size_t)part, offset), (size_t)part < n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
	return pwrite64(fd, p, n, offset);
}

static enum class sync_of(int fd) {
	struct stat st;

	return wanted != SYNC && wanted != SYNC_DIRECTORY   ? SYNC
	       : fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? SYNC_DIRECTORY
							    : SYNC;
}

int fsync(int fd)
{
	return turn(sync_of(fd)) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return turn(sync_of(fd)) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate64(int fd, off64_t size)
{
	return turn(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

/* --- locks of files --- */

/* What follows the command is a number or an address: both lie in a long. */
static int control(int fd, int command, va_list ap)
{
	long more = va_arg(ap, long);

	if ((command == F_SETLK || command == F_SETLKW) && turn(LOCK))
		return -1;
	return (int)syscall(SYS_fcntl, fd, command, more);
}

#define FCNTL_LIKE(name)                                                                           \
	int name(int fd, int command, ...)                                                         \
	{                                                                                          \
		va_list ap;                                                                        \
		int got;                                                                           \
                                                                                                   \
		va_start(ap, command);                                                             \
		got = control(fd, command, ap);                                                    \
		va_end(ap);                                                                        \
		return got;                                                                        \
	}

FCNTL_LIKE(fcntl)
FCNTL_LIKE(fcntl64)

/* --- names --- */

static int open_at(int folder, const char *path, int flags, va_list ap)
{
	mode_t mode =
		(flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(ap, mode_t) : 0;

	return turn(OPEN) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN_LIKE(name, parameters, last, folder)                                                  \
	int name parameters                                                                        \
	{                                                                                          \
		va_list ap;                                                                        \
		int fd;                                                                            \
                                                                                                   \
		va_start(ap, last);                                                                \
		fd = open_at(folder, path, flags, ap);                                             \
		va_end(ap);                                                                        \
		return fd;                                                                         \
	}

OPEN_LIKE(open, (const char *path, int flags, ...), flags, AT_FDCWD)
OPEN_LIKE(open64, (const char *path, int flags, ...), flags, AT_FDCWD)
OPEN_LIKE(openat, (int folder, const char *path, int flags, ...), flags, folder)
OPEN_LIKE(openat64, (int folder, const char *path, int flags, ...), flags, folder)

/* The stream is the C library's own affair, so its function is called. */
FILE *fopen(const char *path, const char *mode)
{
	static FILE *(*real)(const char *, const char *);
	void *found;

	if (turn(OPEN))
		return NULL;
	if (real == NULL) {
		found = dlsym(RTLD_NEXT, "fopen");
		memcpy(&real, &found, sizeof(real));
	}
	return real(path, mode);
}

int rename(const char *from, const char *to)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int a, const char *from, int b, const char *to)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_renameat2, a, from, b, to, 0);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_renameat2, a, from, b, to, flags);
}

int link(const char *from, const char *to)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
	return turn(NAME) ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}

/* --- memory and chance --- */

void *mmap64(void *where, size_t n, int protection, int flags, int fd, off64_t offset)
{
	/* Memory without a file is the allocator's. */
	if (fd >= 0 && turn(MMAP))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, where, n, protection, flags, fd, offset);
}

void *mmap(void *where, size_t n, int protection, int flags, int fd, off_t offset)
{
	return mmap64(where, n, protection, flags, fd, offset);
}

ssize_t getrandom(void *p, size_t n, unsigned flags)
{
	ssize_t part = share(RANDOM, n);

	return part < 0 ? -1 : syscall(SYS_getrandom, p, (size_t)part, flags);
}

#ifdef FAULT_MALLOC
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	return turn(MALLOC) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return turn(MALLOC) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return turn(MALLOC) ? NULL : __libc_realloc(p, n);
}
#endif

/* --- the start --- */

static long number_of(const char *name)
{
	const char *s = getenv(name);

	return s == NULL ? 0 : strtol(s, NULL, 10);
}

static void begin(void)
{
	const char *word = getenv("TENOR_FAULT_CLASS");

	at = number_of("TENOR_FAULT_N");
	error_number = number_of("TENOR_FAULT_ERRNO");
	onward = number_of("TENOR_FAULT_ONWARD") != 0;
	hit_path = getenv("TENOR_FAULT_HIT");
	atomic_store(&room, at);
	for (int i = 0; word != NULL && i < CLASSES; i++)
		if (strcmp(word, names[i]) == 0)
			wanted = (enum class)i;
}

__attribute__((destructor)) static void count(void)
{
	const char *path = getenv("TENOR_FAULT_CALLS");
	char text[32];

	if (path == NULL)
		return;

	long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int n = snprintf(text, sizeof(text), "%ld", atomic_load(&calls));

	(void)syscall(SYS_write, fd, text, (size_t)n);
	(void)syscall(SYS_close, fd);
}

typedef int main_function(int, char **, char **);

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	static int (*real)(main_function *, int, char **, void (*)(void), void (*)(void),
			   void (*)(void), void *);
	void *found = dlsym(RTLD_NEXT, "__libc_start_main");

	memcpy(&real, &found, sizeof(real));
	begin();
	return real(main, argc, argv, init, fini, rtld_fini, stack_end);
}

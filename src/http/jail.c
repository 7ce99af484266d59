/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of calls was made by running the server, its tests and its answers on paper under the TRAP action; a libc that asks for another
 * call makes a test build stop with its name, and a person adds it here or finds another way.
 */
#include "http/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Not of POSIX; the interface of the kernel. */
long syscall(long number, ...);
enum { OPEN_PATH = 010000000 };

/* --- Landlock: Debian 12's header ends at ABI 2, so what the kernel takes is written here (X4) --- */

enum {
	LL_CREATE = 444,
	LL_ADD = 445,
	LL_RESTRICT = 446,
	LL_VERSION_FLAG = 1,
	LL_PATH_BENEATH = 1,
};

#define LL_EXECUTE (UINT64_C(1) << 0)
#define LL_WRITE_FILE (UINT64_C(1) << 1)
#define LL_READ_FILE (UINT64_C(1) << 2)
#define LL_READ_DIR (UINT64_C(1) << 3)
#define LL_REMOVE_FILE (UINT64_C(1) << 5)
#define LL_MAKE_DIR (UINT64_C(1) << 7)
#define LL_MAKE_REG (UINT64_C(1) << 8)
#define LL_ABI_1 ((UINT64_C(1) << 13) - 1)
#define LL_REFER (UINT64_C(1) << 13)
#define LL_TRUNCATE (UINT64_C(1) << 14)
#define LL_IOCTL_DEV (UINT64_C(1) << 15)
#define LL_NET (UINT64_C(3)) /* bind and connect, by TCP */
#define LL_NET_BIND (UINT64_C(1))
#define LL_SCOPE (UINT64_C(3)) /* abstract sockets, signals */

struct ll_ruleset {
	uint64_t fs, net, scope;
};

struct ll_path {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

/* A program does not know what is in a later folder of the machine; these are what its libraries read. */
static const char *const system_readable[] = {
	"/usr/share/zoneinfo",       "/usr/share/fonts", "/usr/share/color",
	"/usr/share/fontconfig",     "/etc/fonts",       "/var/cache/fontconfig",
	"/usr/share/xml/fontconfig", "/etc/localtime",   "/proc/self/status",
};

static uint64_t rights_known(int abi)
{
	uint64_t fs = LL_ABI_1;

	if (abi >= 2)
		fs |= LL_REFER;
	if (abi >= 3)
		fs |= LL_TRUNCATE;
	if (abi >= 5)
		fs |= LL_IOCTL_DEV;
	return fs;
}

static enum rc allow_path(int ruleset, const char *path, uint64_t rights, bool must,
			  struct err *err)
{
	struct ll_path rule = {.allowed = rights, .fd = open(path, OPEN_PATH | O_CLOEXEC)};
	struct stat st = {.st_mode = 0};
	int failed = 0;

	if (rule.fd < 0 && !must)
		return RC_OK;
	if (rule.fd < 0 || fstat(rule.fd, &st) != 0)
		failed = errno;
	/* Rights over what is in a folder are refused for a file. */
	if (failed == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE;
	if (failed == 0 && syscall(LL_ADD, ruleset, LL_PATH_BENEATH, &rule, 0U) != 0)
		failed = errno;
	if (rule.fd >= 0)
		(void)close(rule.fd);
	if (failed == 0)
		return RC_OK;
	return err_set(err, RC_IO, "the jail cannot be opened for '%s': %s", path,
		       strerror(failed));
}

static enum rc allow_texts(int ruleset, const struct text *paths, size_t n, uint64_t rights,
			   struct err *err)
{
	char name[4096];
	enum rc rc = RC_OK;

	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		if (paths[i].n >= sizeof(name))
			return err_set(err, RC_IO, "a name of the jail is too long");
		(void)snprintf(name, sizeof(name), "%.*s", TEXT_ARG(paths[i]));
		rc = allow_path(ruleset, name, rights, true, err);
	}
	return rc;
}

static enum rc allow_all(int ruleset, const struct jail *j, uint64_t known, struct err *err)
{
	uint64_t reading = LL_READ_FILE | LL_READ_DIR;
	uint64_t writing = reading | LL_WRITE_FILE | LL_REMOVE_FILE | LL_MAKE_DIR | LL_MAKE_REG |
			   (known & LL_TRUNCATE);
	enum rc rc = allow_texts(ruleset, j->writable, j->n_writable, writing, err);

	if (rc == RC_OK)
		rc = allow_texts(ruleset, j->readable, j->n_readable, reading, err);
	for (size_t i = 0; i < ARRAY_SIZE(system_readable) && rc == RC_OK; i++)
		rc = allow_path(ruleset, system_readable[i], reading, false, err);
	return rc;
}

int jail_landlock(void)
{
	const struct ll_ruleset *none = NULL;
	long known = syscall(LL_CREATE, none, (size_t)0, LL_VERSION_FLAG);

	return known < 1 ? 0 : (int)known;
}

/* out: connections may be made; which ones, the link itself looks at (S21). */
static enum rc lock_files(const struct jail *j, bool out, int *abi, struct err *err)
{
	int known = jail_landlock();
	struct ll_ruleset rules = {.fs = 0};
	size_t size = known < 4 ? 8 : known < 6 ? 16 : 24;
	int fd;
	enum rc rc;

	*abi = known;
	if (known < 1)
		return RC_OK;
	rules.fs = rights_known(*abi);
	rules.net = out ? LL_NET_BIND : LL_NET;
	rules.scope = LL_SCOPE;
	fd = (int)syscall(LL_CREATE, &rules, size, 0U);
	if (fd < 0)
		return err_set(err, RC_IO, "Landlock cannot be set up: %s", strerror(errno));
	rc = allow_all(fd, j, rules.fs, err);
	if (rc == RC_OK && syscall(LL_RESTRICT, fd, 0U) != 0)
		rc = err_set(err, RC_IO, "Landlock cannot be closed: %s", strerror(errno));
	(void)close(fd);
	return rc;
}

/* --- seccomp --- */

#define ALLOWED(name) SCMP_SYS(name)

static const int allowed[] = {
	/* what is open */
	ALLOWED(read),
	ALLOWED(write),
	ALLOWED(readv),
	ALLOWED(writev),
	ALLOWED(pread64),
	ALLOWED(pwrite64),
	ALLOWED(lseek),
	ALLOWED(close),
	ALLOWED(fstat),
	ALLOWED(fcntl),
	ALLOWED(fsync),
	ALLOWED(fdatasync),
	ALLOWED(ftruncate),
	ALLOWED(fallocate),
	ALLOWED(fstatfs),
	ALLOWED(getdents64),
	ALLOWED(fchmod),
	ALLOWED(fchown),
	ALLOWED(fadvise64),
	/* files by name: which ones, Landlock says */
	ALLOWED(open),
	ALLOWED(openat),
	ALLOWED(stat),
	ALLOWED(lstat),
	ALLOWED(newfstatat),
	ALLOWED(statx),
	ALLOWED(access),
	ALLOWED(faccessat),
	ALLOWED(faccessat2),
	ALLOWED(statfs),
	ALLOWED(readlink),
	ALLOWED(readlinkat),
	ALLOWED(getcwd),
	ALLOWED(unlink),
	ALLOWED(unlinkat),
	ALLOWED(mkdir),
	ALLOWED(mkdirat),
	/* memory; without PROT_EXEC, see below */
	ALLOWED(munmap),
	ALLOWED(mremap),
	ALLOWED(madvise),
	ALLOWED(brk),
	ALLOWED(mlock),
	ALLOWED(mlock2),
	ALLOWED(munlock),
	/* threads of this process: SQLite's checkpoint aside, pango's search for fonts */
	ALLOWED(futex),
	ALLOWED(set_robust_list),
	ALLOWED(rseq),
	ALLOWED(sched_yield),
	ALLOWED(sched_getaffinity),
	ALLOWED(sched_getattr),
	ALLOWED(exit),
	ALLOWED(exit_group),
	/* time, random bytes, who I am */
	ALLOWED(clock_gettime),
	ALLOWED(clock_getres),
	ALLOWED(clock_nanosleep),
	ALLOWED(nanosleep),
	ALLOWED(gettimeofday),
	ALLOWED(time),
	ALLOWED(getrandom),
	ALLOWED(getpid),
	ALLOWED(gettid),
	ALLOWED(getppid),
	ALLOWED(getuid),
	ALLOWED(geteuid),
	ALLOWED(getgid),
	ALLOWED(getegid),
	ALLOWED(sysinfo),
	ALLOWED(uname),
	ALLOWED(getrusage),
	ALLOWED(umask),
	/* signals */
	ALLOWED(rt_sigaction),
	ALLOWED(rt_sigprocmask),
	ALLOWED(rt_sigreturn),
	ALLOWED(sigaltstack),
	/* connections that came in */
	ALLOWED(accept),
	ALLOWED(accept4),
	ALLOWED(recvfrom),
	ALLOWED(recvmsg),
	ALLOWED(sendto),
	ALLOWED(sendmsg),
	ALLOWED(shutdown),
	ALLOWED(getsockopt),
	ALLOWED(setsockopt),
	ALLOWED(getsockname),
	ALLOWED(getpeername),
	ALLOWED(epoll_wait),
	ALLOWED(epoll_pwait),
	ALLOWED(epoll_ctl),
	ALLOWED(poll),
	ALLOWED(ppoll),
	ALLOWED(eventfd2),
	ALLOWED(sendfile),
	ALLOWED(restart_syscall),
};

/* What only an attacker asks for ends the process. */
static const int killed[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(bpf),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsmount),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(chroot),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
};

/* Refused without a stop even in test builds: libraries ask, and are content with a no. */
static const int refused[] = {
	SCMP_SYS(prctl),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(prlimit64),
	SCMP_SYS(kill),
	SCMP_SYS(tkill),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(sched_setattr),
	SCMP_SYS(sched_setaffinity),
	SCMP_SYS(chmod),
	SCMP_SYS(chown),
	SCMP_SYS(rename),
	SCMP_SYS(link),
	SCMP_SYS(symlink),
};

/* Of the process that connects out, beside what is allowed above: to look up a name, to connect, curl's own pair of sockets. */
static const int allowed_out[] = {
	SCMP_SYS(socket),   SCMP_SYS(socketpair), SCMP_SYS(connect),
	SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),   SCMP_SYS(pipe2),
};

enum {
	EXEC = 4 /* PROT_EXEC */,
	FIONREAD_CALL = 0x541B,
	CLONE_VM_THREAD = 0x00010100,
	CLONE_THREAD_ONLY = 0x00010000
};

static int add_list(scmp_filter_ctx c, uint32_t action, const int *list, size_t n)
{
	int failed = 0;

	for (size_t i = 0; i < n && failed == 0; i++)
		failed = seccomp_rule_add(c, action, list[i], 0);
	return failed;
}

static int add_by_argument(scmp_filter_ctx c)
{
	const struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, EXEC, 0);
	const struct scmp_arg_cmp exec = SCMP_A2(SCMP_CMP_MASKED_EQ, EXEC, EXEC);
	const struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	const struct scmp_arg_cmp count = SCMP_A1(SCMP_CMP_EQ, FIONREAD_CALL, 0);
	const struct scmp_arg_cmp thread =
		SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_VM_THREAD, CLONE_VM_THREAD);
	int failed = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec);

	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec);
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap), 1, exec);
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mprotect), 1, exec);
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, self);
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, count);
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread);
	/* libc then takes clone, whose arguments a filter can see */
	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return failed;
}

/* In a build that stops at unknown calls; elsewhere this is what is said to all of them. */
static int add_refused(scmp_filter_ctx c, bool out)
{
	const struct scmp_arg_cmp process = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD_ONLY, 0);
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(refused) && failed == 0; i++) {
		bool is_out = false;

		for (size_t k = 0; out && k < ARRAY_SIZE(allowed_out); k++)
			is_out = is_out || allowed_out[k] == refused[i];
		if (!is_out)
			failed = seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	}

	if (failed == 0)
		failed = seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, process);
	return failed;
}

#ifdef TENOR_TRAP
/* A test build says which call it was: the name, not a number, since it is a person who looks it up. */
static void on_trap(int number, siginfo_t *info, void *context)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, info->si_syscall);

	(void)number;
	(void)context;
	(void)fprintf(stderr, "jail: the call '%s' is not on the list\n",
		      name == NULL ? "?" : name);
	_Exit(71);
}
#endif

static uint32_t otherwise(void)
{
#ifdef TENOR_TRAP
	struct sigaction trap = {.sa_flags = SA_SIGINFO};

	trap.sa_sigaction = on_trap;
	(void)sigaction(SIGSYS, &trap, NULL);
	return SCMP_ACT_TRAP;
#else
	return SCMP_ACT_ERRNO(EPERM);
#endif
}

static enum rc not_closed(int failed, struct err *err)
{
	err_hint(err, "a kernel with seccomp is needed; in a container it must be allowed");
	return err_set(err, RC_IO, "the jail cannot be closed: %s", strerror(-failed));
}

static enum rc lock_calls(bool out, struct err *err)
{
	uint32_t action = otherwise();
	scmp_filter_ctx c = seccomp_init(action);
	int failed;

	if (c == NULL)
		return err_set(err, RC_IO, "the jail cannot be set up: no memory");
	failed = add_list(c, SCMP_ACT_ALLOW, allowed, ARRAY_SIZE(allowed));
	if (failed == 0 && out)
		failed = add_list(c, SCMP_ACT_ALLOW, allowed_out, ARRAY_SIZE(allowed_out));
	if (failed == 0)
		failed = add_list(c, SCMP_ACT_KILL_PROCESS, killed, ARRAY_SIZE(killed));
	if (failed == 0 && action != SCMP_ACT_ERRNO(EPERM))
		failed = add_refused(c, out);
	if (failed == 0)
		failed = add_by_argument(c);
	if (failed == 0)
		failed = seccomp_load(c);
	seccomp_release(c);
	return failed == 0 ? RC_OK : not_closed(failed, err);
}

#if defined(__SANITIZE_ADDRESS__)
#define LEAKS_ARE_LOOKED_FOR 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_LOOKED_FOR 1
#endif
#endif

#ifdef LEAKS_ARE_LOOKED_FOR
/*
 * At its end a test build that looks for leaks attaches to its own process, which is what the jail kills for: it would wait for itself for
 * ever. Leaks are looked for in what runs without a jail.
 */
static int locked_in;

int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
	return locked_in;
}
#endif

static enum rc lock_process(struct err *err)
{
	const struct rlimit none = {0, 0};

#ifdef LEAKS_ARE_LOOKED_FOR
	locked_in = 1;
#endif
	(void)umask(077);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0)
		return RC_OK;
	return err_set(err, RC_IO, "the process cannot be made undumpable: %s", strerror(errno));
}

/* What a master never asks for; it cannot be given less, since what it forks has its jail, too, and opens files before it has its own. */
static const int not_of_master[] = {
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
};

/* Nothing that is killed, and of the rest not what is on the list. */
static enum rc lock_forker(const int *denied, size_t n, struct err *err)
{
	enum rc rc = lock_process(err);
	scmp_filter_ctx c;
	int failed;

	if (rc != RC_OK)
		return rc;
	c = seccomp_init(SCMP_ACT_ALLOW);
	failed = c == NULL ? -ENOMEM
			   : add_list(c, SCMP_ACT_KILL_PROCESS, killed, ARRAY_SIZE(killed));
	if (failed == 0)
		failed = add_list(c, SCMP_ACT_ERRNO(EPERM), denied, n);
	if (failed == 0)
		failed = seccomp_load(c);
	if (c != NULL)
		seccomp_release(c);
	return failed == 0 ? RC_OK : not_closed(failed, err);
}

enum rc jail_master(struct err *err)
{
	return lock_forker(not_of_master, ARRAY_SIZE(not_of_master), err);
}

enum rc jail_guard(struct err *err)
{
	return lock_forker(NULL, 0, err);
}

enum rc jail_enter(const struct jail *j, int *abi, struct err *err)
{
	enum rc rc = lock_process(err);

	if (rc == RC_OK)
		rc = lock_files(j, false, abi, err);
	return rc == RC_OK ? lock_calls(false, err) : rc;
}

/* What a name and a certificate are looked up in. */
static const char *const names_readable[] = {"/etc", "/usr/share/ca-certificates", "/usr/lib/ssl",
					     "/run/systemd/resolve"};

enum rc jail_link(struct err *err)
{
	struct text there[ARRAY_SIZE(names_readable)];
	struct jail j = {.readable = there};
	enum rc rc = lock_process(err);
	int abi = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names_readable); i++)
		if (access(names_readable[i], F_OK) == 0)
			there[j.n_readable++] = text_of(names_readable[i]);
	if (rc == RC_OK)
		rc = lock_files(&j, true, &abi, err);
	return rc == RC_OK ? lock_calls(true, err) : rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "http/linked.h"

#include "base/process.h"
#include "http/jail.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Whoever forked it is gone: so is it. */
static void end_with_parent(pid_t parent)
{
	struct sigaction usual = {.sa_flags = 0};

	usual.sa_handler = SIG_DFL;
	(void)sigaction(SIGTERM, &usual, NULL);
	usual.sa_handler = SIG_IGN;
	(void)sigaction(SIGINT, &usual, NULL);
	(void)sigaction(SIGHUP, &usual, NULL);
	(void)sigaction(SIGPIPE, &usual, NULL);
	process_end_with(parent, SIGTERM);
}

/* Starts it, waits for its end, starts it again a second later. */
_Noreturn static void guard(pid_t master, const char *name,
			    int (*run)(void *context, const int *fds, size_t n), void *context,
			    const int *fds, size_t n, bool jailed)
{
	const struct timespec pause = {1, 0};
	struct err err = {.line = 0};
	pid_t self = getpid();

	end_with_parent(master);
	(void)prctl(PR_SET_NAME, "tenor-guard", 0, 0, 0);
	if (jailed && jail_guard(&err) != RC_OK)
		_exit(EXIT_START);
	for (;;) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			end_with_parent(self);
			(void)prctl(PR_SET_NAME, name, 0, 0, 0);
			_exit(run(context, fds, n));
		}
		while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		(void)nanosleep(&pause, NULL);
	}
}

enum rc linked_start(struct linked *l, const char *name, size_t n,
		     int (*run)(void *context, const int *fds, size_t n), void *context,
		     bool jailed, struct err *err)
{
	int others[SLOTS_MAX + 1], pair[2];
	pid_t self = getpid();

	for (l->n = 0; l->n < n && l->n <= SLOTS_MAX; l->n++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
			return err_set(err, RC_IO, "no pair of sockets between processes: %s",
				       strerror(errno));
		l->fds[l->n] = pair[0];
		others[l->n] = pair[1];
	}
	l->guard = fork();
	if (l->guard < 0)
		return err_set(err, RC_IO, "no process can be forked: %s", strerror(errno));
	if (l->guard == 0) {
		for (size_t i = 0; i < l->n; i++)
			(void)close(l->fds[i]);
		guard(self, name, run, context, others, l->n, jailed);
	}
	for (size_t i = 0; i < l->n; i++)
		(void)close(others[i]);
	return RC_OK;
}

void linked_stop(struct linked *l)
{
	int status;

	if (l->guard > 0) {
		(void)kill(l->guard, SIGTERM);
		while (waitpid(l->guard, &status, 0) < 0 && errno == EINTR)
			;
	}
	for (size_t i = 0; i < l->n; i++)
		(void)close(l->fds[i]);
	*l = (struct linked){.n = 0};
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A process ends with the one that forked it: whose end it is told of, and whose end it has missed. */
#include "base/process.h"

#include "tap.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONG_S = 60, STEPS = 10000 };

static void wait_a_little(void)
{
	const struct timespec ms = {0, 1000000};

	(void)nanosleep(&ms, NULL);
}

/* In the grandchild. late: after its parent is gone, and then it says that it still lives. */
static void live(pid_t parent, int to, bool late)
{
	for (int i = 0; late && getppid() == parent && i < STEPS; i++)
		wait_a_little();
	process_end_with(parent, SIGTERM);
	if (late || write(to, "h", 1) != 1)
		(void)!write(to, "l", 1);
	(void)alarm(LONG_S);
	for (;;)
		(void)pause();
}

/* What a process says whose parent ends before it asks, or after that: all that comes until it is gone. */
static size_t said(bool late, char out[8])
{
	int ends[2];
	size_t n = 0;
	pid_t child;

	if (pipe(ends) != 0)
		return 0;
	child = fork();
	if (child == 0) {
		pid_t self = getpid(), grandchild = fork();

		if (grandchild == 0)
			live(self, ends[1], late);
		/* where it is to be told, it must have asked first */
		(void)close(ends[1]);
		(void)!(late ? 0 : read(ends[0], out, 1));
		_exit(grandchild < 0);
	}
	(void)close(ends[1]);
	(void)waitpid(child, NULL, 0);
	(void)alarm(LONG_S);
	for (ssize_t got; n < 8 && (got = read(ends[0], out + n, 8 - n)) > 0;)
		n += (size_t)got;
	(void)alarm(0);
	(void)close(ends[0]);
	return n;
}

int main(void)
{
	char out[8];

	is_i64((int64_t)said(false, out), 0, "it ends when its parent does");
	is_i64((int64_t)said(true, out), 0, "and where its parent ended before it asked");
	return tap_done();
}

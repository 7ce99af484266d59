/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outside.h"

#include "base/arena.h"
#include "http/jail.h"
#include "link/errand.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct outside_process {
	pid_t pid;
	int fd;
};

static enum rc start(struct app *app, struct text base, struct text token, struct text named,
		     struct outside_process **out, struct err *err)
{
	const struct errand_options o = {base, token, named};
	struct outside_process *p = arena_one(app->arena, struct outside_process);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set(err, RC_IO, "no pair of sockets: %s", strerror(errno));
	p->fd = pair[0];
	p->pid = fork();
	if (p->pid == 0) {
		(void)close(pair[0]);
		(void)signal(
			SIGINT,
			SIG_IGN); /* ends with the command, whose end of the pair is then closed */
		_exit(errand_run(&o, pair[1], jail_link));
	}
	(void)close(pair[1]);
	if (p->pid < 0) {
		(void)close(pair[0]);
		return err_set(err, RC_IO, "no process can be started: %s", strerror(errno));
	}
	*out = p;
	return RC_OK;
}

static enum rc ask(struct outside_process *p, struct arena *a, struct text path,
		   const struct text *post, size_t most, int *status, struct text *body,
		   struct err *err)
{
	return errand_ask(p->fd, a, path, post, most, status, body, err);
}

static void end(struct outside_process *p)
{
	int status;

	(void)close(p->fd);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
}

const struct outside_ops cli_outside = {start, ask, end};

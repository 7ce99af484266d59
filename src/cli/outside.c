/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outside.h"

#include "base/arena.h"
#include "base/process.h"
#include "cli/mail.h"
#include "http/jail.h"
#include "link/errand.h"
#include "link/link.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct outside_process {
	pid_t pid;
	int fd;
	bool told; /* does not end by itself when the command does */
	struct mail_pair mail;
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

static int send_mail(const struct link_mail *m, pid_t parent, int fd)
{
	const struct link_options o = {.mail = *m};
	const char *refused;

	(void)signal(SIGINT, SIG_IGN);
	process_end_with(parent, SIGTERM);
	return link_run(&o, &fd, 1, jail_link, &refused);
}

static enum rc start_mail(struct app *app, const struct mail_settings *m,
			  struct outside_process **out, struct mail_way *way, struct err *err)
{
	struct outside_process *p = arena_one(app->arena, struct outside_process);
	struct link_mail mail = mail_for_link(app->arena, m);
	pid_t self = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set(err, RC_IO, "no pair of sockets: %s", strerror(errno));
	p->fd = p->mail.fd = pair[0];
	p->told = true;
	p->pid = fork();
	if (p->pid == 0) {
		(void)close(pair[0]);
		_exit(send_mail(&mail, self, pair[1]));
	}
	(void)close(pair[1]);
	if (p->pid < 0) {
		(void)close(pair[0]);
		return err_set(err, RC_IO, "no process can be started: %s", strerror(errno));
	}
	*out = p;
	*way = (struct mail_way){&p->mail, mail_over_pair};
	return RC_OK;
}

static void end(struct outside_process *p)
{
	int status;

	(void)close(p->fd);
	if (p->told)
		(void)kill(p->pid, SIGTERM);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
}

const struct outside_ops cli_outside = {start, ask, end, start_mail};

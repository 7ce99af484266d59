/* SPDX-License-Identifier: Apache-2.0 */
#include "link/errand.h"

#include "base/arena.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FAILED = 70 };

struct asked {
	uint32_t path_n, post_n, most;
	bool post;
};

struct answered {
	int32_t status;
	uint32_t n;
};

/* false: the other end is gone. */
static bool send_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

static bool take_all(int fd, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		ssize_t came = recv(fd, at, n, 0);

		if (came < 0 && errno == EINTR)
			continue;
		if (came <= 0)
			return false;
		at += came;
		n -= (size_t)came;
	}
	return true;
}

/* --- the process --- */

static bool serve_one(struct outside *to, const struct errand_options *o, const char *token, int fd)
{
	char url[OUTSIDE_URL_MAX], path[OUTSIDE_URL_MAX], post[ERRAND_POST_MAX];
	struct outside_ask ask = {.url = url, .token = token, .within_ms = ERRAND_MS};
	struct answered answer = {0, 0};
	struct asked asked;
	struct text posted;
	int status = 0;

	if (!take_all(fd, &asked, sizeof(asked)) || asked.path_n >= sizeof(path) ||
	    asked.post_n > sizeof(post) || asked.most > ERRAND_BODY_MAX ||
	    !take_all(fd, path, asked.path_n) || !take_all(fd, post, asked.post_n))
		return false;
	posted = (struct text){post, asked.post_n};
	ask.most = asked.most;
	if (asked.post) {
		ask.post = &posted;
		ask.type = "text/plain; charset=utf-8";
	}
	if (snprintf(url, sizeof(url), "%.*s%.*s", TEXT_ARG(o->base), (int)asked.path_n, path) <
		    (int)sizeof(url) &&
	    outside_fetch(to, &ask, &status)) {
		answer.status = (int32_t)status;
		answer.n = (uint32_t)to->body.n;
	}
	return send_all(fd, &answer, sizeof(answer)) && send_all(fd, to->body.p, answer.n);
}

int errand_run(const struct errand_options *o, int fd, enum rc (*ready)(struct err *err))
{
	struct err err = {.line = 0};
	struct outside to;
	char token[256];

	if (outside_load(&err) != RC_OK || o->token.n >= sizeof(token) ||
	    !outside_init(&to, o->named, text_starts(o->base, "http://")))
		return FAILED;
	(void)snprintf(token, sizeof(token), "%.*s", TEXT_ARG(o->token));
	if (ready(&err) == RC_OK)
		while (serve_one(&to, o, o->token.n > 0 ? token : NULL, fd))
			;
	outside_clear(&to);
	(void)close(fd);
	return 0;
}

/* --- the command's side --- */

enum rc errand_ask(int fd, struct arena *a, struct text path, const struct text *post, size_t most,
		   int *status, struct text *body, struct err *err)
{
	struct asked asked = {.path_n = (uint32_t)path.n,
			      .post_n = post == NULL ? 0 : (uint32_t)post->n,
			      .most = (uint32_t)most,
			      .post = post != NULL};
	struct answered answer;
	char *p;

	assert(path.n < OUTSIDE_URL_MAX && asked.post_n <= ERRAND_POST_MAX &&
	       most <= ERRAND_BODY_MAX);
	if (!send_all(fd, &asked, sizeof(asked)) || !send_all(fd, path.p, path.n) ||
	    (post != NULL && !send_all(fd, post->p, post->n)) ||
	    !take_all(fd, &answer, sizeof(answer)) || answer.n > most)
		return err_set(err, RC_IO, "the process that connects out is gone");
	p = arena_alloc(a, answer.n + 1);
	if (!take_all(fd, p, answer.n))
		return err_set(err, RC_IO, "the process that connects out is gone");
	*status = (int)answer.status;
	*body = (struct text){p, answer.n};
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "http/keeper.h"

#include "base/process.h"
#include "http/clock.h"
#include "http/handed.h"
#include "http/jail.h"
#include "http/limits.h"
#include "http/linked.h"
#include "http/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	JOBS_MAX = 32,
	WAITERS_MAX = 256,
	SEND_S = 2,
	LOOK_MS = 500,
	DUE_MS = 5000,
	TIDY_MS = 15 * 1000,
	BESIDE_MOST_MS = 15 * 60 * 1000
};

/* Of one answer, with the facts of a contract of millions in it. Only what is touched is taken from the system. */
#define ANSWER_MEMORY_BYTES ((size_t)8 << 30)

struct waiter {
	int fd;
	char ticket[KEEPER_TICKET_BYTES];
};

/* What was asked, and by whom; those who ask the same before it is begun get one answer. */
struct job {
	struct buf asked;
	struct waiter v[WAITERS_MAX];
	size_t n;
	int64_t since_ms;
};

/* A process that does what nobody asked for. */
struct beside {
	pid_t child;   /* 0: none */
	int64_t at_ms; /* when it began, or the last one ended */
};

struct keeper {
	const struct server *server;
	const int *fds;
	size_t n;
	struct job jobs[JOBS_MAX]; /* the first is under way where child is not 0 */
	size_t n_jobs;
	pid_t child;
	int from_child;
	int64_t began_ms;
	struct buf answer;
	bool ending;
	struct beside due, tidy;
};

static volatile sig_atomic_t asked_to_end;

static void on_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

static void note(enum log_level level, const char *event, const char *reason, int64_t ms)
{
	log_event(&(struct log_event){.level = level,
				      .event = event,
				      .reason = reason,
				      .ms = ms,
				      .bytes = -1,
				      .worker = -1},
		  wall_now());
}

/* --- what workers are told --- */

static void say(const struct waiter *to, enum keeper_said said, struct text rest)
{
	char packet[KEEPER_TICKET_BYTES + 1 + KEEPER_PIECE_BYTES];

	memcpy(packet, to->ticket, sizeof(to->ticket));
	packet[KEEPER_TICKET_BYTES] = (char)said;
	if (rest.n > 0)
		memcpy(packet + KEEPER_TICKET_BYTES + 1, rest.p, rest.n);
	/* A worker that ended leaves the pair to its successor, which knows nothing of the ticket; one that hangs is waited for SEND_S. */
	(void)send(to->fd, packet, KEEPER_TICKET_BYTES + 1 + rest.n, MSG_NOSIGNAL);
}

static void say_all(const struct waiter *to, struct text answer)
{
	while (answer.n > KEEPER_PIECE_BYTES) {
		say(to, KEEPER_MORE, text_sub(answer, 0, KEEPER_PIECE_BYTES));
		answer = text_sub(answer, KEEPER_PIECE_BYTES, answer.n);
	}
	say(to, KEEPER_LAST, answer);
}

/* --- the process that works one out --- */

_Noreturn static void memory_full(size_t limit_bytes)
{
	(void)limit_bytes;
	_Exit(EXIT_ARENA);
}

static bool give(int fd, struct text t)
{
	while (t.n > 0) {
		ssize_t n = write(fd, t.p, t.n);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			t = text_sub(t, (size_t)n, t.n);
	}
	return true;
}

static bool locked_in(const struct server *s)
{
	const struct site *site = s->site;
	const struct jail jail = {site->writable, site->readable, site->n_writable,
				  site->n_readable};
	struct err err = {.line = 0};
	int abi = 0;

	return s->options->no_jail || jail_enter(&jail, &abi, &err) == RC_OK;
}

static int work_out(const struct server *s, struct text asked, int to)
{
	const struct site *site = s->site;
	struct arena *a = arena_new(ANSWER_MEMORY_BYTES);
	struct request q;
	struct response r = {.arena = a, .status = 200};
	struct err err = {.line = 0};
	struct buf out;

	arena_on_full(a, memory_full);
	buf_init(&r.body, RESPONSE_BODY_MAX);
	buf_init(&out, KEEPER_ANSWER_BYTES);
	server_own(s);
	if (!handed_request_read(a, asked, &q))
		return EXIT_START;
	/* No handle of a database crosses a fork (trust.md D1): it is opened here. */
	if (site->start != NULL &&
	    site->start(site->context, s->site_shared, s->options->workers, &err) != RC_OK)
		return EXIT_START;
	if (!locked_in(s))
		return EXIT_START;
	q.heavy = HEAVY_NOW;
	site->handle(site->context, &q, &r);
	(void)response_too_large(&r, &q);
	handed_response(&r, &out);
	if (site->stop != NULL)
		site->stop(site->context);
	/* D3: nothing is acknowledged after a write failed, if only while the store was closed. */
	if (server_is_broken(s))
		return EXIT_DISK;
	return !out.full && give(to, buf_view(&out)) ? EXIT_ORDERLY : EXIT_START;
}

/* A child of the keeper's, which has none of the workers' sockets and does not outlive it. */
static void become_child(const struct keeper *k, pid_t parent)
{
	struct sigaction usual = {.sa_flags = 0};

	usual.sa_handler = SIG_DFL;
	(void)sigaction(SIGTERM, &usual, NULL);
	process_end_with(parent, SIGKILL);
	for (size_t i = 0; i < k->n; i++)
		(void)close(k->fds[i]);
}

static bool begin(struct keeper *k)
{
	int ends[2];
	pid_t self = getpid();

	if (pipe(ends) != 0)
		return false;
	k->child = fork();
	if (k->child == 0) {
		become_child(k, self);
		(void)close(ends[0]);
		_Exit(work_out(k->server, buf_view(&k->jobs[0].asked), ends[1]));
	}
	(void)close(ends[1]);
	if (k->child < 0) {
		k->child = 0;
		(void)close(ends[0]);
		return false;
	}
	k->from_child = ends[0];
	k->began_ms = steady_ms();
	buf_clear(&k->answer);
	return true;
}

/* --- jobs --- */

static void job_over(struct keeper *k)
{
	struct job first = k->jobs[0];

	buf_free(&first.asked);
	k->n_jobs--;
	memmove(&k->jobs[0], &k->jobs[1], k->n_jobs * sizeof(k->jobs[0]));
}

static void refuse_first(struct keeper *k, enum keeper_said why)
{
	for (size_t i = 0; i < k->jobs[0].n; i++)
		say(&k->jobs[0].v[i], why, text_of(""));
	job_over(k);
}

/* What nobody waits for any more is not begun. */
static void next(struct keeper *k)
{
	while (k->child == 0 && k->n_jobs > 0)
		if (steady_ms() - k->jobs[0].since_ms >= LIMIT_HEAVY_MS)
			job_over(k);
		else if (!begin(k))
			refuse_first(k, KEEPER_BUSY);
}

static void ended(struct keeper *k)
{
	int64_t took = steady_ms() - k->began_ms;
	int status = 0;
	bool good;

	while (waitpid(k->child, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(k->from_child);
	k->child = 0;
	good = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ORDERLY && !k->answer.full;
	worker_ended(k->server, status);
	if (!good) {
		const char *why = worker_why_ended(status);

		note(LOG_ERROR_EVENT, "keeper_failed", why, took);
		refuse_first(k, strcmp(why, "arena") == 0 ? KEEPER_LARGE : KEEPER_BUSY);
		return;
	}
	note(LOG_INFO_EVENT, "keeper_answered", NULL, took);
	for (size_t i = 0; i < k->jobs[0].n; i++)
		say_all(&k->jobs[0].v[i], buf_view(&k->answer));
	job_over(k);
}

static void hear_child(struct keeper *k)
{
	static char room[1 << 16];
	ssize_t n = read(k->from_child, room, sizeof(room));

	if (n > 0)
		buf_add(&k->answer, room, (size_t)n);
	else if (n == 0 || errno != EINTR)
		ended(k);
}

/* --- what is asked --- */

static struct text same_part(struct text asked)
{
	return text_sub(asked, HANDED_OWN_BYTES, asked.n);
}

/* One that is not under way yet: what is recorded before it is begun will be in it, as who asks now may expect. */
static struct job *waiting_alike(struct keeper *k, struct text asked)
{
	for (size_t i = k->child != 0 ? 1 : 0; i < k->n_jobs; i++)
		if (k->jobs[i].n < WAITERS_MAX &&
		    text_eq(same_part(buf_view(&k->jobs[i].asked)), same_part(asked)))
			return &k->jobs[i];
	return NULL;
}

static void take(struct keeper *k, int fd, struct text packet)
{
	struct waiter w = {.fd = fd};
	struct text asked = text_sub(packet, KEEPER_TICKET_BYTES, packet.n);
	struct job *job;

	if (packet.n < KEEPER_TICKET_BYTES + HANDED_OWN_BYTES)
		return;
	memcpy(w.ticket, packet.p, sizeof(w.ticket));
	job = waiting_alike(k, asked);
	if (job == NULL && k->n_jobs == JOBS_MAX) {
		say(&w, KEEPER_BUSY, text_of(""));
		return;
	}
	if (job == NULL) {
		job = &k->jobs[k->n_jobs++];
		*job = (struct job){.since_ms = steady_ms()};
		buf_init(&job->asked, KEEPER_PACKET_BYTES);
		buf_text(&job->asked, asked);
	}
	job->v[job->n++] = w;
}

static void hear_worker(struct keeper *k, int fd)
{
	static char room[KEEPER_PACKET_BYTES];
	ssize_t n;

	while ((n = recv(fd, room, sizeof(room), MSG_DONTWAIT)) > 0)
		take(k, fd, (struct text){room, (size_t)n});
}

/* --- what is due (trust.md X1), and what requests leave behind --- */

static int do_due(const struct keeper *k)
{
	const struct server *s = k->server;

	s->site->due(s->site->context, s->linked->fds[s->linked->n - 1]);
	return server_is_broken(s) ? EXIT_DISK : EXIT_ORDERLY;
}

static int do_tidy(const struct keeper *k)
{
	k->server->site->tidy(k->server->site->context);
	return server_is_broken(k->server) ? EXIT_DISK : EXIT_ORDERLY;
}

/* What a kind of these processes is called and does, how long after the last one ended, and what is logged of one that failed. */
struct beside_kind {
	const char *name;
	int (*work)(const struct keeper *k);
	int64_t every_ms;
	const char *failed;
};

static const struct beside_kind due_kind = {"tenor-due", do_due, DUE_MS, "due_failed"};
static const struct beside_kind tidy_kind = {"tenor-tidy", do_tidy, TIDY_MS, "tidy_failed"};

static void beside_over(struct keeper *k, struct beside *b, const char *failed, int status)
{
	b->child = 0;
	b->at_ms = steady_ms();
	worker_ended(k->server, status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_ORDERLY)
		note(LOG_ERROR_EVENT, failed, worker_why_ended(status), -1);
}

/* One at a time, a while after the last one ended. */
static void see_to(struct keeper *k, struct beside *b, const struct beside_kind *kind)
{
	int64_t since = steady_ms() - b->at_ms;
	pid_t self = getpid();
	int status = 0;

	if (b->child != 0) {
		if (waitpid(b->child, &status, WNOHANG) == b->child)
			beside_over(k, b, kind->failed, status);
		else if (since > BESIDE_MOST_MS)
			(void)kill(b->child, SIGKILL);
		return;
	}
	if (since < kind->every_ms)
		return;
	b->at_ms = steady_ms();
	b->child = fork();
	if (b->child == 0) {
		become_child(k, self);
		(void)prctl(PR_SET_NAME, kind->name, 0, 0, 0);
		server_own(k->server);
		_Exit(locked_in(k->server) ? kind->work(k) : EXIT_START);
	}
	if (b->child < 0)
		b->child = 0;
}

static void see_to_all(struct keeper *k)
{
	if (k->server->linked != NULL && k->server->site->due != NULL)
		see_to(k, &k->due, &due_kind);
	if (k->server->site->tidy != NULL)
		see_to(k, &k->tidy, &tidy_kind);
}

/* Whoever had a mail in hand leaves it to the next. */
static void end_beside(struct beside *b)
{
	int status = 0;

	if (b->child == 0)
		return;
	(void)kill(b->child, SIGKILL);
	while (waitpid(b->child, &status, 0) < 0 && errno == EINTR)
		;
	b->child = 0;
}

/* --- life --- */

static void turn(struct keeper *k)
{
	struct pollfd v[SLOTS_MAX + 2];
	size_t n = 0;

	for (; n < k->n; n++)
		v[n] = (struct pollfd){.fd = k->fds[n], .events = POLLIN};
	if (k->child != 0)
		v[n++] = (struct pollfd){.fd = k->from_child, .events = POLLIN};
	if (poll(v, n, LOOK_MS) > 0) {
		for (size_t i = 0; i < k->n; i++)
			if (v[i].revents != 0)
				hear_worker(k, v[i].fd);
		/* The master has all of the other ends: it is gone, and so is who asks. */
		if ((v[0].revents & POLLHUP) != 0)
			asked_to_end = 1;
		if (n > k->n && v[k->n].revents != 0)
			hear_child(k);
	}
	if (k->child != 0 && steady_ms() - k->began_ms > LIMIT_HEAVY_MS)
		(void)kill(k->child, SIGKILL);
	next(k);
	see_to_all(k);
}

int keeper_run(void *context, const int *fds, size_t n)
{
	const struct timeval most = {.tv_sec = SEND_S};
	struct sigaction end = {.sa_flags = 0};
	struct err err = {.line = 0};
	struct arena *a = arena_new((size_t)8 << 20);
	struct keeper *k = arena_one(a, struct keeper);

	end.sa_handler = on_end;
	(void)sigaction(SIGTERM, &end, NULL);
	k->server = (const struct server *)context;
	k->fds = fds;
	k->n = n;
	k->tidy.at_ms = steady_ms() - TIDY_MS; /* what the last server left behind */
	buf_init(&k->answer, KEEPER_ANSWER_BYTES);
	for (size_t i = 0; i < n; i++)
		(void)setsockopt(fds[i], SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most));
	if (!k->server->options->no_jail && jail_master(&err) != RC_OK) {
		note(LOG_ERROR_EVENT, "keeper_refused", "jail", -1);
		return EXIT_START;
	}
	while (asked_to_end == 0)
		turn(k);
	if (k->child != 0) {
		(void)kill(k->child, SIGKILL);
		ended(k);
	}
	end_beside(&k->due);
	end_beside(&k->tidy);
	while (k->n_jobs > 0)
		job_over(k);
	buf_free(&k->answer);
	arena_free(a);
	return EXIT_ORDERLY;
}

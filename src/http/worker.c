/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker: libmicrohttpd on the inherited sockets, without threads, one request answered at a time (trust.md X1, X2). What the library does
 * not bound is swept here once a second: slow heads, slow bodies, answers that nobody takes (X5).
 */
#include "http/worker_parts.h"

#include "base/late.h"
#include "base/process.h"
#include "http/clock.h"
#include "http/jail.h"
#include "http/limits.h"
#include "http/linked.h"
#include "http/log.h"
#include "http/mhd_calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct late_library microhttpd = {"libmicrohttpd.so.12", "libmicrohttpd12"};

#define LATE(library, name) __typeof__(name) *late_##name;
#include "http/mhd_calls.def"
#undef LATE

#define LATE(library, name) {&library, "" #name, &late_##name},
static const struct late_call calls[] = {
#include "http/mhd_calls.def"
};
#undef LATE

enum rc worker_load(struct err *err)
{
	return late_load(calls, ARRAY_SIZE(calls), err);
}

enum {
	TURN_MS = 250,
	SWEEP_MS = 1000,
	OPS_MS = 50,
	/* of the library, for one connection: head, answer's head, what it notes of fields and parameters */
	CONNECTION_BYTES = 64 << 10,
	BROKEN_MS = 1000,
	HASH_ROUNDS = 3,
	/* how long a connection that has not asked yet may still ask when its worker ends: it was taken a moment ago */
	FRESH_MS = 2000,
};

_Static_assert((int)SLOTS_MAX == (int)METRICS_SLOTS && (int)SLOTS_MAX == (int)PLACES_SLOTS,
	       "each slot has its count and its places");

static volatile sig_atomic_t asked_to_end;

static void on_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

/* --- arenas of requests --- */

_Noreturn static void arena_full(size_t limit_bytes)
{
	log_event(&(struct log_event){.level = LOG_ERROR_EVENT,
				      .event = "arena_full",
				      .bytes = (int64_t)limit_bytes,
				      .ms = -1,
				      .worker = -1},
		  wall_now());
	_Exit(EXIT_ARENA);
}

static struct arena *arena_take(struct worker *w)
{
	struct arena *a;

	if (w->n_spare > 0)
		return w->spare[--w->n_spare];
	a = arena_small(LIMIT_ARENA_BYTES);
	arena_on_full(a, arena_full);
	return a;
}

static void arena_give(struct worker *w, struct arena *a)
{
	if (w->n_spare == SPARE_ARENAS) {
		arena_free(a);
		return;
	}
	arena_clear(a);
	w->spare[w->n_spare++] = a;
}

/* --- connections --- */

/* Of a connection: late stays as it is while anything is held. */
static void hold(struct worker *w, struct conn *c, size_t bytes)
{
	w->held.all = w->held.all - c->held + bytes;
	if (c->late)
		w->held.late = w->held.late - c->held + bytes;
	c->held = bytes;
}

static void conn_open(struct worker *w, struct MHD_Connection *connection, void **context)
{
	struct conn *c = w->free;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	/* The library takes no more than LIMIT_CONNECTIONS. */
	if (c == NULL || info == NULL)
		return;
	w->free = c->next;
	*c = (struct conn){.next = w->open,
			   .fd = info->connect_fd,
			   .since_ms = steady_ms(),
			   .ops = w->adding_ops};
	if (w->open != NULL)
		w->open->prev = c;
	w->open = c;
	w->n_open++;
	*context = c;
}

static void conn_close(struct worker *w, struct conn *c)
{
	hold(w, c, 0);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		w->open = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	w->n_open--;
	c->next = w->free;
	w->free = c;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct worker *w = (struct worker *)cls;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		conn_open(w, connection, context);
	else if (*context != NULL)
		conn_close(w, (struct conn *)*context);
}

static struct conn *conn_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : (struct conn *)info->socket_context;
}

/* --- requests --- */

/* The first that is known of a request: its target as sent. What this returns comes back as *context of the handler. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct worker *w = (struct worker *)cls;
	struct conn *c = conn_of(connection);

	if (c == NULL)
		return NULL;
	c->call = call_new(arena_take(w), w->server, text_of(target));
	c->call->ops = c->ops;
	return c->call;
}

static enum MHD_Result on_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
				const char *value, size_t value_n)
{
	(void)kind;
	call_field((struct call *)cls, (struct text){name, name_n},
		   (struct text){value == NULL ? "" : value, value_n});
	return MHD_YES;
}

static struct text peer_of(struct call *call, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_storage at;
	char words[INET6_ADDRSTRLEN] = "";

	if (info == NULL || info->client_addr == NULL)
		return text_of("");
	memset(&at, 0, sizeof(at));
	memcpy(&at, info->client_addr,
	       info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
							: sizeof(struct sockaddr_in));
	if (at.ss_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, &at, sizeof(six));
		(void)inet_ntop(AF_INET6, &six.sin6_addr, words, sizeof(words));
	} else {
		struct sockaddr_in four;

		memcpy(&four, &at, sizeof(four));
		(void)inet_ntop(AF_INET, &four.sin_addr, words, sizeof(words));
	}
	return text_copy(call->arena, text_of(words));
}

/* --- answers that stay open --- */

enum { STREAM_BLOCK = 1024 };

/* Where there is nothing to send the connection sleeps until there is. */
static ssize_t take_stream(void *cls, uint64_t pos, char *out, size_t most)
{
	struct conn *c = (struct conn *)cls;
	struct buf *b = &c->call->r.body;
	size_t n = b->n - c->taken < most ? b->n - c->taken : most;

	(void)pos;
	if (n > 0) {
		memcpy(out, b->p + c->taken, n);
		c->taken += n;
		return (ssize_t)n;
	}
	if (c->last)
		return MHD_CONTENT_READER_END_OF_STREAM;
	buf_clear(b);
	c->taken = 0;
	c->parked = true;
	MHD_suspend_connection(c->stream);
	return 0;
}

static struct MHD_Response *stream_begin(struct worker *w, struct conn *c,
					 struct MHD_Connection *connection)
{
	c->stream = connection;
	c->taken = 0;
	c->parked = false;
	c->last = w->draining;
	w->n_streams++;
	metrics_streams(w->server->metrics, w->slot, w->n_streams);
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, take_stream, c,
						 NULL);
}

static void stream_end(struct worker *w, struct conn *c)
{
	if (c->stream == NULL)
		return;
	c->stream = NULL;
	w->n_streams--;
	metrics_streams(w->server->metrics, w->slot, w->n_streams);
}

static void stream_wake(struct conn *c, bool last)
{
	c->last = c->last || last;
	if (!c->parked)
		return;
	c->parked = false;
	c->since_ms = steady_ms();
	MHD_resume_connection(c->stream);
}

/* What is new goes to those who wait for it; who has not yet taken what came before is asked again in a second. */
static void streams_tell(struct worker *w)
{
	const struct site *site = w->server->site;
	struct arena *a;

	if (w->n_streams == 0 || site->more == NULL)
		return;
	a = arena_take(w);
	site->tick(site->context, a, wall_now());
	for (struct conn *c = w->open; c != NULL; c = c->next) {
		bool goes_on;

		if (c->stream == NULL || !c->parked)
			continue;
		arena_clear(a);
		goes_on = !conn_has_left(c) &&
			  site->more(site->context, a, &c->call->q, c->call->r.stream, wall_now(),
				     &c->call->r.body);
		if (!goes_on || c->call->r.body.n > 0)
			stream_wake(c, !goes_on);
	}
	arena_give(w, a);
}

static enum MHD_Result queue(struct worker *w, struct conn *c, struct MHD_Connection *connection)
{
	struct response *r = &c->call->r;
	struct text bytes = response_bytes(r);
	struct MHD_Response *out;
	enum MHD_Result said = MHD_YES;
	static char nothing[1];

	out = r->stream != NULL
		      ? stream_begin(w, c, connection)
		      : MHD_create_response_from_buffer(
				bytes.n, bytes.n == 0 ? nothing : (void *)(uintptr_t)bytes.p,
				MHD_RESPMEM_PERSISTENT);
	if (out == NULL)
		return MHD_NO;
	for (size_t i = 0; i < r->n_fields && said == MHD_YES; i++)
		said = MHD_add_response_header(out, r->fields[i].name.p, r->fields[i].value.p);
	if (said == MHD_YES)
		said = MHD_queue_response(connection, (unsigned)r->status, out);
	MHD_destroy_response(out);
	hold(w, c, bytes.n);
	c->since_ms = steady_ms();
	return said;
}

static enum MHD_Result take_head(struct worker *w, struct conn *c,
				 struct MHD_Connection *connection, const char *method,
				 const char *version)
{
	const union MHD_ConnectionInfo *size =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct call *call = c->call;

	(void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_field, call);
	c->since_ms = steady_ms();
	if (!call_head(call, text_of(method), text_of(version),
		       size == NULL ? 0 : size->header_size, peer_of(call, connection), w->held))
		return queue(w, c, connection);
	c->late = call->late;
	c->seen_bytes = 0;
	return MHD_YES;
}

static enum MHD_Result answer(struct worker *w, struct conn *c, struct MHD_Connection *connection)
{
	struct call *call = c->call;
	bool again = true;

	/* What waits for nothing more is answered in at most one further round for each thing that it could wait for. */
	for (int i = 0; again && i < WAIT_KINDS; i++) {
		call_answer(call);
		if (waiting_begin(w, c, connection, &again))
			return MHD_YES;
	}
	w->hashed = w->hashed || c->placed;
	waiting_place_back(w, c);
	return queue(w, c, connection);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **context)
{
	struct worker *w = (struct worker *)cls;
	struct call *call = (struct call *)*context;
	struct conn *c = conn_of(connection);

	(void)url;
	if (call == NULL || c == NULL || c->left)
		return MHD_NO;
	if (call->state == CALL_HEAD)
		return take_head(w, c, connection, method, version);
	if (call_in_pieces(call) && call->piece_arena == NULL)
		call->piece_arena = arena_take(w);
	if (*n > 0) {
		bool go_on = call_body(call, (struct text){data, *n});

		*n = 0;
		/* What came counts, not what was announced: else a few that announce much and send nothing would shut everybody out. */
		hold(w, c, call->body.n);
		return go_on && w->held.all <= LIMIT_BODIES_BYTES &&
				       w->held.late <= LIMIT_LATE_BYTES
			       ? MHD_YES
			       : MHD_NO;
	}
	call->close = call->close || w->draining;
	call->slot = w->slot;
	return answer(w, c, connection);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct worker *w = (struct worker *)cls;
	struct call *call = (struct call *)*context;
	struct conn *c = conn_of(connection);

	(void)code;
	*context = NULL;
	if (call == NULL)
		return;
	if (c != NULL) {
		stream_end(w, c);
		waiting_place_back(w, c);
	}
	if (call->streaming)
		streams_leave(&w->server->shared->streams, call->stream_at);
	call_done(call);
	call_free(call);
	if (call->piece_arena != NULL)
		arena_give(w, call->piece_arena);
	arena_give(w, call->arena);
	if (c == NULL)
		return;
	hold(w, c, 0);
	c->late = false;
	c->call = NULL;
	c->used_before = true;
	c->since_ms = steady_ms();
}

/* The library decodes nothing here: policy.c and fields.c do. */
static size_t on_unescape(void *cls, struct MHD_Connection *connection, char *s)
{
	(void)cls;
	(void)connection;
	return strlen(s);
}

/* --- sweeping --- */

static int64_t at_least_ms(size_t bytes)
{
	return LIMIT_HEAD_MS + (int64_t)(bytes / LIMIT_SLOW_BYTES_S) * 1000;
}

/* In every stretch of ten seconds, so that what came fast at first does not buy hours for the rest. */
static bool body_too_slow(struct conn *c, int64_t now)
{
	size_t bytes = c->call->came;
	size_t came = bytes > c->seen_bytes ? bytes - c->seen_bytes : 0;

	if (now - c->since_ms <= LIMIT_HEAD_MS)
		return false;
	if (came < (size_t)LIMIT_SLOW_BYTES_S * (LIMIT_HEAD_MS / 1000))
		return true;
	c->since_ms = now;
	c->seen_bytes = bytes;
	return false;
}

static bool too_slow(struct conn *c, int64_t now)
{
	int64_t took = now - c->since_ms;

	if ((c->stream != NULL && c->parked) || c->waits != NULL)
		return false;
	/* A connection that was of use may be idle before its next head, too. */
	if (c->call == NULL || c->call->state == CALL_HEAD)
		return took > LIMIT_HEAD_MS + (c->used_before ? LIMIT_KEEP_ALIVE_S * 1000 : 0);
	if (c->call->state == CALL_BODY)
		return body_too_slow(c, now);
	return took > at_least_ms(response_bytes(&c->call->r).n) + LIMIT_HEAD_MS;
}

static void sweep(struct worker *w, int64_t now)
{
	for (struct conn *c = w->open; c != NULL; c = c->next) {
		if (!too_slow(c, now))
			continue;
		metrics_refused(w->server->metrics, "slow");
		/* The library sees the end and closes. */
		(void)shutdown(c->fd, SHUT_RDWR);
	}
}

static void look_at_memory(struct worker *w)
{
	char words[128];
	ssize_t n = w->statm < 0 ? -1 : pread(w->statm, words, sizeof(words), 0);
	struct text resident, rest;
	int64_t pages = 0;

	if (n <= 0)
		return;
	rest = text_cut((struct text){words, (size_t)n}, ' ', &resident);
	(void)text_cut(rest, ' ', &resident);
	if (text_digits(resident, &pages) && pages * 4096 > LIMIT_WORKER_BYTES)
		atomic_store(&w->server->shared->slots[w->slot].grown, true);
}

/* --- the listener for operation: few connections, so it is looked at between turns --- */

static void take_ops(struct worker *w)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	int fd;

	if (w->server->ops < 0 || w->draining)
		return;
	memset(&from, 0, sizeof(from));
	fd = accept(w->server->ops, (struct sockaddr *)&from, &size);
	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	w->adding_ops = true;
	(void)MHD_add_connection(w->daemon, fd, (struct sockaddr *)&from, size);
	w->adding_ops = false;
}

/* --- life --- */

static void drain(struct worker *w, int64_t now, int64_t most_ms)
{
	w->draining = true;
	w->drain_until_ms = now + most_ms;
	w->fresh_until_ms = now + FRESH_MS;
	(void)MHD_quiesce_daemon(w->daemon);
	/* What has come in of a next request is answered still; nothing more is read, except of whom nothing was read yet. */
	for (struct conn *c = w->open; c != NULL; c = c->next)
		if (c->call == NULL && c->used_before)
			(void)shutdown(c->fd, SHUT_RD);
		else if (c->call == NULL)
			continue;
		else if (c->stream != NULL)
			stream_wake(c, true);
		else if (c->waits != NULL)
			waiting_drain(w, c, now, most_ms);
}

/* Who has opened a connection and asks nothing keeps the worker no longer. */
static void drain_fresh(struct worker *w)
{
	w->fresh_until_ms = 0;
	for (struct conn *c = w->open; c != NULL; c = c->next)
		if (c->call == NULL)
			(void)shutdown(c->fd, SHUT_RD);
}

static bool turn(struct worker *w)
{
	int64_t now;

	(void)MHD_run_wait(w->daemon, w->draining || waiting_any(w) ? WAIT_TURN_MS : TURN_MS);
	/* What came in during a hash is taken, read and answered before the next one: the library does one step of it in each round. */
	for (int i = 0; w->hashed && i < HASH_ROUNDS; i++)
		(void)MHD_run_wait(w->daemon, 0);
	w->hashed = false;
	now = steady_ms();
	if (waiting_any(w))
		waiting_look(w, now);
	if (now - w->ops_ms >= OPS_MS) {
		w->ops_ms = now;
		take_ops(w);
	}
	if (now - w->swept_ms >= SWEEP_MS) {
		w->swept_ms = now;
		sweep(w, now);
		look_at_memory(w);
		streams_tell(w);
	}
	if (w->fresh_until_ms > 0 && now >= w->fresh_until_ms)
		drain_fresh(w);
	if (!w->draining && server_is_broken(w->server))
		drain(w, now, BROKEN_MS);
	else if (!w->draining && asked_to_end)
		drain(w, now, LIMIT_DRAIN_MS);
	return !w->draining || (w->n_open > 0 && now < w->drain_until_ms);
}

static void signals(pid_t master)
{
	struct sigaction end = {.sa_flags = 0}, ignore = {.sa_flags = 0};
	sigset_t none;

	end.sa_handler = on_end;
	ignore.sa_handler = SIG_IGN;
	(void)sigaction(SIGTERM, &end, NULL);
	/* An interrupt at the terminal reaches the whole group; the master tells when to end. */
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigaction(SIGHUP, &ignore, NULL);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	process_end_with(master, SIGTERM);
	(void)prctl(PR_SET_NAME, "tenor-worker", 0, 0, 0);
}

static enum rc open_daemon(struct worker *w, struct err *err)
{
	w->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
		w, MHD_OPTION_LISTEN_SOCKET, w->server->listener, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)LIMIT_KEEP_ALIVE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, w,
		MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, w, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, w, MHD_OPTION_NOTIFY_COMPLETED, on_completed, w, MHD_OPTION_END);
	if (w->daemon != NULL)
		return RC_OK;
	return err_set(err, RC_IO, "the library of HTTP cannot be started");
}

static enum rc start(struct worker *w, struct err *err)
{
	const struct site *site = w->server->site;
	const struct jail jail = {site->writable, site->readable, site->n_writable,
				  site->n_readable};
	enum rc rc = RC_OK;
	int abi = 0;

	w->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (site->start != NULL)
		rc = site->start(site->context, w->server->site_shared, w->index, err);
	if (rc == RC_OK)
		rc = open_daemon(w, err);
	if (rc == RC_OK && !w->server->options->no_jail)
		rc = jail_enter(&jail, &abi, err);
	if (rc == RC_OK)
		metrics_landlock(w->server->metrics, abi);
	return rc;
}

static void note(const struct worker *w, const char *event)
{
	log_event(
		&(struct log_event){
			.event = event, .ms = -1, .bytes = -1, .worker = (int64_t)w->index},
		wall_now());
}

static int end(struct worker *w)
{
	const struct site *site = w->server->site;
	bool broken;

	waiting_end(w);
	MHD_stop_daemon(w->daemon);
	if (site->stop != NULL)
		site->stop(site->context);
	broken = server_is_broken(w->server);
	while (w->n_spare > 0)
		arena_free(w->spare[--w->n_spare]);
	note(w, "worker_ended");
	return broken ? EXIT_DISK : EXIT_ORDERLY;
}

int worker_run(const struct server *s, size_t slot, size_t index)
{
	struct shared *shared = s->shared;
	struct arena *arena = arena_new(8 << 20);
	struct worker *w = arena_one(arena, struct worker);
	struct conn *conns = arena_array(arena, struct conn, LIMIT_CONNECTIONS + 1);
	struct err err = {.line = 0};
	enum rc rc;
	int status;

	signals(s->master);
	*w = (struct worker){.server = s,
			     .slot = slot,
			     .index = index,
			     .arena = arena,
			     .link = -1,
			     .keeper = -1};
	/* The pair of the slot: a successor in it knows by the tickets which answers are its own. The last pair to the link is the keeper's. */
	if (s->linked != NULL && slot + 1 < s->linked->n)
		w->link = s->linked->fds[slot];
	if (s->keeper != NULL && slot < s->keeper->n)
		w->keeper = s->keeper->fds[slot];
	w->tickets = (uint64_t)getpid() << 32;
	for (size_t i = 0; i <= LIMIT_CONNECTIONS; i++) {
		conns[i].next = w->free;
		w->free = &conns[i];
	}
	server_own(s);
	rc = start(w, &err);
	if (rc != RC_OK) {
		shared->slots[slot].rc = rc;
		shared->slots[slot].err = err;
		atomic_store(&shared->slots[slot].state, SLOT_REFUSED);
		return EXIT_START;
	}
	note(w, "worker_started");
	atomic_store(&shared->slots[slot].state, SLOT_READY);
	while (turn(w))
		;
	status = end(w);
	arena_free(arena);
	return status;
}

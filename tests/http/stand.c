/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server with a site of a few lines, for tests and benches of src/http: what it answers shows what the server made of the request.
 *
 *	stand LISTEN [--workers N] [--ops LISTEN] [--base-url URL] [--alias HOST] [--proxy ADDRESS] [--folder DIR] [--db FILE] [--master WHAT] [--no-jail]
 *
 * It prints its address when it listens, and ends on SIGTERM. Paths: see answers[].
 */
#include "base/json.h"
#include "http/fields.h"
#include "http/limits.h"
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STAND_WORKERS = 16 };

/* In memory that all workers share. */
struct hashing_now {
	_Atomic int busy[STAND_WORKERS], order, most;
};

struct stand {
	struct hashing_now *hashing;
	size_t worker;
	struct text folder, db_path;
	struct text master; /* what the master tries when it listens */
	sqlite3 *db;
	sqlite3_stmt *read;
};

static void words(struct response *r, const char *type)
{
	r->type = text_of(type);
}

/* --- what it answers --- */

/* The request as it was understood. */
static void echo(struct stand *s, const struct request *q, struct response *r)
{
	struct json j;

	(void)s;
	words(r, "application/json");
	json_init(&j, &r->body, false);
	json_open_object(&j);
	json_kv_str(&j, "method", method_word(q->method));
	json_kv_text(&j, "path", q->path);
	json_kv_text(&j, "address", q->address);
	json_kv_int(&j, "segments", (int64_t)q->n_segments);
	json_kv_int(&j, "query", (int64_t)q->query.n);
	json_kv_int(&j, "cookies", (int64_t)q->cookies.n);
	json_kv_text(&j, "x", fields_get(&q->query, "x"));
	json_kv_text(&j, "last", q->n_segments > 0 ? q->segments[q->n_segments - 1] : text_of(""));
	json_kv_int(&j, "body", (int64_t)q->body.n);
	json_kv_text(&j, "words",
		     q->body.n <= 1000 && text_utf8(q->body, NULL) ? q->body : text_of(""));
	json_end_object(&j);
}

static void tagged(struct stand *s, const struct request *q, struct response *r)
{
	(void)s;
	(void)q;
	words(r, "text/css");
	r->etag = text_of("\"v1\"");
	r->keep = true;
	for (int i = 0; i < 200; i++)
		buf_str(&r->body, "body { color: black }\n");
}

static void form(struct stand *s, const struct request *q, struct response *r)
{
	(void)s;
	(void)q;
	words(r, "text/html; charset=utf-8");
	buf_str(&r->body, "<form>");
	buf_pad(&r->body, 'x', 5000);
}

static void page(struct stand *s, const struct request *q, struct response *r)
{
	static char rest[5000];

	(void)q;
	if (rest[0] == '\0')
		memset(rest, 'x', sizeof(rest));
	words(r, "text/html; charset=utf-8");
	if (s->read != NULL) {
		sqlite3_reset(s->read);
		if (sqlite3_step(s->read) == SQLITE_ROW)
			buf_printf(&r->body, "<p>%lld</p>",
				   (long long)sqlite3_column_int64(s->read, 0));
	}
	buf_add(&r->body, rest, 5000 - r->body.n);
}

static void see(struct stand *s, const struct request *q, struct response *r)
{
	(void)s;
	(void)q;
	response_see(r, text_of("/echo"));
}

static void sleep_ms(struct stand *s, const struct request *q, struct response *r)
{
	int64_t ms = 0;
	struct timespec t = {0, 0};

	(void)text_digits(fields_get(&q->query, "ms"), &ms);
	t.tv_sec = ms / 1000;
	t.tv_nsec = ms % 1000 * 1000000;
	(void)nanosleep(&t, NULL);
	echo(s, q, r);
}

static void big(struct stand *s, const struct request *q, struct response *r)
{
	int64_t n = 0;

	(void)s;
	(void)text_digits(fields_get(&q->query, "bytes"), &n);
	words(r, "application/octet-stream");
	buf_pad(&r->body, 'x', (size_t)n);
}

static void crash(struct stand *s, const struct request *q, struct response *r)
{
	(void)s;
	(void)q;
	(void)r;
	abort();
}

static void greedy(struct stand *s, const struct request *q, struct response *r)
{
	int64_t n = 0;

	(void)s;
	(void)text_digits(fields_get(&q->query, "bytes"), &n);
	/* what the server itself took of the arena, and its rounding */
	(void)arena_alloc(q->arena, (size_t)n - arena_used_bytes(q->arena));
	words(r, "text/plain");
	buf_str(&r->body, "done\n");
}

/* X2: a worker that grows for good, as one does that loses memory. */
static void hold(struct stand *s, const struct request *q, struct response *r)
{
	int64_t n = 0;

	(void)text_digits(fields_get(&q->query, "bytes"), &n);
	memset(arena_alloc(arena_new((size_t)n + (1 << 20)), (size_t)n), 'x', (size_t)n);
	echo(s, q, r);
}

static void disk(struct stand *s, const struct request *q, struct response *r)
{
	server_disk_failed();
	echo(s, q, r);
}

static void fact(struct stand *s, const struct request *q, struct response *r)
{
	server_facts_recorded("outage", 3);
	echo(s, q, r);
}

/* R23: what a process must not be able to do; what came of it. */
static const char *escaping(struct text folder, struct text what)
{
	char *const argv[] = {(char[]){"true"}, NULL};
	char name[4200];
	int got = -1;

	errno = 0;
	if (text_is(what, "open"))
		got = open("/etc/passwd", O_RDONLY);
	else if (text_is(what, "create"))
		got = open("/var/tmp/tenor-escape", O_WRONLY | O_CREAT, 0600);
	else if (text_is(what, "own")) {
		(void)snprintf(name, sizeof(name), "%.*s/own", TEXT_ARG(folder));
		got = open(name, O_RDWR | O_CREAT, 0600);
	} else if (text_is(what, "zone"))
		got = open("/usr/share/zoneinfo/Europe/Zurich", O_RDONLY);
	else if (text_is(what, "socket"))
		got = socket(AF_INET, SOCK_STREAM, 0);
	else if (text_is(what, "connect")) {
		struct sockaddr a = {.sa_family = AF_INET};

		got = connect(2, &a, sizeof(a));
	} else if (text_is(what, "kill"))
		got = kill(getppid(), 0);
	else if (text_is(what, "fork"))
		got = (int)fork();
	else if (text_is(what, "exec"))
		got = execv("/bin/true", argv);
	else if (text_is(what, "ptrace"))
		got = (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return got >= 0 ? "done" : strerror(errno);
}

static void escape(struct stand *s, const struct request *q, struct response *r)
{
	words(r, "text/plain");
	buf_printf(&r->body, "%s\n", escaping(s->folder, fields_get(&q->query, "what")));
}

static void actor(struct stand *s, const struct request *q, struct response *r)
{
	echo(s, q, r);
	r->actor = fields_get(&q->query, "x");
}

static int64_t busy_ones(const struct stand *s)
{
	int64_t n = 0;

	for (size_t i = 0; i < STAND_WORKERS; i++)
		n += atomic_load(&s->hashing->busy[i]);
	return n;
}

/* Which process answers, and how many hash at this moment, and did at most. */
static void places(struct stand *s, const struct request *q, struct response *r)
{
	struct json j;

	(void)q;
	words(r, "application/json");
	json_init(&j, &r->body, false);
	json_open_object(&j);
	json_kv_int(&j, "pid", (int64_t)getpid());
	json_kv_int(&j, "busy", busy_ones(s));
	json_kv_int(&j, "most", atomic_load(&s->hashing->most));
	json_kv_int(&j, "order", atomic_load(&s->hashing->order));
	json_end_object(&j);
}

/* What takes a place to hash at, for so many ms; tells as which one it did. */
static void hash(struct stand *s, const struct request *q, struct response *r)
{
	int most = atomic_load(&s->hashing->most), order, busy;

	if (q->hashing == HASHING_UNASKED) {
		r->hash = true;
		return;
	}
	if (q->hashing == HASHING_REFUSED) {
		response_problem(r, q, 429, "hashes", "too many hash", text_of(""));
		return;
	}
	order = atomic_fetch_add(&s->hashing->order, 1) + 1;
	atomic_store(&s->hashing->busy[s->worker], 1);
	busy = (int)busy_ones(s);
	while (busy > most && !atomic_compare_exchange_weak(&s->hashing->most, &most, busy))
		;
	sleep_ms(s, q, r);
	atomic_store(&s->hashing->busy[s->worker], 0);
	buf_clear(&r->body);
	buf_printf(&r->body, "{\"order\": %d}", order);
}

static const struct {
	const char *path;
	void (*answer)(struct stand *s, const struct request *q, struct response *r);
} answers[] = {
	{"/echo", echo},     {"/tagged", tagged},  {"/form", form},     {"/page", page},
	{"/see", see},       {"/sleep", sleep_ms}, {"/big", big},       {"/crash", crash},
	{"/greedy", greedy}, {"/disk", disk},      {"/escape", escape}, {"/actor", actor},
	{"/fact", fact},     {"/hash", hash},      {"/places", places}, {"/hold", hold},
};

/* Lines that are taken in pieces: how many came. */
static bool in_pieces(void *context, const struct request *q)
{
	(void)context;
	return text_ends(q->path, "/facts");
}

static void take_piece(const struct request *q, struct response *r)
{
	int64_t *bytes = q->piece->state;

	if (bytes == NULL)
		q->piece->state = bytes = arena_one(r->arena, int64_t);
	*bytes += (int64_t)q->body.n;
	q->piece->done = true;
	words(r, "application/json");
	buf_printf(&r->body, "{\"body\": %lld}", (long long)*bytes);
}

static void handle(void *context, const struct request *q, struct response *r)
{
	if (q->piece != NULL) {
		take_piece(q, r);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		if (text_is(q->path, answers[i].path)) {
			r->action = answers[i].path + 1;
			answers[i].answer((struct stand *)context, q, r);
			return;
		}
	if (q->n_segments > 1 && text_is(q->segments[0], "echo")) {
		echo((struct stand *)context, q, r);
		return;
	}
	r->refused = "not_found";
	response_problem(r, q, 404, "not_found", "there is nothing here", text_of(""));
}

static enum rc start(void *context, void *shared, size_t worker, struct err *err)
{
	struct stand *s = (struct stand *)context;

	s->hashing = (struct hashing_now *)shared;
	s->worker = worker;
	atomic_store(&s->hashing->busy[worker], 0);
	if (s->db_path.n == 0)
		return RC_OK;
	if (sqlite3_open_v2(s->db_path.p, &s->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(s->db, "SELECT v FROM t WHERE k = 500", -1, &s->read, NULL) !=
		    SQLITE_OK)
		return err_set(err, RC_MISSING, "there is no database '%s'", s->db_path.p);
	return RC_OK;
}

static void stop(void *context)
{
	struct stand *s = (struct stand *)context;

	(void)sqlite3_finalize(s->read);
	(void)sqlite3_close(s->db);
}

static void listening(void *context, struct text base_url)
{
	const struct stand *s = (const struct stand *)context;

	if (s->master.n > 0)
		printf("%s\n", escaping(s->folder, s->master));
	printf("%.*s\n", TEXT_ARG(base_url));
	(void)fflush(stdout);
}

/* --- its own command line --- */

static bool option(int argc, char **argv, int *i, const char *name, struct text *out)
{
	if (strcmp(argv[*i], name) != 0 || *i + 1 >= argc)
		return false;
	*out = text_of(argv[++*i]);
	return true;
}

int main(int argc, char **argv)
{
	static struct text alias, proxy, workers, folder;
	struct stand s = {.db = NULL};
	struct server_options o = {
		.workers = 1, .no_keeper = true, .listening = listening, .listening_context = &s};
	struct arena *a = arena_new(16 << 20);
	struct err err = {.line = 0};
	int64_t n = 1;
	enum rc rc;

	if (argc < 2 || sodium_init() < 0)
		return 64;
	o.listen = text_of(argv[1]);
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--no-jail") == 0)
			o.no_jail = true;
		else if (!option(argc, argv, &i, "--workers", &workers) &&
			 !option(argc, argv, &i, "--ops", &o.ops_listen) &&
			 !option(argc, argv, &i, "--base-url", &o.base_url) &&
			 !option(argc, argv, &i, "--alias", &alias) &&
			 !option(argc, argv, &i, "--proxy", &proxy) &&
			 !option(argc, argv, &i, "--folder", &folder) &&
			 !option(argc, argv, &i, "--db", &s.db_path) &&
			 !option(argc, argv, &i, "--master", &s.master))
			return 64;
	}
	if (workers.n > 0 && text_digits(workers, &n))
		o.workers = (size_t)n;
	if (o.workers > STAND_WORKERS)
		return 64;
	o.aliases = &alias;
	o.n_aliases = alias.n > 0;
	o.proxies = &proxy;
	o.n_proxies = proxy.n > 0;
	s.folder = folder;

	const struct site site = {
		.context = &s,
		.shared_bytes = sizeof(struct hashing_now),
		.start = start,
		.handle = handle,
		.in_pieces = in_pieces,
		.stop = stop,
		.writable = &folder,
		.n_writable = folder.n > 0,
	};

	rc = server_run(a, &o, &site, &err);
	if (rc != RC_OK) {
		struct buf out;

		buf_init(&out, 2000);
		err_print(&err, &out);
		(void)fprintf(stderr, "stand: %.*s\n", TEXT_ARG(buf_view(&out)));
		buf_free(&out);
	}
	arena_free(a);
	return rc == RC_OK ? 0 : rc == RC_IO ? 74 : rc == RC_USAGE ? 64 : 66;
}

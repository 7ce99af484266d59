/* SPDX-License-Identifier: Apache-2.0 */
/* Connections kept open between calls (app/kept.h): the same answers as without, other files noticed, nothing kept that is broken. */
#include "access_fixture.h"

#include "app/kept.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>

static int64_t now_us(void)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A verb's row for a call without words. */
static struct args args_of(struct bench *b, const char *verb)
{
	struct args args = {.action = action_find(text_of(verb))};

	args.values[PARAM_WORKSPACE].v = &b->workspace;
	args.values[PARAM_WORKSPACE].n = 1;
	return args;
}

static void opened(struct bench *b, enum store_mode mode, struct workspace *ws)
{
	struct args args = args_of(b, "user list");
	struct err err = {.line = 0};

	if (workspace_open(&b->app, &args, mode, ws, &err) != RC_OK)
		bail("open", &err);
}

static void same_connection(struct bench *b)
{
	struct workspace ws, inner;
	const struct store *first;
	const struct keys *keys;

	opened(b, STORE_READ, &ws);
	first = ws.store;
	keys = ws.keys;
	opened(b, STORE_READ, &inner);
	ok(inner.store != first, "a call within a call gets a connection of its own");
	workspace_close(&inner);
	workspace_close(&ws);
	opened(b, STORE_READ, &ws);
	ok(ws.store == first && ws.keys == keys && keys != NULL,
	   "the next call gets the connection and the keys again");
	ok(ws.actor.id.n > 0 && ws.kek_path.n > 0, "and finds who acts");
	workspace_close(&ws);
	opened(b, STORE_WRITE, &ws);
	ok(ws.store != first, "one that writes has another");
	workspace_close(&ws);
}

/* A call that ended without its transaction's end must leave none to the next. */
static void left_open(struct bench *b)
{
	struct workspace ws;
	struct err err = {.line = 0};

	opened(b, STORE_WRITE, &ws);
	ok(workspace_begin(&ws, &err) == RC_OK, "a transaction is begun");
	workspace_close(&ws);
	opened(b, STORE_WRITE, &ws);
	ok(!store_in_transaction(ws.store), "what a call left open is undone");
	workspace_close(&ws);
}

static void sees_changes(struct bench *b)
{
	struct err err = {.line = 0};

	bench_must(b, "user add kim --role finance");
	ok(bench_run(b, "user list", &err) == RC_OK && text_has(b->said, text_of("kim")),
	   "what one connection wrote the other reads");
}

static void move(struct bench *b, const char *from, const char *to)
{
	char x[400], y[400];

	(void)snprintf(x, sizeof(x), "%s/%s", b->folder, from);
	(void)snprintf(y, sizeof(y), "%s/%s", b->folder, to);
	/* A write-ahead log is there only while a connection is. */
	if (rename(x, y) != 0 && errno != ENOENT) {
		perror(x);
		exit(1);
	}
}

/* Another workspace under the same name: what is open is of a file that has no name any more. */
static void other_file(struct bench *b)
{
	static const char *const suffixes[] = {"tenor", "tenor-wal", "tenor-shm",
					       "keys",  "keys-wal",  "keys-shm"};
	struct kept *kept = b->app.kept;
	struct err err = {.line = 0};
	char line[500], from[40], to[40];

	b->app.kept = NULL;
	(void)snprintf(line, sizeof(line), "init %s/v.tenor --provider Other --host other.example",
		       b->folder);
	bench_must(b, line);
	b->app.kept = kept;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		(void)snprintf(from, sizeof(from), "w.%s", suffixes[i]);
		(void)snprintf(to, sizeof(to), "old.%s", suffixes[i]);
		move(b, from, to);
		(void)snprintf(from, sizeof(from), "v.%s", suffixes[i]);
		(void)snprintf(to, sizeof(to), "w.%s", suffixes[i]);
		move(b, from, to);
	}
	ok(bench_run(b, "user list", &err) == RC_OK && !text_has(b->said, text_of("kim")),
	   "another file of the name is opened");
	if (err.message[0] != '\0')
		note("%s", err.message);
}

static void costs(struct bench *b, const char *what, enum store_mode mode)
{
	enum { TIMES = 200 };
	struct workspace ws;
	int64_t began = now_us();

	for (int i = 0; i < TIMES; i++) {
		opened(b, mode, &ws);
		workspace_close(&ws);
	}
	note("%s: %lld us a call", what, (long long)((now_us() - began) / TIMES));
}

int main(void)
{
	struct bench b;

	bench_open(&b);
	costs(&b, "reading, opened each time", STORE_READ);
	costs(&b, "writing, opened each time", STORE_WRITE);
	b.app.kept = kept_new();
	same_connection(&b);
	left_open(&b);
	sees_changes(&b);
	costs(&b, "reading, kept", STORE_READ);
	costs(&b, "writing, kept", STORE_WRITE);
	other_file(&b);
	ok(!kept_free(b.app.kept), "closing fails at nothing");
	b.app.kept = NULL;
	bench_close(&b);
	return tap_done();
}

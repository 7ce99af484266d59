/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the program in a history's world, and mixing what it says into the history's hash. */
#include "bytes.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MEMORY ((size_t)1 << 30)

enum { FILES_ENOUGH = 30 }; /* on a disk that has room for 64 in all */

uint64_t pick(struct history *h, uint64_t n)
{
	return random_below(&h->random, n);
}

bool one_in(struct history *h, uint64_t n)
{
	return pick(h, n) == 0;
}

const char *format(struct history *h, const char *fmt, ...)
{
	char line[2048];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	va_end(ap);
	assert(n >= 0 && (size_t)n < sizeof(line));
	return arena_copy(h->arena, line, (size_t)n);
}

const char *instant_words(struct history *h, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, t);
	const char *out = arena_copy(h->arena, b.p, b.n);

	buf_free(&b);
	return out;
}

_Noreturn void fail(const struct history *h, const char *fmt, ...)
{
	va_list ap;

	(void)fflush(stdout);
	(void)fprintf(stderr, "history %llu, step %u: ", (unsigned long long)h->seed, h->step);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fprintf(stderr, "\n");
	exit(1);
}

/* --- the world of the program --- */

static instant now(void *context)
{
	return ((const struct history *)context)->now;
}

static void fill(void *context, unsigned char *out, size_t n)
{
	struct history *h = context;

	for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
		uint64_t state = h->seed ^ (++h->counter << 32), x;

		x = random_next(&state);
		memcpy(out + i, &x, n - i < sizeof(x) ? n - i : sizeof(x));
	}
}

void world_of(struct history *h)
{
	h->world = (struct world){h, now, {h, fill}, text_of("settings"), 1};
}

/* --- the hash --- */

/* The chain goes on by name, length and hash of a part, so that nothing can move from one part to the next unseen. */
void mix(struct history *h, const char *name, struct text bytes)
{
	unsigned char digest[SHA256_BYTES];
	char head[200], hex[17];

	sha256(bytes, digest);
	int n = snprintf(head, sizeof(head), "%.100s %zu ", name, bytes.n);
	unsigned char both[sizeof(digest) + SHA256_BYTES + sizeof(head)];
	size_t at = (size_t)n;

	memcpy(both, head, at);
	memcpy(both + at, digest, SHA256_BYTES);
	memcpy(both + at + SHA256_BYTES, h->chain, SHA256_BYTES);
	sha256((struct text){(const char *)both, at + sizeof(digest) + SHA256_BYTES}, h->chain);
	if (!h->show)
		return;
	for (size_t i = 0; i < 8; i++)
		(void)snprintf(hex + i + i, 3, "%02x", digest[i]);
	printf("# %u %s: %zu bytes, %s\n", h->step, name, bytes.n, hex);
}

/* --- asking --- */

static bool takes_workspace(const struct action *a)
{
	enum param p;
	enum param_use use;

	return action_option(a, text_of("workspace"), &p, &use) && p == PARAM_WORKSPACE;
}

static void run_verb(struct history *h, struct arena *a, const struct text *words, size_t n,
		     struct answer *out)
{
	struct args args;
	struct reply reply;
	struct app app = {.arena = a, .world = &h->world, .zones = h->zones};
	bool help = false;

	out->rc = args_parse(a, words, n, &args, &help, &out->err);
	if (out->rc != RC_OK)
		return;
	out->rc = app_run(&app, &args, &reply, &out->err);
	out->status = out->rc == RC_OK ? reply.status : app_status(out->rc);
	out->out = text_copy(h->arena, buf_view(&reply.out));
	out->notes = text_copy(h->arena, buf_view(&reply.notes));
	buf_free(&reply.out);
	buf_free(&reply.notes);
}

static void mix_answer(struct history *h, const char *verb, const struct answer *a)
{
	mix(h, verb, text_of(format(h, "%d %d", (int)a->rc, a->status)));
	mix(h, "output", a->out);
	mix(h, "notes", a->notes);
	if (a->rc == RC_OK)
		return;
	h->count[COUNT_REFUSED]++;
	mix(h, "error",
	    text_of(format(h, "%s|%s|%s|%s", a->err.code, a->err.message, a->err.hint,
			   a->err.file)));
	if (h->show)
		printf("#     %s\n", a->err.message);
}

struct answer ask(struct history *h, const char *const *words)
{
	struct arena *a = arena_new(ANSWER_MEMORY);
	struct text v[24], two;
	size_t n = 0;
	struct answer out = {.rc = RC_OK};

	for (; words[n] != NULL; n++)
		v[n] = text_of(words[n]);
	assert(n + 2 < ARRAY_SIZE(v));
	two = n > 1 ? text_format(a, "%s %s", words[0], words[1]) : v[0];
	const struct action *row = action_find(two);

	if (row == NULL)
		row = action_find(v[0]);
	assert(row != NULL);
	if (takes_workspace(row)) {
		v[n++] = text_of("--workspace");
		v[n++] = text_of("disk/w.tenor");
	}
	h->step++;
	h->now += 1 + (instant)pick(h, 2 * HOUR_MS);
	h->count[COUNT_ANSWERS]++;
	run_verb(h, a, v, n, &out);
	mix_answer(h, row->verb, &out);
	arena_free(a);
	if (sim_disk_open_files() != 0)
		fail(h, "'%s' left a file open", row->verb);
	if (h->disk->files > FILES_ENOUGH)
		sim_disk_compact(h->disk);
	return out;
}

struct answer must(struct history *h, int status, const char *const *words)
{
	struct answer a = ask(h, words);

	if (a.rc != RC_OK || a.status != status)
		fail(h, "'%s %s' ends with %d: %s %s; %s\n%.*s%.*s", words[0],
		     words[1] != NULL ? words[1] : "", a.rc == RC_OK ? a.status : app_status(a.rc),
		     a.err.code, a.err.message, a.err.hint, a.out.n < 3000 ? (int)a.out.n : 3000,
		     a.out.p, TEXT_ARG(a.notes));
	return a;
}

struct text answer_text(struct text json, const char *key)
{
	char quoted[64];
	int k = snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	size_t n = (size_t)k;

	for (size_t i = 0; i + n < json.n; i++) {
		if (memcmp(json.p + i, quoted, n) != 0)
			continue;
		size_t from = i + n, to;

		if (json.p[from] == '"') {
			from++;
			to = text_find(json, '"', from);
		} else {
			for (to = from; to < json.n && ((json.p[to] >= '0' && json.p[to] <= '9') ||
							(json.p[to] >= 'a' && json.p[to] <= 'z'));
			     to++)
				;
		}
		return text_sub(json, from, to);
	}
	return (struct text){"", 0};
}

int64_t answer_number(const struct history *h, struct text json, const char *key)
{
	int64_t n = 0;

	if (!text_digits(answer_text(json, key), &n))
		fail(h, "there is no number '%s' in the answer: %.*s", key,
		     json.n < 300 ? (int)json.n : 300, json.p);
	return n;
}

void write_file(const struct history *h, const char *name, struct text bytes)
{
	FILE *f = fopen(name, "wb");

	if (f == NULL || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
		fail(h, "'%s' cannot be written", name);
}

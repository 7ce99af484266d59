/* SPDX-License-Identifier: Apache-2.0 */
/* A workspace in a scratch directory with a clock of the test's own, verbs by their words, and codes of second factors. */
#ifndef ACCESS_FIXTURE_H
#define ACCESS_FIXTURE_H

#include "app/sign_in_parts.h"
#include "base/base32.h"
#include "base/sha256.h"
#include "tap.h"

#include <liboath/oath.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_NOW INT64_C(1775829600000) /* 2026-04-10T14:00:00Z */

struct bench {
	char folder[200];
	instant now;
	uint64_t drawn;
	struct world world;
	struct arena *arena;
	struct app app;
	struct text workspace;
	struct text said; /* by the last verb */
};

static instant bench_now(void *context)
{
	return ((const struct bench *)context)->now;
}

/* Other bytes each time, and the same in each run. */
static void bench_fill(void *context, unsigned char *out, size_t n)
{
	struct bench *b = context;
	unsigned char digest[SHA256_BYTES];

	while (n > 0) {
		size_t part = n < sizeof(digest) ? n : sizeof(digest);
		uint64_t turn[2] = {b->drawn++, (uint64_t)getpid()};

		sha256((struct text){(const char *)turn, sizeof(turn)}, digest);
		memcpy(out, digest, part);
		out += part;
		n -= part;
	}
}

UNUSED static void bail(const char *what, const struct err *err)
{
	printf("Bail out! %s: %s: %s; %s\n", what, err->code, err->message, err->hint);
	exit(1);
}

/* A verb as on the command line, words apart by blanks; NAME.tenor is named by itself. */
UNUSED static enum rc bench_run(struct bench *b, const char *line, struct err *err)
{
	struct text rest = text_of(line), words[40], word;
	struct args args;
	struct reply reply;
	size_t n = 0;
	bool help = false;
	enum rc rc;

	while (rest.n > 0 && n < 36) {
		rest = text_cut(rest, ' ', &word);
		words[n++] = word;
	}
	if (!text_is(words[0], "init")) {
		words[n++] = text_of("--workspace");
		words[n++] = b->workspace;
	}
	err_clear(err);
	rc = args_parse(b->arena, words, n, &args, &help, err);
	if (rc != RC_OK)
		return rc;
	rc = app_run(&b->app, &args, &reply, err);
	b->said = text_copy(b->arena, buf_view(&reply.out));
	buf_free(&reply.out);
	buf_free(&reply.notes);
	return rc;
}

UNUSED static void bench_must(struct bench *b, const char *line)
{
	struct err err = {.line = 0};

	if (bench_run(b, line, &err) != RC_OK)
		bail(line, &err);
}

UNUSED static void bench_open(struct bench *b)
{
	const char *base = getenv("TMPDIR");
	char line[500];

	memset(b, 0, sizeof(*b));
	(void)snprintf(b->folder, sizeof(b->folder), "%s/tenor-access-XXXXXX",
		       base != NULL && *base != '\0' ? base : "/tmp");
	if (mkdtemp(b->folder) == NULL) {
		perror(b->folder);
		exit(1);
	}
	b->now = FIRST_NOW;
	b->arena = arena_new((size_t)1 << 30);
	b->world = (struct world){b, bench_now, {b, bench_fill}, text_of(b->folder), 1};
	b->app = (struct app){.arena = b->arena, .world = &b->world};
	b->workspace = text_format(b->arena, "%s/w.tenor", b->folder);
	(void)snprintf(line, sizeof(line),
		       "init %s/w.tenor --provider Harbor --host tenor.harbor.example", b->folder);
	bench_must(b, line);
}

UNUSED static void bench_close(struct bench *b)
{
	char line[300];

	static const char *const files[] = {"w.tenor", "w.tenor-wal", "w.tenor-shm",
					    "w.keys",  "w.keys-wal",  "w.keys-shm"};
	struct text uuid = {NULL, 0};

	(void)uuid;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		(void)snprintf(line, sizeof(line), "%s/%s", b->folder, files[i]);
		(void)unlink(line);
	}
	arena_free(b->arena);
}

UNUSED static struct sign_in *bench_sign_in(struct bench *b)
{
	struct err err = {.line = 0};
	struct sign_in *s = NULL;

	if (sign_in_open(&b->app, b->arena, b->workspace, text_of(""), &s, &err) != RC_OK)
		bail("sign_in_open", &err);
	return s;
}

/* The secret of the last link that a verb printed. */
UNUSED static struct text bench_link(struct bench *b, const char *line)
{
	static const char mark[] = "/join/";
	size_t at = 0;

	bench_must(b, line);
	while (at < b->said.n && !text_starts(text_sub(b->said, at, b->said.n), mark))
		at++;
	return text_trim(text_sub(b->said, at + strlen(mark), b->said.n));
}

/* The code of a secret at a time, six digits; steps: so many later or earlier. */
UNUSED static struct text code_at(struct arena *a, struct text uri, instant now, int64_t steps)
{
	static const char key[] = "secret=";
	unsigned char secret[20];
	char low[33] = {0}, out[7];
	size_t at = 0;

	while (at < uri.n && !text_starts(text_sub(uri, at, uri.n), key))
		at++;
	for (size_t i = 0; i < 32 && at + 7 + i < uri.n; i++) {
		char c = uri.p[at + 7 + i];

		low[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	if (!base32_read((struct text){low, 32}, secret, sizeof(secret)) ||
	    oath_hotp_generate((const char *)secret, sizeof(secret),
			       (uint64_t)(now / 30000 + steps), 6, false, SIZE_MAX, out) != OATH_OK)
		return text_of("000000");
	return text_copy(a, text_of(out));
}

UNUSED static struct visitor visitor_of(struct bench *b, struct sign_in *s, struct text cookie)
{
	struct err err = {.line = 0};
	struct visitor v;

	if (sign_in_visitor(s, b->arena, cookie, b->now, &v, &err) != RC_OK)
		bail("sign_in_visitor", &err);
	return v;
}

UNUSED static bool is_visitor(struct bench *b, struct sign_in *s, struct text cookie)
{
	struct err err = {.line = 0};
	struct visitor v;

	return sign_in_visitor(s, b->arena, cookie, b->now, &v, &err) == RC_OK;
}

#endif

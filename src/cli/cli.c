/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "app/app.h"
#include "app/help.h"
#include "app/zones.h"
#include "base/sha256.h"
#include "cli/outside.h"
#include "cli/progress.h"
#include "cli/serve.h"
#include "facts/json_read.h"
#include "http/api.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one command may take; a run that needs more says so and stops. */
#define MEMORY_LIMIT ((size_t)16 << 30)

_Noreturn static void out_of_memory(size_t limit_bytes)
{
	(void)fprintf(stderr,
		      "tenor: needs more memory than its limit of %zu MiB; give it less at once\n",
		      limit_bytes >> 20);
	_Exit(65);
}

/* libsodium ends the program when the system gives no random bytes, and would say nothing. */
_Noreturn static void no_random(void)
{
	(void)fputs("tenor: the system gives no random bytes (or libsodium was misused)\n", stderr);
	_Exit(74);
}

static bool write_all(FILE *f, struct text t)
{
	return fwrite(t.p, 1, t.n, f) == t.n && fflush(f) == 0;
}

static void say(const struct err *e)
{
	struct buf b;

	buf_init(&b, 8192);
	err_print(e, &b);
	/* One line, whatever a name of a file holds; and no word to the terminal. */
	for (size_t i = 0; i < b.n; i++)
		if ((unsigned char)b.p[i] < 0x20 || b.p[i] == 0x7f)
			b.p[i] = '?';
	(void)fprintf(stderr, "tenor: %.*s\n", TEXT_ARG(buf_view(&b)));
	buf_free(&b);
}

/* The environment decides one thing only: whether colour is wanted (no-color.org). */
static bool wants_colour(const struct args *args)
{
	struct text when = args_text(args, PARAM_COLOR);
	const char *no = getenv("NO_COLOR");

	if (text_is(when, "always"))
		return true;
	if (text_is(when, "never") || args_has(args, PARAM_OUTPUT) || (no != NULL && *no != '\0'))
		return false;
	return isatty(STDOUT_FILENO) == 1;
}

static enum rc flush_stdout(void *context, struct buf *out, struct err *err)
{
	(void)context;
	if (!write_all(stdout, buf_view(out)))
		return err_set(err, RC_IO, "standard output cannot be written: %s",
			       strerror(errno));
	buf_clear(out);
	return RC_OK;
}

static enum rc not_written(int why, struct err *err)
{
	return err_set(err, RC_IO, "cannot be written: %s", strerror(why));
}

/*
 * The file of --output while it is written: beside the old one and moved into its place, so that a failure leaves what was there. A
 * device, a pipe or a link is written to where it is: moving a file into its place would take it away.
 */
struct output {
	struct arena *arena;
	struct text path;
	const char *name;
	struct text draft; /* empty: written through */
	FILE *f;           /* NULL: nothing has been written yet */
};

/* A new file beside the old one, with the old one's permissions. */
static FILE *open_draft(const char *draft, const struct stat *old)
{
	int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *f = NULL;

	if (fd < 0)
		return NULL;
	if (old == NULL || fchmod(fd, old->st_mode & 07777) == 0)
		f = fdopen(fd, "wb");
	if (f == NULL) {
		int why = errno;

		(void)close(fd);
		(void)unlink(draft);
		errno = why;
	}
	return f;
}

static enum rc output_open(struct output *o, struct err *err)
{
	struct stat old;
	bool exists;

	o->name = arena_copy(o->arena, o->path.p, o->path.n);
	exists = lstat(o->name, &old) == 0;
	err_at(err, o->path, 0, 0);
	if (exists && !S_ISREG(old.st_mode)) {
		o->f = fopen(o->name, "wb");
	} else {
		o->draft = text_format(o->arena, "%s.tenor-%ld", o->name, (long)getpid());
		o->f = open_draft(o->draft.p, exists ? &old : NULL);
	}
	return o->f != NULL ? RC_OK : not_written(errno, err);
}

/* Nothing is left of what was begun. */
static void output_drop(struct output *o)
{
	if (o->f != NULL)
		(void)fclose(o->f);
	if (o->f != NULL && o->draft.n > 0)
		(void)unlink(o->draft.p);
	o->f = NULL;
}

static enum rc flush_output(void *context, struct buf *out, struct err *err)
{
	struct output *o = context;
	enum rc rc = o->f != NULL ? RC_OK : output_open(o, err);

	if (rc != RC_OK)
		return rc;
	if (!write_all(o->f, buf_view(out))) {
		rc = not_written(errno, err);
		err_at(err, o->path, 0, 0);
		return rc;
	}
	buf_clear(out);
	return RC_OK;
}

/* The rest, and into place. */
static enum rc output_finish(struct output *o, struct buf *out, struct err *err)
{
	enum rc rc = flush_output(o, out, err);
	int why;

	if (rc != RC_OK)
		return rc;
	why = fclose(o->f) != 0 ? errno : 0;
	o->f = NULL;
	err_at(err, o->path, 0, 0);
	if (why == 0 && (o->draft.n == 0 || rename(o->draft.p, o->name) == 0))
		return RC_OK;
	why = why != 0 ? why : errno;
	if (o->draft.n > 0)
		(void)unlink(o->draft.p);
	return not_written(why, err);
}

/* What is read must not be written over: --output may not name one of the call's own files. */
static enum rc output_apart(struct arena *a, const struct args *args, struct err *err)
{
	struct text path = args_text(args, PARAM_OUTPUT);
	struct stat out, in;

	if (stat(arena_copy(a, path.p, path.n), &out) != 0 || !S_ISREG(out.st_mode))
		return RC_OK;
	for (size_t p = 0; p < PARAM_COUNT; p++) {
		for (size_t i = 0; i < args->values[p].n && p != PARAM_OUTPUT; i++) {
			struct text v = args->values[p].v[i];

			if (stat(arena_copy(a, v.p, v.n), &in) != 0 || in.st_dev != out.st_dev ||
			    in.st_ino != out.st_ino)
				continue;
			err_hint(err, "write to another file");
			return err_set(err, RC_USAGE,
				       "--output %.*s would write over a file that is read",
				       TEXT_ARG(path));
		}
	}
	return RC_OK;
}

static int run(struct arena *a, const struct args *args, const struct world *given)
{
	struct err err = {.line = 0};
	struct reply reply;
	struct progress progress = {.next_ms = 0};
	struct world world;
	struct output output = {.arena = a, .path = args_text(args, PARAM_OUTPUT)};
	struct app app = {.arena = a, .zones = zones_system(a), .colour = wants_colour(args)};
	/* "-" is standard output here as it is standard input elsewhere. */
	bool to_file = args_has(args, PARAM_OUTPUT) && !text_is(args_text(args, PARAM_OUTPUT), "-");
	struct text when = args_text(args, PARAM_COLOR);

	world_system(a, &world);
	app.serve = serve;
	app.openapi = openapi_print;
	app.outside = &cli_outside;
	app.world = given != NULL ? given : &world;
	if (when.n > 0 && !text_is(when, "auto") && !text_is(when, "always") &&
	    !text_is(when, "never")) {
		(void)err_set(&err, RC_USAGE,
			      "\"%.*s\" is not a word for --color: write auto, always or never",
			      TEXT_ARG(when));
		say(&err);
		return app_status(RC_USAGE);
	}
	if (to_file && output_apart(a, args, &err) != RC_OK) {
		say(&err);
		return app_status(RC_USAGE);
	}
	if (isatty(STDERR_FILENO) == 1 && !args_has(args, PARAM_NO_PROGRESS)) {
		app.progress = progress_draw;
		app.progress_context = &progress;
	}
	app.flush = to_file ? flush_output : flush_stdout;
	app.flush_context = to_file ? &output : NULL;

	enum rc rc = app_run(&app, args, &reply, &err);

	(void)write_all(stderr, buf_view(&reply.notes));
	if (rc == RC_OK && to_file && !reply.delivered)
		rc = output_finish(&output, &reply.out, &err);
	else if (rc == RC_OK)
		rc = flush_stdout(NULL, &reply.out, &err);
	if (rc != RC_OK)
		output_drop(&output);
	if (rc != RC_OK)
		say(&err);
	buf_free(&reply.out);
	buf_free(&reply.notes);
	return rc == RC_OK ? reply.status : app_status(rc);
}

static int help_or_run(struct arena *a, const struct text *words, size_t n,
		       const struct world *world)
{
	struct err err = {.line = 0};
	struct args args;
	struct buf out;
	bool help = false;
	bool all = n == 0 || text_is(words[0], "--help") || text_is(words[0], "-h");

	if (!all && args_parse(a, words, n, &args, &help, &err) != RC_OK) {
		say(&err);
		return app_status(RC_USAGE);
	}
	if (!all && !help)
		return run(a, &args, world);
	buf_init(&out, 1 << 20);
	if (all)
		help_all(&out);
	else
		help_action(&out, args.action);
	/* Without any word it was not help that was asked for, but help is what is needed. */
	(void)write_all(n == 0 ? stderr : stdout, buf_view(&out));
	buf_free(&out);
	return n == 0 ? app_status(RC_USAGE) : 0;
}

int cli_run(int argc, char **argv, const struct world *world)
{
	bool version = argc > 1 && strcmp(argv[1], "--version") == 0;

	if (version && argc == 2) {
		(void)puts("tenor " TENOR_VERSION);
		return 0;
	}
	if (version && argc == 3 && strcmp(argv[2], "--json") == 0) {
		(void)puts("{\"tenor\": \"" TENOR_VERSION "\"}");
		return 0;
	}

	(void)sodium_set_misuse_handler(no_random);
	sha256_memory();
	json_memory();

	struct arena *a = arena_new(MEMORY_LIMIT);
	size_t n = argc > 1 ? (size_t)argc - 1 : 0;
	struct text *words = arena_array(a, struct text, n + 1);

	arena_on_full(a, out_of_memory);
	for (size_t i = 0; i < n; i++)
		words[i] = text_of(argv[i + 1]);
	int status = help_or_run(a, words, n, world);

	arena_free(a);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "app/app.h"
#include "app/help.h"
#include "app/zones.h"
#include "cli/progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static bool write_all(FILE *f, struct text t)
{
	return fwrite(t.p, 1, t.n, f) == t.n && fflush(f) == 0;
}

static void say(const struct err *e)
{
	struct buf b;

	buf_init(&b, 8192);
	err_print(e, &b);
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

/* Written beside and moved into place, so that a failure leaves what was there. */
static enum rc write_file(struct arena *a, struct text path, struct text bytes, struct err *err)
{
	char *name = arena_copy(a, path.p, path.n);
	struct text draft = text_format(a, "%s.tenor-new", name);

	err_at(err, path, 0, 0);
	FILE *f = fopen(draft.p, "wb");

	if (f == NULL)
		return err_set(err, RC_IO, "cannot be written: %s", strerror(errno));
	bool written = write_all(f, bytes);

	written = fclose(f) == 0 && written;
	if (written && rename(draft.p, name) == 0)
		return RC_OK;
	int why = errno;

	(void)unlink(draft.p);
	return err_set(err, RC_IO, "cannot be written: %s", strerror(why));
}

static int run(struct arena *a, const struct args *args)
{
	struct err err = {.line = 0};
	struct reply reply;
	struct progress progress = {.next_ms = 0};
	struct app app = {.arena = a, .zones = zones_system(a), .colour = wants_colour(args)};
	bool to_file = args_has(args, PARAM_OUTPUT);
	struct text when = args_text(args, PARAM_COLOR);

	if (when.n > 0 && !text_is(when, "auto") && !text_is(when, "always") &&
	    !text_is(when, "never")) {
		(void)err_set(&err, RC_USAGE,
			      "\"%.*s\" is not a word for --color: write auto, always or never",
			      TEXT_ARG(when));
		say(&err);
		return app_status(RC_USAGE);
	}
	if (isatty(STDERR_FILENO) == 1 && !args_has(args, PARAM_NO_PROGRESS)) {
		app.progress = progress_draw;
		app.progress_context = &progress;
	}
	if (!to_file)
		app.flush = flush_stdout;

	enum rc rc = app_run(&app, args, &reply, &err);

	(void)write_all(stderr, buf_view(&reply.notes));
	if (rc == RC_OK && to_file)
		rc = write_file(a, args_text(args, PARAM_OUTPUT), buf_view(&reply.out), &err);
	else if (rc == RC_OK)
		rc = flush_stdout(NULL, &reply.out, &err);
	if (rc != RC_OK)
		say(&err);
	buf_free(&reply.out);
	buf_free(&reply.notes);
	return rc == RC_OK ? reply.status : app_status(rc);
}

static int help_or_run(struct arena *a, const struct text *words, size_t n)
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
		return run(a, &args);
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

int cli_run(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)puts("tenor " TENOR_VERSION);
		return 0;
	}

	struct arena *a = arena_new(MEMORY_LIMIT);
	size_t n = argc > 1 ? (size_t)argc - 1 : 0;
	struct text *words = arena_array(a, struct text, n + 1);

	arena_on_full(a, out_of_memory);
	for (size_t i = 0; i < n; i++)
		words[i] = text_of(argv[i + 1]);
	int status = help_or_run(a, words, n);

	arena_free(a);
	return status;
}

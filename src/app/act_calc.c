/* SPDX-License-Identifier: Apache-2.0 */
/* tenor calc: one JSON case a line in, one result a line out. A line that cannot be read is answered too. */
#include "app/app.h"
#include "app/calc.h"
#include "app/input.h"
#include "base/json.h"

#include <jansson.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4 << 20, FLUSH_BYTES = 1 << 16, CASE_ARENA_BYTES = 256 << 20 };

struct cases {
	struct app *app;
	struct reply *reply;
	struct buf line; /* the part of a line that came so far */
	uint64_t n;      /* lines read */
	uint64_t failed;
};

static enum rc begin(void *context, struct text name, struct err *err)
{
	(void)context;
	(void)name;
	(void)err;
	return RC_OK;
}

/* The case's id, where the line is JSON and has one: an error then names the case as well as the line. */
static void put_id(struct json *j, struct text line)
{
	json_t *root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *id = json_object_get(root, "id");

	if (json_is_string(id))
		json_kv_text(j, "id", (struct text){json_string_value(id), json_string_length(id)});
	json_decref(root);
}

static void answer_error(struct cases *c, struct text line, const struct err *why)
{
	struct json j;
	struct buf words;

	buf_init(&words, 8192);
	err_print(why, &words);
	json_init(&j, &c->reply->out, false);
	json_open_object(&j);
	put_id(&j, line);
	json_kv_int(&j, "line", (int64_t)c->n);
	json_kv_text(&j, "error", buf_view(&words));
	json_end_object(&j);
	buf_char(&c->reply->out, '\n');
	buf_free(&words);
}

/* Each case has an arena of its own, so that a long run needs no more memory than its largest case. */
static enum rc answer(struct cases *c, struct text line, struct err *err)
{
	struct err why = {.line = 0};
	size_t before = c->reply->out.n;

	c->n++;
	line = text_trim(line);
	if (line.n == 0)
		return RC_OK;

	struct arena *a = arena_new(CASE_ARENA_BYTES);

	if (calc_line(a, &c->app->zones, line, &c->reply->out, &why) != RC_OK) {
		c->reply->out.n = before;
		c->failed++;
		answer_error(c, line, &why);
	} else {
		buf_char(&c->reply->out, '\n');
	}
	arena_free(a);
	if (c->app->flush != NULL && c->reply->out.n > FLUSH_BYTES)
		return c->app->flush(c->app->flush_context, &c->reply->out, err);
	return RC_OK;
}

static enum rc chunk(void *context, const char *bytes, size_t n, struct err *err)
{
	struct cases *c = context;
	struct text rest = {bytes, n}, line;

	while (text_find(rest, '\n', 0) < rest.n) {
		rest = text_cut(rest, '\n', &line);
		buf_text(&c->line, line);
		if (c->line.full)
			break;
		enum rc rc = answer(c, buf_view(&c->line), err);

		buf_clear(&c->line);
		if (rc != RC_OK)
			return rc;
	}
	buf_text(&c->line, rest);
	if (c->line.full)
		return err_set(err, RC_LIMIT, "line %llu is longer than %d MiB",
			       (unsigned long long)c->n + 1, LINE_MAX_BYTES >> 20);
	return RC_OK;
}

static enum rc end(void *context, struct err *err)
{
	struct cases *c = context;

	if (c->line.n == 0)
		return RC_OK;
	enum rc rc = answer(c, buf_view(&c->line), err);

	buf_clear(&c->line);
	return rc;
}

enum rc action_calc(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct cases c = {.app = app, .reply = reply};
	struct input_sink sink = {&c, begin, chunk, end};
	struct text path = args_has(args, PARAM_FILE) ? args_text(args, PARAM_FILE) : text_of("-");

	buf_init(&c.line, LINE_MAX_BYTES);
	enum rc rc = input_stream(app, path, &sink, err);

	buf_free(&c.line);
	if (rc != RC_OK)
		return rc;
	if (c.failed > 0) {
		buf_printf(&reply->notes, "tenor: %llu of %llu lines could not be read\n",
			   (unsigned long long)c.failed, (unsigned long long)c.n);
		reply->status = app_status(RC_INVALID);
	}
	return RC_OK;
}

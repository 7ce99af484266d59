/* SPDX-License-Identifier: Apache-2.0 */
/* tenor map: ready mappings, and a proposal for a file of a tool that is not known. */
#include "app/app.h"
#include "app/input.h"
#include "base/json.h"
#include "facts/mapping.h"

#include <string.h>

enum { LOOK_BYTES = 256 * 1024 };

/* Only the beginning of the file is looked at. */
struct look {
	char bytes[LOOK_BYTES];
	size_t n;
	bool member;
};

static enum rc begin(void *context, struct text name, struct err *err)
{
	struct look *l = context;

	(void)err;
	(void)name;
	l->member = true;
	return RC_OK;
}

static enum rc chunk(void *context, const char *bytes, size_t n, struct err *err)
{
	struct look *l = context;
	size_t room = LOOK_BYTES - l->n, part = n < room ? n : room;

	(void)err;
	memcpy(l->bytes + l->n, bytes, part);
	l->n += part;
	return RC_OK;
}

static enum rc end(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return RC_OK;
}

/* Plain words, or {"mapping": ...} with --json. */
static void answer(const struct args *args, struct reply *reply, struct text mapping)
{
	struct json j;

	if (!args_has(args, PARAM_JSON)) {
		buf_text(&reply->out, mapping);
		return;
	}
	json_init(&j, &reply->out, true);
	json_open_object(&j);
	json_kv_text(&j, "mapping", mapping);
	json_end_object(&j);
	buf_char(&reply->out, '\n');
}

static enum rc list(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct json j;

	json_init(&j, &reply->out, true);
	if (args_has(args, PARAM_JSON))
		json_open_array(&j);
	for (size_t i = 0; i < mapping_ready_count(); i++) {
		struct text name = mapping_ready_name(i);
		struct mapping *m;
		enum rc rc = mapping_ready(app->arena, name, &m, err);

		if (rc != RC_OK)
			return rc;
		if (!args_has(args, PARAM_JSON)) {
			buf_printf(&reply->out, "%-22.*s %.*s\n", TEXT_ARG(name),
				   TEXT_ARG(m->title));
			continue;
		}
		json_open_object(&j);
		json_kv_text(&j, "name", name);
		json_kv_text(&j, "title", m->title);
		json_end_object(&j);
	}
	if (args_has(args, PARAM_JSON)) {
		json_end_array(&j);
		buf_char(&reply->out, '\n');
	}
	return RC_OK;
}

static enum rc show(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct text name = args_text(args, PARAM_SHOW);
	struct mapping *unused;
	enum rc rc = mapping_ready(app->arena, name, &unused, err);

	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < mapping_ready_count(); i++)
		if (text_eq(mapping_ready_name(i), name))
			answer(args, reply, mapping_ready_text(i));
	return RC_OK;
}

/* JSON and iCalendar say themselves what stands where: there is nothing to map but names of assets. */
static enum rc is_table(struct text path, struct text start, struct err *err)
{
	struct text t = text_trim(start);
	bool json = t.n > 0 && (t.p[0] == '{' || t.p[0] == '['),
	     calendar = text_starts(t, "BEGIN:VCALENDAR");

	if (!json && !calendar)
		return RC_OK;
	err_at(err, path, 0, 0);
	err_hint(err, "\"tenor map --show %s\" prints what can be changed about it",
		 calendar ? "icalendar" : "statuspage");
	return err_set(err, RC_INVALID, "is %s, which is read without a mapping",
		       calendar ? "an iCalendar" : "JSON");
}

enum rc action_map(struct app *app, const struct args *args, struct reply *reply, struct err *err)
{
	struct text path = args_text(args, PARAM_FILE);
	struct look *l = arena_one(app->arena, struct look);
	struct input_sink sink = {l, begin, chunk, end};
	struct buf proposal;
	enum rc rc;

	if (args_has(args, PARAM_LIST))
		return list(app, args, reply, err);
	if (args_has(args, PARAM_SHOW))
		return show(app, args, reply, err);
	if (path.n == 0) {
		err_hint(err, "name a CSV file, or give --list or --show NAME");
		return err_set(err, RC_USAGE, "map needs something to look at");
	}
	rc = input_stream(app, path, &sink, err);
	if (rc != RC_OK)
		return rc;
	rc = is_table(path, (struct text){l->bytes, l->n}, err);
	if (rc != RC_OK)
		return rc;
	buf_init(&proposal, 1 << 20);
	rc = mapping_propose(app->arena, path, (struct text){l->bytes, l->n}, &proposal, err);
	if (rc != RC_OK && err->file[0] == '\0')
		err_at(err, path, err->line, err->column);
	if (rc == RC_OK)
		answer(args, reply, buf_view(&proposal));
	buf_free(&proposal);
	return rc;
}

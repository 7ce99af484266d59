/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON lines and JSON documents. Lines are told apart one by one, so that incidents and maintenance may share a file; a
 * document is read as a whole, up to a limit.
 */
#include "facts/json_read.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4 << 20, DOCUMENT_MAX_BYTES = 64 << 20, FIRST_ROOM = 64 * 1024 };

void json_memory(void)
{
	json_set_alloc_funcs(memory_get, memory_give_back);
}

json_t *json_strict(struct text t, struct err *err)
{
	json_error_t e;

	/* jansson takes a NUL after a value for the end. */
	if (memchr(t.p, 0, t.n) != NULL) {
		(void)err_set(err, RC_INVALID, "a NUL byte");
		return NULL;
	}
	json_t *value =
		json_loadb(t.p, t.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);

	if (value == NULL) {
		(void)err_set(err, RC_INVALID, "%s", e.text);
		err->line = e.line > 0 ? (uint32_t)e.line : 0;
		err->column = e.column > 0 ? (uint32_t)e.column : 0;
	}
	return value;
}

struct text json_member(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? (struct text){json_string_value(v), json_string_length(v)}
				 : (struct text){"", 0};
}

static bool has(const json_t *object, const char *key)
{
	return json_object_get(object, key) != NULL;
}

enum shape {
	SHAPE_NONE,
	SHAPE_FACT,
	SHAPE_TRANSITION,
	SHAPE_MAINTENANCE,
	SHAPE_INCIDENT,
	SHAPE_SUMMARY,
	SHAPE_MONITOR
};

static enum shape shape_of(const json_t *o)
{
	if (has(o, "kind"))
		return SHAPE_FACT;
	if (has(o, "component_id") && has(o, "new"))
		return SHAPE_TRANSITION;
	if (has(o, "scheduled_for"))
		return SHAPE_MAINTENANCE;
	if (has(o, "incident_updates") || (has(o, "impact") && has(o, "created_at")))
		return SHAPE_INCIDENT;
	if (has(o, "components") || has(o, "incidents") || has(o, "scheduled_maintenances"))
		return SHAPE_SUMMARY;
	if (has(o, "dailyMinutesDown") || (has(o, "slug") && has(o, "uptime")))
		return SHAPE_MONITOR;
	return SHAPE_NONE;
}

struct text json_format_of(struct text object)
{
	static const char *const names[] = {
		[SHAPE_NONE] = "",
		[SHAPE_FACT] = "tenor_jsonl",
		[SHAPE_TRANSITION] = "statuspage_transitions",
		[SHAPE_MAINTENANCE] = "statuspage_maintenance",
		[SHAPE_INCIDENT] = "statuspage_incidents",
		[SHAPE_SUMMARY] = "statuspage_summary",
		[SHAPE_MONITOR] = "upptime_summary",
	};
	struct err ignored = {.line = 0};
	json_t *value = json_strict(object, &ignored);
	enum shape shape = json_is_object(value) ? shape_of(value) : SHAPE_NONE;
	bool object_line = json_is_object(value);

	json_decref(value);
	/* An object that nobody knows is one line among many: each is then noted. */
	if (object_line && shape == SHAPE_NONE)
		return text_of("tenor_jsonl");
	return text_of(names[shape]);
}

static bool take_summary(struct intake *in, const json_t *o);

/* One object, whatever it is. A summary counts its own rows. */
static void take_object(struct intake *in, const json_t *o, uint32_t line, bool in_document)
{
	bool taken = false;

	switch (shape_of(o)) {
	case SHAPE_FACT:
		taken = json_take_fact(in, o, line);
		break;
	case SHAPE_TRANSITION:
		taken = statuspage_take_transition(in, o, line);
		break;
	case SHAPE_MAINTENANCE:
		taken = statuspage_take_maintenance(in, o, line);
		break;
	case SHAPE_INCIDENT:
		taken = statuspage_take_incident(in, o, line);
		break;
	case SHAPE_MONITOR:
		taken = upptime_take_monitor(in, o);
		break;
	case SHAPE_SUMMARY:
		if (in_document && take_summary(in, o))
			return;
		intake_note(in, IMPORT_JSON, line, "a summary inside another document");
		break;
	case SHAPE_NONE:
		intake_note(in, IMPORT_JSON, line,
			    "no fact, and no object of a status page that is known");
		break;
	}
	intake_row(in, taken);
}

static void take_list(struct intake *in, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);

		if (json_is_object(o)) {
			take_object(in, o, 0, false);
			continue;
		}
		intake_note(in, IMPORT_JSON, 0, "item %zu is no object", i + 1);
		intake_row(in, false);
	}
}

static bool take_summary(struct intake *in, const json_t *o)
{
	const json_t *components = json_object_get(o, "components");
	struct text seen = json_member(json_object_get(o, "page"), "updated_at");

	for (size_t i = 0; i < json_array_size(components); i++)
		intake_row(in, statuspage_take_component(in, json_array_get(components, i), seen));
	take_list(in, json_object_get(o, "incidents"));
	take_list(in, json_object_get(o, "scheduled_maintenances"));
	return true;
}

/* Bytes that wait for more. */
struct waiting {
	char *p;
	size_t n, cap;
};

static void keep(struct arena *a, struct waiting *w, const char *p, size_t n)
{
	if (w->cap - w->n < n) {
		size_t cap = w->cap == 0 ? FIRST_ROOM : w->cap;

		while (cap < w->n + n)
			cap *= 2;
		char *bigger = arena_alloc(a, cap);

		if (w->n > 0)
			memcpy(bigger, w->p, w->n);
		w->p = bigger;
		w->cap = cap;
	}
	if (n > 0)
		memcpy(w->p + w->n, p, n);
	w->n += n;
}

struct lines {
	struct intake *in;
	struct json_line_taker taker; /* take NULL: our own form */
	struct waiting rest;
	uint32_t line;
	bool begun, skipping; /* skipping: a line that is too long, up to its end */
};

static void take_line(struct lines *l, struct text t)
{
	struct intake *in = l->in;
	struct err err = {.line = 0};

	l->line++;
	if (!l->begun && text_starts(t, "\xef\xbb\xbf")) {
		t = text_sub(t, 3, t.n);
		intake_note(in, IMPORT_ENCODING, l->line, "a byte-order mark was dropped");
	}
	l->begun = true;
	t = text_trim(t);
	if (t.n == 0)
		return;

	struct text whole = t;

	if (l->taker.take != NULL)
		t = l->taker.prepare(l->taker.context, t);

	json_t *value = json_strict(t, &err);

	if (json_is_object(value) && l->taker.take != NULL) {
		l->taker.take(l->taker.context, value, whole, l->line);
	} else if (json_is_object(value)) {
		take_object(in, value, l->line, false);
	} else {
		if (value == NULL)
			intake_note(in, !text_utf8(t, NULL) ? IMPORT_UTF8 : IMPORT_JSON, l->line,
				    "%s, column %u", err.message, err.column);
		else
			intake_note(in, IMPORT_JSON, l->line, "a JSON value that is no object");
		intake_row(in, false);
	}
	json_decref(value);
}

static void end_line(struct lines *l, struct text t)
{
	if (l->skipping) {
		l->line++;
		l->skipping = false;
		return;
	}
	if (l->rest.n == 0) {
		take_line(l, t);
		return;
	}
	keep(l->in->arena, &l->rest, t.p, t.n);
	take_line(l, (struct text){l->rest.p, l->rest.n});
	l->rest.n = 0;
}

static enum rc push_lines(void *reader, const char *p, size_t n, struct err *err)
{
	struct lines *l = reader;

	(void)err;
	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		size_t taken = end == NULL ? n : (size_t)(end - p);

		if (!l->skipping && l->rest.n + taken > LINE_MAX_BYTES) {
			intake_note(l->in, IMPORT_LONG, l->line + 1,
				    "the line is longer than %d bytes", LINE_MAX_BYTES);
			intake_row(l->in, false);
			l->skipping = true;
			l->rest.n = 0;
		}
		if (end == NULL) {
			if (!l->skipping)
				keep(l->in->arena, &l->rest, p, n);
			return RC_OK;
		}
		end_line(l, (struct text){p, taken});
		p += taken + 1;
		n -= taken + 1;
	}
	return RC_OK;
}

static enum rc close_lines(void *reader, struct err *err)
{
	struct lines *l = reader;

	if (l->rest.n > 0 && !l->skipping)
		end_line(l, (struct text){"", 0});
	return l->taker.end == NULL ? RC_OK : l->taker.end(l->taker.context, err);
}

struct format_reader json_lines_open(struct intake *in)
{
	static const struct reader_ops ops = {push_lines, close_lines};
	struct lines *l = arena_one(in->arena, struct lines);

	l->in = in;
	l->line = in->options.first_line > 0 ? in->options.first_line - 1 : 0;
	return (struct format_reader){&ops, l};
}

struct format_reader json_lines_for(struct intake *in, const struct json_line_taker *taker)
{
	struct format_reader r = json_lines_open(in);
	struct lines *l = r.reader;

	l->taker = *taker;
	return r;
}

struct document {
	struct intake *in;
	struct waiting bytes;
};

static enum rc push_document(void *reader, const char *p, size_t n, struct err *err)
{
	struct document *d = reader;

	if (d->bytes.n + n > DOCUMENT_MAX_BYTES)
		return err_set(err, RC_LIMIT, "the document is longer than %d bytes",
			       DOCUMENT_MAX_BYTES);
	keep(d->in->arena, &d->bytes, p, n);
	return RC_OK;
}

static enum rc close_document(void *reader, struct err *err)
{
	struct document *d = reader;
	struct text t = {d->bytes.p, d->bytes.n};

	if (text_starts(t, "\xef\xbb\xbf"))
		t = text_sub(t, 3, t.n);
	json_t *value = json_strict(t, err);

	if (value == NULL) {
		err_code(err, "import.json");
		err_hint(err, "facts are JSON lines: one whole object a line");
		return RC_INVALID;
	}
	if (json_is_array(value)) {
		const json_t *first = json_array_get(value, 0);

		if (json_is_object(first) && shape_of(first) == SHAPE_MONITOR) {
			d->in->report->format = text_of("upptime_summary");
			d->in->facts->sources[d->in->source].format = text_of("upptime_summary");
		}
		take_list(d->in, value);
	} else if (json_is_object(value)) {
		take_object(d->in, value, 0, true);
	} else {
		json_decref(value);
		return err_set(err, RC_INVALID,
			       "the file is a JSON value that is neither an object nor a list");
	}
	json_decref(value);
	return RC_OK;
}

struct format_reader json_document_open(struct intake *in)
{
	static const struct reader_ops ops = {push_document, close_document};
	struct document *d = arena_one(in->arena, struct document);

	d->in = in;
	return (struct format_reader){&ops, d};
}

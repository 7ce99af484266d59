/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/ics_read.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64, DEPTH_MAX = 8 };

/* Bytes that grow in the arena up to a limit. */
struct bytes {
	char *p;
	size_t n, cap;
};

struct ics_reader {
	struct arena *arena;
	struct ics_handler handler;
	struct bytes raw;       /* a line of the file that has not ended */
	struct bytes line;      /* a content line, unfolded so far */
	struct bytes component; /* lines of the component being gathered */
	size_t lines;           /* of it */
	uint32_t raw_line;      /* number of the line of the file being read */
	uint32_t line_at;       /* where the content line began */
	uint32_t component_at;
	bool after_cr;
	bool begun, ended;         /* a VCALENDAR */
	char name[NAME_MAX_BYTES]; /* of the component */
	size_t name_n;
	char stack[DEPTH_MAX][NAME_MAX_BYTES]; /* components inside it */
	unsigned depth;
	bool spoiled; /* the component is too long, deep or wrongly nested; `bad` was called */
	bool version, prodid; /* VERSION:2.0 and PRODID of the calendar were there */
	bool blank;           /* a blank line inside the calendar was told */
	bool outside;         /* lines before any calendar were noted */
	enum rc rc;
	struct err err;
};

struct ics_reader *ics_open(struct arena *a, const struct ics_handler *handler)
{
	struct ics_reader *r = arena_one(a, struct ics_reader);

	r->arena = a;
	r->handler = *handler;
	r->raw_line = 1;
	return r;
}

static bool put(struct arena *a, struct bytes *b, struct text t, size_t max)
{
	if (t.n > max || b->n > max - t.n)
		return false;
	if (b->cap - b->n < t.n) {
		size_t cap = b->cap == 0 ? 1024 : b->cap;

		while (cap < b->n + t.n)
			cap *= 2;
		char *bigger = arena_alloc(a, cap);

		if (b->n > 0)
			memcpy(bigger, b->p, b->n);
		b->p = bigger;
		b->cap = cap;
	}
	if (t.n > 0)
		memcpy(b->p + b->n, t.p, t.n);
	b->n += t.n;
	return true;
}

static void spoil(struct ics_reader *r, const char *why)
{
	if (r->spoiled)
		return;
	r->spoiled = true;
	r->handler.bad(r->handler.context, r->component_at, why);
}

static bool in_component(const struct ics_reader *r)
{
	return r->name_n > 0;
}

static void begin_component(struct ics_reader *r, struct text name)
{
	r->name_n = name.n < NAME_MAX_BYTES ? name.n : NAME_MAX_BYTES - 1;
	memcpy(r->name, name.p, r->name_n);
	r->component.n = 0;
	r->lines = 0;
	r->component_at = r->line_at;
	r->depth = 0;
	r->spoiled = false;
}

static void gather(struct ics_reader *r, struct text line)
{
	if (r->spoiled)
		return;
	if (!put(r->arena, &r->component, line, ICS_COMPONENT_MAX) ||
	    !put(r->arena, &r->component, text_of("\r\n"), ICS_COMPONENT_MAX))
		spoil(r, "the component is too long");
	if (++r->lines > ICS_LINES_MAX)
		spoil(r, "the component has too many lines");
}

static void end_component(struct ics_reader *r)
{
	struct text name = {r->name, r->name_n};

	if (!r->spoiled)
		r->handler.component(r->handler.context, r->component_at, name,
				     (struct text){r->component.p, r->component.n});
	r->name_n = 0;
}

static void push_inner(struct ics_reader *r, struct text name)
{
	if (r->depth == DEPTH_MAX || name.n >= NAME_MAX_BYTES) {
		spoil(r, "components lie too deep in one another");
		return;
	}
	memcpy(r->stack[r->depth], name.p, name.n);
	r->stack[r->depth][name.n] = '\0';
	r->depth++;
}

/* An END: of an inner component, of the component, or of none. */
static void end_name(struct ics_reader *r, struct text name)
{
	if (r->depth > 0) {
		if (text_eq_nocase(name, text_of(r->stack[r->depth - 1])))
			r->depth--;
		else if (text_eq_nocase(name, (struct text){r->name, r->name_n})) {
			spoil(r, "an inner component is not ended");
			end_component(r);
		} else
			spoil(r, "an END that has no BEGIN");
		return;
	}
	if (text_eq_nocase(name, (struct text){r->name, r->name_n})) {
		end_component(r);
	} else if (text_eq_nocase(name, text_of("VCALENDAR"))) {
		spoil(r, "the component is not ended");
		r->name_n = 0;
		r->ended = true;
	} else {
		spoil(r, "an END that has no BEGIN");
	}
}

static void component_line(struct ics_reader *r, struct text line)
{
	gather(r, line);
	if (line.n >= 6 && text_eq_nocase(text_sub(line, 0, 6), text_of("BEGIN:"))) {
		struct text name = text_trim(text_sub(line, 6, line.n));

		/* The same component again at its own level: the one before was never ended. */
		if (r->depth == 0 && text_eq_nocase(name, (struct text){r->name, r->name_n})) {
			spoil(r, "the component is not ended");
			begin_component(r, name);
			gather(r, line);
			return;
		}
		push_inner(r, name);
	}
	if (line.n >= 4 && text_eq_nocase(text_sub(line, 0, 4), text_of("END:")))
		end_name(r, text_trim(text_sub(line, 4, line.n)));
}

/* A line of the calendar itself, or before it. */
static void outer_line(struct ics_reader *r, struct text line)
{
	struct text head = text_sub(line, 0, 6), name = text_trim(text_sub(line, 6, line.n));

	if (text_eq_nocase(head, text_of("BEGIN:"))) {
		if (text_eq_nocase(name, text_of("VCALENDAR"))) {
			r->begun = true;
			r->ended = false;
		} else if (r->begun && name.n > 0) {
			begin_component(r, name);
			gather(r, line);
		}
		return;
	}
	if (text_eq_nocase(text_trim(line), text_of("END:VCALENDAR")))
		r->ended = true;
	r->version = r->version || text_eq_nocase(text_trim(line), text_of("VERSION:2.0"));
	r->prodid = r->prodid || text_eq_nocase(text_sub(line, 0, 6), text_of("PRODID"));
	if (!r->begun && !r->outside) {
		r->outside = true;
		r->handler.bad(r->handler.context, r->line_at,
			       "the line stands before BEGIN:VCALENDAR");
	}
}

static void take_line(struct ics_reader *r)
{
	struct text line = {r->line.p, r->line.n};

	r->line.n = 0;
	if (text_trim(line).n == 0)
		return;
	if (in_component(r))
		component_line(r, line);
	else
		outer_line(r, line);
}

/* A line of the file has ended: one that begins with a blank goes on with the content line before. */
static void raw_line_ends(struct ics_reader *r)
{
	struct text raw = {r->raw.p, r->raw.n};

	if (r->raw_line == 1 && text_starts(raw, "\xef\xbb\xbf"))
		raw = text_sub(raw, 3, raw.n);
	if (raw.n == 0 && r->begun && !r->ended && !r->blank) {
		r->blank = true;
		r->handler.odd(r->handler.context, r->raw_line, "a blank line inside the calendar");
	}
	if (raw.n > 0 && (raw.p[0] == ' ' || raw.p[0] == '\t') && r->line.n > 0) {
		raw = text_sub(raw, 1, raw.n);
	} else {
		take_line(r);
		r->line_at = r->raw_line;
	}
	if (!put(r->arena, &r->line, raw, ICS_LINE_MAX) && in_component(r))
		spoil(r, "a line is too long");
	r->raw.n = 0;
	r->raw_line++;
}

enum rc ics_push(struct ics_reader *r, const char *p, size_t n, struct err *err)
{
	for (size_t i = 0; i < n;) {
		size_t end = i;

		while (end < n && p[end] != '\n' && p[end] != '\r')
			end++;
		if (r->after_cr && end == i && p[i] == '\n') {
			r->after_cr = false;
			i++;
			continue;
		}
		r->after_cr = false;
		if (!put(r->arena, &r->raw, (struct text){p + i, end - i}, ICS_LINE_MAX)) {
			err_at(err, (struct text){"", 0}, r->raw_line, 0);
			return err_set(err, RC_LIMIT, "a line is longer than %d bytes",
				       ICS_LINE_MAX);
		}
		if (end == n)
			return RC_OK;
		r->after_cr = p[end] == '\r';
		raw_line_ends(r);
		i = end + 1;
	}
	return RC_OK;
}

enum rc ics_close(struct ics_reader *r, struct err *err)
{
	if (r->raw.n > 0)
		raw_line_ends(r);
	take_line(r);
	if (!r->begun)
		return err_set(err, RC_INVALID, "no BEGIN:VCALENDAR in the file");
	if (in_component(r)) {
		spoil(r, "the component is not ended");
		r->name_n = 0;
	}
	if (!r->version || !r->prodid)
		r->handler.odd(r->handler.context, 0,
			       !r->version ? "the calendar does not say VERSION:2.0"
					   : "the calendar has no PRODID");
	if (!r->ended) {
		err_hint(err, "the file seems to be cut off");
		return err_set(err, RC_INVALID, "END:VCALENDAR is missing");
	}
	return RC_OK;
}

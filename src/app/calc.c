/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calc.h"

#include "app/calc_kinds.h"
#include "app/calc_read.h"
#include "time/paused.h"

#include <assert.h>

enum { SEGMENTS_DEFAULT = 10, SEGMENTS_MAX = 1000, MONEY_KINDS_MAX = 64 };

/* Longer than the years 1 to 9999, in seconds: more cannot be asked for. */
#define SECONDS_MAX INT64_C(400000000000)

enum {
	K_CALENDAR = 1,
	K_START = 2,
	K_END = 4,
	K_DURATION = 8,
	K_PAUSES = 16,
	K_DAYS = 32,
	K_AT_CLOSING = 64,
	K_COUNT = 128,
	K_STATES = 256
};

/* The keys that ask, each with the bit by which a kind allows it. Keys without a bit describe and are ignored. */
static const struct {
	struct text name;
	unsigned bit;
} keys[] = {
	{{"id", 2}, ~0U},
	{{"kind", 4}, ~0U},
	{{"source", 6}, ~0U},
	{{"note", 4}, ~0U},
	{{"title", 5}, ~0U},
	{{"topic", 5}, ~0U},
	{{"check", 5}, ~0U},
	{{"status", 6}, ~0U},
	{{"convention", 10}, ~0U},
	{{"alt_next_opening", 16}, ~0U},
	{{"expect", 6}, ~0U},
	{{"exact", 5}, ~0U},
	{{"calendar", 8}, K_CALENDAR | K_STATES},
	{{"start", 5}, K_START},
	{{"end", 3}, K_END},
	{{"duration_s", 10}, K_DURATION},
	{{"pauses", 6}, K_PAUSES},
	{{"days", 4}, K_DAYS},
	{{"at_closing", 10}, K_AT_CLOSING},
	{{"count", 5}, K_COUNT},
	{{"window", 6}, K_STATES},
	{{"states", 6}, K_STATES},
	{{"downtimes", 9}, K_STATES},
	{{"current_state", 13}, K_STATES},
	{{"rule", 4}, K_STATES},
};

/* A case, read. */
struct question {
	const struct calendar *calendar;
	instant start, end;
	int64_t duration_ms, days, count;
	struct spans pauses;
	enum at_closing at;
	const struct calc_reader *r;
};

typedef bool (*answer)(const struct question *q, struct buf *out);

static void put_instant(struct buf *out, const char *key, instant t)
{
	buf_char(out, '"');
	buf_str(out, key);
	buf_str(out, "\":\"");
	instant_print(out, t);
	buf_char(out, '"');
}

static bool put_if(bool found, const char *key, const instant *t, struct buf *out)
{
	if (found)
		put_instant(out, key, *t);
	return found;
}

static void put_seconds(struct buf *out, int64_t ms)
{
	assert(ms % SECOND_MS == 0);
	buf_str(out, "\"elapsed_s\":");
	buf_i64(out, ms / SECOND_MS);
}

static bool answer_deadline(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_deadline(q->calendar, q->start, q->duration_ms, q->at, &t),
		      "deadline", &t, out);
}

static bool answer_before(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_before(q->calendar, q->start, q->duration_ms, &t), "deadline", &t,
		      out);
}

static bool answer_elapsed(const struct question *q, struct buf *out)
{
	put_seconds(out, calendar_elapsed_ms(q->calendar, q->start, q->end));
	return true;
}

static bool answer_elapsed_paused(const struct question *q, struct buf *out)
{
	put_seconds(out, calendar_elapsed_paused_ms(q->calendar, q->start, q->end, q->pauses));
	return true;
}

static bool answer_deadline_paused(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_deadline_paused(q->calendar, q->start, q->duration_ms, q->pauses,
					       q->at, &t),
		      "deadline", &t, out);
}

static bool answer_next_open(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_next_open(q->calendar, q->start, &t), "at", &t, out);
}

static bool answer_prev_open(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_prev_open(q->calendar, q->start, &t), "at", &t, out);
}

/* Looks further and further ahead until enough intervals are whole. */
static bool answer_segments(const struct question *q, struct buf *out)
{
	struct spans s = {NULL, 0};
	size_t count = (size_t)q->count;

	for (int64_t ms = 64 * DAY_MS;; ms *= 4) {
		instant to = ms < INSTANT_MAX - q->start ? q->start + ms : INSTANT_MAX;

		s = calendar_spans(q->r->a, q->calendar, q->start, to);
		if (s.n > count || to == INSTANT_MAX)
			break;
	}
	buf_str(out, "\"segments\":[");
	for (size_t i = 0; i < s.n && i < count; i++) {
		buf_str(out, i == 0 ? "[\"" : ",[\"");
		instant_print(out, s.v[i].from);
		buf_str(out, "\",\"");
		instant_print(out, s.v[i].to);
		buf_str(out, "\"]");
	}
	buf_char(out, ']');
	return true;
}

static bool answer_same_time(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_workday_glpi(q->calendar, q->start, q->days, &t), "deadline", &t,
		      out);
}

static bool answer_end_of_day(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_workday_glpi_closing(q->calendar, q->start, q->days, &t), "deadline",
		      &t, out);
}

static bool answer_then_forward(const struct question *q, struct buf *out)
{
	instant t = 0;

	return put_if(calendar_workday_forward(q->calendar, q->start, q->days, &t), "deadline", &t,
		      out);
}

/* The kinds. Those without an answer function are about states, not about a calendar. */
static const struct kind {
	struct text name;
	unsigned needs, allows;
	answer answer;
} kinds[] = {
	{{"deadline", 8}, K_CALENDAR | K_START | K_DURATION, K_AT_CLOSING, answer_deadline},
	{{"deadline_before", 15}, K_CALENDAR | K_START | K_DURATION, 0, answer_before},
	{{"deadline_paused", 15},
	 K_CALENDAR | K_START | K_DURATION | K_PAUSES,
	 K_AT_CLOSING,
	 answer_deadline_paused},
	{{"elapsed", 7}, K_CALENDAR | K_START | K_END, 0, answer_elapsed},
	{{"elapsed_paused", 14}, K_CALENDAR | K_START | K_END | K_PAUSES, 0, answer_elapsed_paused},
	{{"next_open", 9}, K_CALENDAR | K_START, 0, answer_next_open},
	{{"prev_open", 9}, K_CALENDAR | K_START, 0, answer_prev_open},
	{{"next_open_segments", 18}, K_CALENDAR | K_START, K_COUNT, answer_segments},
	{{"working_days_same_time", 22}, K_CALENDAR | K_START | K_DAYS, 0, answer_same_time},
	{{"working_days_end_of_day", 23}, K_CALENDAR | K_START | K_DAYS, 0, answer_end_of_day},
	{{"days_same_time_then_forward", 27},
	 K_CALENDAR | K_START | K_DAYS,
	 0,
	 answer_then_forward},
	{{"availability_states", 19}, K_STATES, 0, NULL},
};

/* A calendar kind of that name, or NULL. */
static const struct kind *find_kind(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (text_eq(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static enum rc unknown_kind(const struct calc_reader *r, struct text name)
{
	struct text words[ARRAY_SIZE(kinds) + MONEY_KINDS_MAX], nearest;
	size_t n = 0;

	for (; n < ARRAY_SIZE(kinds); n++)
		words[n] = kinds[n].name;
	n += calc_money_names(words + n, MONEY_KINDS_MAX);
	nearest = text_nearest(name, words, n);
	err_code(r->err, "calc.kind");
	err_key(r->err, text_of("kind"));
	if (nearest.n > 0)
		err_hint(r->err, "did you mean \"%.*s\"?", TEXT_ARG(nearest));
	return err_set(r->err, RC_INVALID, "unknown kind \"%.*s\"",
		       TEXT_ARG(text_sub(name, 0, 60)));
}

/* Every key must be known, and none may belong to other kinds only. */
static enum rc check_keys(const struct calc_reader *r, const struct kind *kind)
{
	struct text words[ARRAY_SIZE(keys)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].bit & (kind->needs | kind->allows))
			words[n++] = keys[i].name;
	return calc_known_keys(r, r->item,
			       text_format(r->a, "a case of kind %.*s", TEXT_ARG(kind->name)).p,
			       words, n);
}

/* Keys that describe a case, and those that the row of a billing kind lists. */
static enum rc check_money_keys(const struct calc_reader *r, const struct calc_kind *kind)
{
	struct text rest = text_of(kind->keys), word, words[64];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].bit == ~0U)
			words[n++] = keys[i].name;
	while (rest.n > 0) {
		rest = text_cut(rest, ' ', &word);
		assert(n < ARRAY_SIZE(words));
		words[n++] = word;
	}
	return calc_known_keys(r, r->item, text_format(r->a, "a case of kind %s", kind->name).p,
			       words, n);
}

static enum rc read_at_closing(const struct calc_reader *r, enum at_closing *out)
{
	struct text t = {"", 0};

	if (json_object_get(r->item, "at_closing") == NULL)
		return RC_OK;

	enum rc rc = calc_text(r, "at_closing", &t);

	if (rc != RC_OK)
		return rc;
	if (!text_is(t, "close") && !text_is(t, "next_open"))
		return calc_wrong(r, "at_closing", "\"close\" or \"next_open\"");
	*out = text_is(t, "close") ? AT_CLOSING_CLOSE : AT_CLOSING_NEXT_OPEN;
	return RC_OK;
}

/* As many intervals as "count" asks for, or as a vector lists in what it expects. */
static enum rc read_count(const struct calc_reader *r, int64_t *out)
{
	size_t listed =
		json_array_size(json_object_get(json_object_get(r->item, "expect"), "segments"));

	if (json_object_get(r->item, "count") != NULL)
		return calc_int(r, "count", 1, SEGMENTS_MAX, out);
	*out = listed > 0 && listed <= SEGMENTS_MAX ? (int64_t)listed : SEGMENTS_DEFAULT;
	return RC_OK;
}

static enum rc read_question(const struct calc_reader *r, const struct kind *kind,
			     struct question *q)
{
	int64_t seconds = 0;
	enum rc rc = calc_calendar(r, "calendar", &q->calendar);

	q->r = r;
	if (rc == RC_OK)
		rc = calc_instant(r, "start", &q->start);
	if (rc == RC_OK && (kind->needs & K_END))
		rc = calc_instant(r, "end", &q->end);
	if (rc == RC_OK && (kind->needs & K_DURATION))
		rc = calc_int(r, "duration_s", 0, SECONDS_MAX, &seconds);
	if (rc == RC_OK && (kind->needs & K_PAUSES))
		rc = calc_pauses(r, "pauses", &q->pauses);
	if (rc == RC_OK && (kind->needs & K_DAYS))
		rc = calc_int(r, "days", -10000000, 10000000, &q->days);
	if (rc == RC_OK && (kind->allows & K_AT_CLOSING))
		rc = read_at_closing(r, &q->at);
	if (rc == RC_OK && (kind->allows & K_COUNT))
		rc = read_count(r, &q->count);
	q->duration_ms = seconds * SECOND_MS;
	return rc;
}

static enum rc answer_question(const struct calc_reader *r, const struct kind *kind,
			       struct buf *out)
{
	struct question q = {0};
	enum rc rc = read_question(r, kind, &q);

	if (rc != RC_OK)
		return rc;
	if (!kind->answer(&q, out))
		return err_set(r->err, RC_INVALID,
			       "the calendar has no such instant within the years 1 to 9999");
	return RC_OK;
}

/*
 * Availability from a list of state changes: 0 is good, 99 unknown, everything else a problem; "prev" is the state before a
 * change. Integers on one line of time.
 */
enum { STATE_GOOD = 0, STATE_UNKNOWN = 99 };

struct change {
	int64_t t, state, prev;
};

struct history {
	int64_t from, to;
	const struct change *v;
	size_t n;
	struct spans planned;
	int64_t current; /* STATE_GOOD if nobody knows */
};

static bool number(const json_t *v, int64_t *out)
{
	*out = json_integer_value(v);
	return json_is_integer(v) && *out >= -SECONDS_MAX && *out <= SECONDS_MAX;
}

static enum rc read_changes(const struct calc_reader *r, struct history *h)
{
	static const struct text words[] = {{"t", 1}, {"state", 5}, {"prev", 4}};
	const json_t *list = json_object_get(r->item, "states");
	struct change *v = arena_array(r->a, struct change, json_array_size(list));

	h->v = v;
	h->n = json_array_size(list);
	if (!json_is_array(list))
		return calc_wrong(r, "states", "a list of {\"t\", \"state\", \"prev\"}");
	for (size_t i = 0; i < h->n; i++) {
		const json_t *o = json_array_get(list, i);

		if (!json_is_object(o) || !number(json_object_get(o, "t"), &v[i].t) ||
		    !number(json_object_get(o, "state"), &v[i].state) ||
		    !number(json_object_get(o, "prev"), &v[i].prev) ||
		    (i > 0 && v[i].t < v[i - 1].t))
			return calc_wrong(
				r, "states",
				"a list of {\"t\", \"state\", \"prev\"}, integers in order of t");

		enum rc rc = calc_known_keys(r, o, "states", words, ARRAY_SIZE(words));

		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static bool read_pair(const json_t *pair, struct span *out)
{
	return json_is_array(pair) && json_array_size(pair) == 2 &&
	       number(json_array_get(pair, 0), &out->from) &&
	       number(json_array_get(pair, 1), &out->to);
}

static enum rc read_history(const struct calc_reader *r, struct history *h)
{
	const json_t *list = json_object_get(r->item, "downtimes"),
		     *current = json_object_get(r->item, "current_state");
	size_t n = json_array_size(list);
	struct span window, *v = arena_array(r->a, struct span, n);

	if (!read_pair(json_object_get(r->item, "window"), &window) || window.from >= window.to)
		return calc_wrong(r, "window", "[from, to], integers, to after from");
	h->from = window.from;
	h->to = window.to;
	if (!json_is_array(list))
		return calc_wrong(r, "downtimes", "a list of [from, to]");
	for (size_t i = 0; i < n; i++)
		if (!read_pair(json_array_get(list, i), &v[i]))
			return calc_wrong(r, "downtimes", "a list of [from, to], integers");
	h->planned = spans_union(r->a, v, n);
	h->current = STATE_GOOD;
	if (current != NULL && !json_is_null(current) && !number(current, &h->current))
		return calc_wrong(r, "current_state", "an integer or null");
	return read_changes(r, h);
}

/* The state at the beginning of the window; *next is the first change after it. */
static int64_t first_state(const struct history *h, size_t *next)
{
	size_t i = 0;

	while (i < h->n && h->v[i].t <= h->from)
		i++;
	*next = i;
	if (i > 0)
		return h->v[i - 1].state;
	return i < h->n ? h->v[i].prev : h->current;
}

static enum rc answer_states(const struct calc_reader *r, struct buf *out)
{
	struct history h = {0};
	enum rc rc = read_history(r, &h);

	if (rc != RC_OK)
		return rc;

	size_t i, n = 0;
	int64_t state = first_state(&h, &i), known = h.to - h.from;
	struct span *problem = arena_array(r->a, struct span, h.n + 1);

	for (int64_t from = h.from; from < h.to; i++) {
		bool last = i == h.n || h.v[i].t >= h.to;
		int64_t to = last ? h.to : h.v[i].t;

		if (!last && h.v[i].prev == STATE_UNKNOWN)
			known -= to - from;
		else if (state != STATE_GOOD && state != STATE_UNKNOWN)
			problem[n++] = (struct span){from, to};
		if (last)
			break;
		state = h.v[i].state;
		from = to;
	}
	if (known == 0)
		return err_set(r->err, RC_INVALID, "nothing is known of any part of the window");

	/* Exact until this one rounding, half up to four decimals; printed with at least one. */
	int64_t bad = spans_length_ms(spans_minus(r->a, spans_union(r->a, problem, n), h.planned));
	i128 scaled = (i128)(known - bad) * 1000000;
	int64_t parts = (int64_t)((2 * scaled + known) / (2 * (i128)known)),
		decimals = parts % 10000;
	unsigned width = 4;

	for (; width > 1 && decimals % 10 == 0; width--)
		decimals /= 10;
	buf_str(out, "\"ok_percent\":");
	buf_i64(out, parts / 10000);
	buf_char(out, '.');
	buf_i64_pad(out, decimals, width);
	return RC_OK;
}

static int add_bytes(const char *p, size_t n, void *out)
{
	buf_add(out, p, n);
	return 0;
}

/* The answer to a billing case, as an object. */
static enum rc answer_money(const struct calc_reader *r, const struct calc_kind *kind,
			    struct buf *out)
{
	struct json j;
	enum rc rc = check_money_keys(r, kind);

	if (rc != RC_OK)
		return rc;
	json_init(&j, out, false);
	json_open_object(&j);
	rc = kind->answer(r, &j);
	if (rc == RC_OK)
		json_end_object(&j);
	return rc;
}

/* The answer to a case about a calendar, as an object. */
static enum rc answer_time(const struct calc_reader *r, const struct kind *kind, struct buf *out)
{
	enum rc rc = check_keys(r, kind);

	if (rc != RC_OK)
		return rc;
	buf_char(out, '{');
	rc = kind->answer != NULL ? answer_question(r, kind, out) : answer_states(r, out);
	buf_char(out, '}');
	return rc;
}

static enum rc answer_item(const struct calc_reader *r, struct buf *out)
{
	struct text name = {"", 0};
	enum rc rc = calc_text(r, "kind", &name);

	if (rc != RC_OK)
		return rc;

	const struct kind *kind = find_kind(name);
	const struct calc_kind *money = calc_money_kind(name);

	if (kind != NULL)
		return answer_time(r, kind, out);
	return money != NULL ? answer_money(r, money, out) : unknown_kind(r, name);
}

static enum rc calc_item(const struct calc_reader *r, struct buf *out)
{
	struct text id = {"", 0};
	enum rc rc = calc_text(r, "id", &id);

	if (rc != RC_OK)
		return rc;

	/* The answer is made apart, so that nothing half-written is left on failure. */
	struct buf expect;

	buf_init(&expect, out->max);
	rc = answer_item(r, &expect);
	if (rc == RC_OK) {
		buf_str(out, "{\"id\":");
		if (json_dump_callback(json_object_get(r->item, "id"), add_bytes, out,
				       JSON_ENCODE_ANY) != 0)
			out->full = true;
		buf_str(out, ",\"expect\":");
		buf_text(out, buf_view(&expect));
		buf_char(out, '}');
		out->full = out->full || expect.full;
	}
	buf_free(&expect);
	return rc;
}

enum rc calc_line(struct arena *a, const struct zone_source *zones, struct text json_line,
		  struct buf *out, struct err *err)
{
	json_error_t why;
	json_t *item = json_loadb(json_line.p, json_line.n, JSON_REJECT_DUPLICATES, &why);
	struct calc_reader r = {a, zones, item, err};
	enum rc rc;

	if (item == NULL) {
		err_code(err, "json.syntax");
		return err_set(err, RC_INVALID, "no JSON at byte %d: %s", why.position, why.text);
	}
	if (json_is_object(item)) {
		rc = calc_item(&r, out);
	} else {
		err_hint(err, "write one case a line: {\"id\": ..., \"kind\": ..., ...}");
		rc = err_set(err, RC_INVALID, "a case is not a JSON object");
	}
	json_decref(item);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What can be explained, and clocks at risk. */
#include "render/explain.h"

#include "outcome.h"
#include "render/atrisk.h"

#include <jansson.h>

static const struct statement_options options = {.language = NULL};

/* Each id of the list, and something that only its explanation says. */
static const struct {
	const char *what, *says;
} things[] = {
	{"1", "T-118, P1, Resolution: late by 33 min"},
	{"3", "Credit c1: 22.50 USD = 5 % × 450.00"},
	{"5", "1 ticket withdrawn by the client"},
	{"6", "Recorded more than 72 hours after it occurred."},
	{"metric resolution", "Resolution, March 2026: 2 cases"},
	{"metric uptime", "Terms of sla.metrics.uptime, as the contract writes them"},
	{"window uptime 2026-03", "The server is up 99.5% of a month."},
	{"ticket T-118", "ticket.waiting_client"},
	{"T-118", "All its facts"},
	{"outage 9", "sla.md R44-R49"},
	{"excuse 2", "announced 22 h before, 48 h needed"},
	{"credit c1", "sla.md R57-R63, R67"},
	{"c1", "half up, once, on the month's total 22.50 USD"},
	{"base 2026-03", "Server care"},
	{"cap month", "10 % of 450.00 (the month) = 45.00"},
	{"right thrice", "Uptime missed in 2 of 3 windows: March 2026"},
	{"deadline 1", "use the right thrice"},
};

static const struct {
	const char *what, *hint;
} unknown[] = {
	{"ticket T-119", "did you mean \"ticket T-118\"?"},
	{"metric uptme", "did you mean \"metric uptime\"?"},
	{"metric banana", "--list names all that there is"},
	{"99", "--list names all that there is"},
	{"", "--list names all that there is"},
};

static void explain_all(struct arena *a, const struct outcome *o, struct buf *b)
{
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(things); i++) {
		struct doc *d = NULL;

		err_clear(&err);
		buf_clear(b);
		if (explain_doc(a, o, &options, text_of(things[i].what), &d, &err) == RC_OK)
			doc_text(d, &(struct text_style){.width = 120}, b);
		if (!ok(text_has(buf_view(b), text_of(things[i].says)), "\"%s\" says: %s",
			things[i].what, things[i].says))
			note("%s; got %.*s", err.message, TEXT_ARG(buf_view(b)));
	}
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		struct doc *d = NULL;

		err_clear(&err);
		enum rc rc = explain_doc(a, o, &options, text_of(unknown[i].what), &d, &err);

		ok(rc == RC_MISSING && d == NULL &&
			   text_has(text_of(err.hint), text_of(unknown[i].hint)),
		   "\"%s\" is nothing: %s", unknown[i].what, unknown[i].hint);
	}
}

/* Whatever the list names can be explained, in every form. */
static void list(struct arena *a, const struct outcome *o, struct buf *b)
{
	struct err err = {.line = 0};
	json_error_t error;

	buf_clear(b);
	ok(explain_json(a, o, &options, text_of(""), b, &err) == RC_OK, "the list as JSON");
	json_t *root = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error), *item;
	size_t i, n = json_array_size(json_object_get(root, "items"));

	ok(n == 21, "names 21 things (%zu)", n);
	json_array_foreach(json_object_get(root, "items"), i, item)
	{
		struct text what = text_of(json_string_value(json_object_get(item, "what")));
		struct doc *d = NULL;

		ok(explain_doc(a, o, &options, what, &d, &err) == RC_OK, "%.*s: as a document",
		   TEXT_ARG(what));
		buf_clear(b);
		ok(explain_json(a, o, &options, what, b, &err) == RC_OK, "%.*s: as JSON",
		   TEXT_ARG(what));
		json_t *one = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error);

		ok(one != NULL && json_object_size(one) >= 4, "%.*s: which can be read",
		   TEXT_ARG(what));
		json_decref(one);
	}
	json_decref(root);
	buf_clear(b);
	doc_text(explain_list(a, o, &options), &(struct text_style){.width = 100}, b);
	ok(text_has(buf_view(b), text_of("  excuse 2  scheduled maintenance Tue 24 Mar 14:00-16:00 "
					 "EDT not excused")),
	   "the list has a line for each");
}

static const char atrisk_text[] =
	"What needs attention                                                        HL-1\n"
	"Quay IT Ltd for Lantern & Co                                      Harbour office\n"
	"as of 2 Apr 2026 09:00 EDT\n"
	"\n"
	"  CLOCKS THAT HAVE NOT STOPPED\n"
	"  ticket  priority  promise     state     left   of  due\n"
	"  T-118   P1        Resolution  late    −1 min  8 h  Wed 11 Mar 10:07 EDT\n"
	"  T-<9>   P2        Resolution  paused     2 h  8 h\n"
	"\n"
	"  ERROR BUDGETS OF RUNNING WINDOWS\n"
	"  promise  window      target          allowed       spent  state\n"
	"  Uptime   March 2026  99.5 %  3 h 42 min 36 s  4 h 10 min  lost\n"
	"\n"
	"  times shown in America/New_York\n";

static void at_risk(struct arena *a, struct buf *b)
{
	struct outcome *o = fixture_outcome(a);
	json_error_t error;

	o->clocks[0].state = CLOCK_BREACHED;
	o->clocks[0].stop = INSTANT_NONE;
	o->clocks[0].left_ms = -MINUTE_MS;
	o->clocks[1].state = CLOCK_PAUSED;
	o->clocks[1].stop = o->clocks[1].deadline = INSTANT_NONE;
	o->clocks[1].goal_ms = 8 * HOUR_MS;
	o->clocks[1].left_ms = 2 * HOUR_MS;
	o->windows[2].running = true;
	o->n_deadlines = 0;
	buf_clear(b);
	doc_text(atrisk_doc(a, o, &options), &(struct text_style){.width = 80}, b);
	is_text(buf_view(b), atrisk_text, "late first, then paused; budgets below");
	buf_clear(b);
	atrisk_json(a, o, &options, b);
	json_t *root = json_loadb(b->p, b->n, JSON_REJECT_DUPLICATES, &error);

	ok(root != NULL && json_array_size(json_object_get(root, "clocks")) == 2 &&
		   json_array_size(json_object_get(root, "budgets")) == 1,
	   "the same as JSON");
	json_decref(root);
	o->n_clocks = 0;
	buf_clear(b);
	doc_text(atrisk_doc(a, o, &options), &(struct text_style){.width = 80}, b);
	ok(text_has(buf_view(b), text_of("No clock is open.")), "nothing open is said");
}

int main(void)
{
	struct arena *a = arena_new((size_t)512 << 20);
	struct outcome *o = fixture_outcome(a);
	struct buf b;

	buf_init(&b, (size_t)16 << 20);
	if (!ok(o != NULL, "the contract of the test is valid"))
		return tap_done();
	explain_all(a, o, &b);
	list(a, o, &b);
	at_risk(a, &b);
	buf_free(&b);
	arena_free(a);
	return tap_done();
}

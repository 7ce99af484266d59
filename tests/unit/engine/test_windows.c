/* SPDX-License-Identifier: Apache-2.0 */
/* Which windows there are, what they are called, and which version and part of the term each follows (sla.md R20, R43). */
#include "engine/windows.h"

#include "engine_fixture.h"

#define METRIC(window, more)                                                                       \
	"  priorities: [{id: P1, name: high}]\n"                                                   \
	"  metrics: [{id: m, kind: elapsed, start: ticket.logged, stop: ticket.restored, "         \
	"targets: "                                                                                \
	"[{id: t, within: 4h}], window: " window more "}]\n"

static const struct {
	const char *at;
	enum window_kind kind;
	const char *from, *to, *label;
	int64_t hours;
} spans[] = {
	{"2026-03-31 23:59:59.999", WINDOW_CALENDAR_MONTH, "2026-03-01 00:00", "2026-04-01 00:00",
	 "2026-03", 743},
	{"2026-04-01 00:00", WINDOW_CALENDAR_MONTH, "2026-04-01 00:00", "2026-05-01 00:00",
	 "2026-04", 720},
	{"2026-11-15 12:00", WINDOW_UNSAID, "2026-11-01 00:00", "2026-12-01 00:00", "2026-11", 721},
	{"2026-02-03 12:00", WINDOW_CALENDAR_QUARTER, "2026-01-01 00:00", "2026-04-01 00:00",
	 "2026-Q1", 90 * 24 - 1},
	{"2026-12-31 12:00", WINDOW_CALENDAR_QUARTER, "2026-10-01 00:00", "2027-01-01 00:00",
	 "2026-Q4", 92 * 24 + 1},
	{"2026-07-04 12:00", WINDOW_CALENDAR_YEAR, "2026-01-01 00:00", "2027-01-01 00:00", "2026",
	 8760},
	{"2026-03-10 12:00", WINDOW_ROLLING_30D, "2026-03-02 00:00", "2026-04-01 00:00",
	 "30d to 2026-03-31", 719},
	{"2026-02-10 12:00", WINDOW_ROLLING_90D, "2025-12-01 00:00", "2026-03-01 00:00",
	 "90d to 2026-02-28", 2160},
	{"2026-02-10 12:00", WINDOW_ROLLING_12MO, "2025-03-01 00:00", "2026-03-01 00:00",
	 "12mo to 2026-02-28", 8760},
};

static void which_span(void)
{
	struct engine *e = engine_new();
	const struct promise *p = engine_terms(e, "2026-01-01", METRIC("calendar_month", ""));

	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		struct span s = window_at(p, spans[i].kind, engine_time(e, spans[i].at));
		char label[24];

		(void)is_instant(s.from, engine_time(e, spans[i].from), spans[i].label);
		(void)is_instant(s.to, engine_time(e, spans[i].to), spans[i].label);
		(void)is_i64(s.to - s.from, spans[i].hours * HOUR_MS, "%s: hours", spans[i].label);
		window_label(p, spans[i].kind, s, label);
		(void)is_text(text_of(label), spans[i].label, "label");

		bool calendar =
			spans[i].kind <= WINDOW_CALENDAR_YEAR || spans[i].kind == WINDOW_UNSAID;
		struct span back = {0, 0};

		(void)ok(window_of_label(p, text_of(label), &back) == calendar,
			 "%s: a label that a report may name", label);
		(void)ok(!calendar || (back.from == s.from && back.to == s.to),
			 "%s: means the same span", label);
	}
	engine_free(e);
}

static void labels_refused(void)
{
	static const char *const wrong[] = {"",      "2026-13", "2026-Q0", "2026-Q5", "2026-q1",
					    "26-03", "2026-3",  "20260",   "March",   "1969"};
	struct engine *e = engine_new();
	const struct promise *p = engine_terms(e, "2026-01-01", METRIC("calendar_month", ""));
	struct span s;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		(void)ok(!window_of_label(p, text_of(wrong[i]), &s), "no label: '%s'", wrong[i]);
	engine_free(e);
}

struct row {
	const char *label, *from, *to; /* the judged part */
	enum not_judged why;
	bool running;
	int version;
};

static void check_windows(struct engine *e, const char *as_of, const char *from, const char *to,
			  const struct row *rows, size_t n, const char *name)
{
	struct evaluation in = engine_input(e, as_of, from, to);
	struct view *v = view_make(e->arena, e->facts, in.as_of, in.known_as_of);
	struct metric_keys keys = metric_keys_make(e->arena, e->versions, e->n_versions);
	struct window_result *w = NULL;
	size_t got = windows_make(e->arena, &in, v, &keys, &w);

	if (!is_i64((int64_t)got, (int64_t)n, "%s: number of windows", name))
		for (size_t i = 0; i < got; i++)
			note("%s", w[i].label);
	for (size_t i = 0; i < got && i < n; i++) {
		(void)is_text(text_of(w[i].label), rows[i].label, "%s: label", name);
		(void)is_instant(w[i].judged.from, engine_time(e, rows[i].from), name);
		(void)is_instant(w[i].judged.to, engine_time(e, rows[i].to), name);
		(void)is_i64(w[i].why_not, rows[i].why, "%s: %s: why not", name, rows[i].label);
		(void)is_i64(w[i].running, rows[i].running, "%s: %s: running", name, rows[i].label);
		(void)is_i64(w[i].version, rows[i].version, "%s: %s: version", name, rows[i].label);
	}
}

/* Service from 16 April: the first window is partial. */
static void partial(void)
{
	static const struct {
		const char *more;
		struct row april;
	} cases[] = {
		{"", {"2026-04", "2026-04-16 00:00", "2026-05-01 00:00", JUDGED, false, 0}},
		{", partial_window: prorate",
		 {"2026-04", "2026-04-16 00:00", "2026-05-01 00:00", JUDGED, false, 0}},
		{", partial_window: exclude",
		 {"2026-04", "2026-04-16 00:00", "2026-05-01 00:00", NJ_PARTIAL, false, 0}},
		{", partial_window: full",
		 {"2026-04", "2026-04-01 00:00", "2026-05-01 00:00", JUDGED, false, 0}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();
		struct row rows[] = {
			{"2026-03", "2026-03-01 00:00", "2026-03-01 00:00", NJ_OUTSIDE_TERM, false,
			 0},
			cases[i].april,
			{"2026-05", "2026-05-01 00:00", "2026-06-01 00:00", JUDGED, true, 0},
			{"2026-06", "2026-06-01 00:00", "2026-07-01 00:00", NJ_RUNNING, true, 0},
		};
		const char *sla =
			text_format(e->arena,
				    "  priorities: [{id: P1, name: high}]\n  metrics: "
				    "[{id: m, kind: elapsed, start: ticket.logged, stop: "
				    "ticket.restored, targets: [{id: t, within: 4h}]%s}]\n",
				    cases[i].more)
				.p;

		(void)engine_terms(e, "2026-04-16", sla);
		check_windows(e, "2026-05-20 12:00", "2026-03-01 00:00", "2026-07-01 00:00", rows,
			      ARRAY_SIZE(rows), cases[i].more);
		engine_free(e);
	}
}

static void first_full_month(void)
{
	static const struct row rows[] = {
		{"2026-04", "2026-04-16 00:00", "2026-05-01 00:00", NJ_BEFORE_APPLIES, false, 0},
		{"2026-05", "2026-05-01 00:00", "2026-06-01 00:00", JUDGED, false, 0},
	};
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-04-16",
			   "  applies_from: first_full_month\n" METRIC("calendar_month", ""));
	check_windows(e, "2026-06-01 00:00", "2026-04-01 00:00", "2026-06-01 00:00", rows, 2,
		      "first full month");
	engine_free(e);
}

/* The first fact is in February: there is nothing to judge in January. */
static void from_the_first_fact(void)
{
	static const struct row rows[] = {
		{"2026-02", "2026-02-01 00:00", "2026-03-01 00:00", JUDGED, false, 0},
		{"2026-03", "2026-03-01 00:00", "2026-04-01 00:00", JUDGED, false, 0},
		{"2026-04", "2026-04-01 00:00", "2026-05-01 00:00", JUDGED, true, 0},
	};
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-01-01", METRIC("calendar_month", ""));
	engine_facts(e, "2026-02-10 12:00 ticket.logged client ticket=T1\n");
	check_windows(e, "2026-04-05 00:00", "2026-03-01 00:00", "2026-04-01 00:00", rows, 3,
		      "from the first fact");
	engine_free(e);
}

/* A version in force from 10 April (R20). */
static void two_versions(void)
{
	static const struct row next[] = {
		{"2026-03", "2026-03-01 00:00", "2026-04-01 00:00", JUDGED, false, 0},
		{"2026-04", "2026-04-01 00:00", "2026-05-01 00:00", JUDGED, false, 0},
		{"2026-05", "2026-05-01 00:00", "2026-06-01 00:00", JUDGED, false, 1},
	};
	static const struct row split[] = {
		{"2026-03", "2026-03-01 00:00", "2026-04-01 00:00", JUDGED, false, 0},
		{"2026-04", "2026-04-01 00:00", "2026-04-10 00:00", JUDGED, false, 0},
		{"2026-04", "2026-04-10 00:00", "2026-05-01 00:00", JUDGED, false, 1},
		{"2026-05", "2026-05-01 00:00", "2026-06-01 00:00", JUDGED, false, 1},
	};
	/* A quarter that began before the change runs to its end; months begin after it. */
	static const struct row kinds[] = {
		{"2026-05", "2026-05-01 00:00", "2026-06-01 00:00", JUDGED, false, 1},
		{"2026-Q2", "2026-04-01 00:00", "2026-07-01 00:00", JUDGED, true, 0},
		{"2026-06", "2026-06-01 00:00", "2026-07-01 00:00", JUDGED, true, 1},
	};
	struct engine *e = engine_new();
	const char *months = METRIC("calendar_month", "");

	e->versions[0] = (struct version){
		engine_promise(e, "2026-01-01", months, "amendments: {windows: next}\n"),
		INSTANT_MIN};
	e->versions[1] = (struct version){engine_promise(e, "2026-01-01", months, ""),
					  engine_time(e, "2026-04-10 00:00")};
	e->n_versions = 2;
	check_windows(e, "2026-06-01 00:00", "2026-03-01 00:00", "2026-06-01 00:00", next, 3,
		      "next");
	e->versions[0].promise =
		engine_promise(e, "2026-01-01", months, "amendments: {windows: split}\n");
	check_windows(e, "2026-06-01 00:00", "2026-03-01 00:00", "2026-06-01 00:00", split, 4,
		      "split");
	e->versions[0].promise =
		engine_promise(e, "2026-01-01", METRIC("calendar_quarter", ""), "");
	check_windows(e, "2026-06-15 00:00", "2026-05-01 00:00", "2026-06-01 00:00", kinds + 0, 3,
		      "other kind of window");
	engine_free(e);
}

/* At the end of the term nothing is promised any more; 36 months from 2026-01-01. */
static void at_the_end(void)
{
	static const struct row rows[] = {
		{"2028-12", "2028-12-01 00:00", "2029-01-01 00:00", JUDGED, false, 0},
		{"2029-01", "2029-01-01 00:00", "2029-01-01 00:00", NJ_OUTSIDE_TERM, false, 0},
	};
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-01-01", METRIC("calendar_month", ""));
	check_windows(e, "2029-05-05 00:00", "2028-12-01 00:00", "2029-02-01 00:00", rows, 2,
		      "the end of the term");
	engine_free(e);
}

int main(void)
{
	which_span();
	labels_refused();
	partial();
	first_full_month();
	from_the_first_fact();
	two_versions();
	at_the_end();
	return tap_done();
}

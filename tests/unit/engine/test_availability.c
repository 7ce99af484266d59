/* SPDX-License-Identifier: Apache-2.0 */
/* Values of availability: the worked examples of sla.md section 11 and the rules behind them. */
#include "unit/engine/availability_fixture.h"

#define APRIL "2026-04-01T04:00:00Z", "2026-05-01T04:00:00Z"
#define MAY "2026-05-01T04:00:00Z", "2026-06-01T04:00:00Z"

static void value_is(struct fixture *x, const char *from, const char *to, const char *want,
		     const char *name)
{
	struct window_result w = judged(x, from, to);

	is_text(shown(x, &w), want, "%s", name);
}

/* Everybody looks all year. */
static void init(struct fixture *x)
{
	fixture_init(x);
	watched(x, "2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
}

/* --- W10: outages and maintenance --- */

static void w10_facts(struct fixture *x)
{
	x->p.maintenance.notice_routine = hours(24);
	(void)fact_add(x, "2026-04-09T02:00:00Z",
		       "maintenance.announced maintenance=m1 from=2026-04-12T02:00:00Z "
		       "to=2026-04-12T12:00:00Z");
	outage_add(x, "o1", "assets=a", "2026-04-12T10:00:00Z", "2026-04-12T12:30:00Z");
	outage_add(x, "o2", "assets=a", "2026-04-12T11:30:00Z", "2026-04-12T13:00:00Z");
}

static void test_w10(void)
{
	static const struct {
		const char *name, *shown;
		bool listed;
		enum excluded_time how;
		int64_t base_h, removed_h, as_up_h, down_h;
	} cases[] = {
		{"W10 remove_both", "99.8592", true, EXCLUDED_REMOVE_BOTH, 710, 10, 0, 1},
		{"W10 count_as_up", "99.8611", true, EXCLUDED_COUNT_AS_UP, 720, 0, 2, 1},
		{"W10 not listed", "99.5833", false, EXCLUDED_REMOVE_BOTH, 720, 0, 0, 3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		w10_facts(&x);
		x.metric.excluded_time = cases[i].how;
		if (cases[i].listed)
			(void)rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);

		struct window_result w = judged(&x, APRIL);
		const struct availability *v = w.availability;

		is_text(shown(&x, &w), cases[i].shown, "%s", cases[i].name);
		is_i64(v->agreed_ms, 720 * HOUR_MS, "%s: agreed", cases[i].name);
		is_i64(v->base_ms, cases[i].base_h * HOUR_MS, "%s: A'", cases[i].name);
		is_i64(v->removed_ms, cases[i].removed_h * HOUR_MS, "%s: removed", cases[i].name);
		is_i64(v->as_up_ms, cases[i].as_up_h * HOUR_MS, "%s: as up", cases[i].name);
		is_i64(v->down_ms, cases[i].down_h * HOUR_MS, "%s: D'", cases[i].name);
		ok(v->n_outages == 1 && v->outages[0].span.from == at("2026-04-12T10:00:00Z") &&
			   v->outages[0].span.to == at("2026-04-12T13:00:00Z"),
		   "%s: one raw outage of 3 h, not 4", cases[i].name);
		is_i64(v->outages[0].counted_ms, cases[i].down_h * HOUR_MS, "%s: counted of it",
		       cases[i].name);
		is_i64(v->outages[0].excused_ms, (3 - cases[i].down_h) * HOUR_MS,
		       "%s: excused of it", cases[i].name);
		ok(v->n_excuses == 1 &&
			   v->excuses[0].refusal ==
				   (cases[i].listed ? EXCUSE_VALID : EXCUSE_NOT_LISTED),
		   "%s: the announcement is shown", cases[i].name);
		is_i64(v->excuses[0].would_excuse_ms, cases[i].listed ? 0 : 2 * HOUR_MS,
		       "%s: what it would change", cases[i].name);
		ok(w.verdict == VERDICT_MISSED, "%s: missed at 99.9 %%", cases[i].name);
		fixture_free(&x);
	}
}

/* --- W11: overrun --- */

static void test_w11(void)
{
	static const struct {
		const char *name, *announced, *shown;
		int64_t left_h; /* of the quarter's allowance; 0: the contract has none */
		int64_t down_min, base_min;
		enum excuse_refusal refusal;
		int64_t would_min;
	} cases[] = {
		{"W11 overrun", "2026-04-17T06:00:00Z", "99.9069", 0, 40, 716 * 60, EXCUSE_VALID,
		 0},
		{"W11 allowance", "2026-04-17T06:00:00Z", "99.7675", 3, 100, 717 * 60,
		 EXCUSE_ALLOWANCE_USED, 60},
		{"W11 notice too short", "2026-04-18T10:00:00Z", "99.4213", 0, 250, 720 * 60,
		 EXCUSE_NOTICE_SHORT, 210},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		x.p.maintenance.notice_routine = hours(24);

		struct exclude_rule *r = rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);

		if (cases[i].left_h > 0) {
			r->max = hours(cases[i].left_h);
			r->per = WINDOW_CALENDAR_QUARTER;
		}

		uint32_t f = fact_add(&x, cases[i].announced,
				      "maintenance.announced maintenance=m1 "
				      "from=2026-04-19T06:00:00Z to=2026-04-19T10:00:00Z");

		outage_add(&x, "o1", "assets=a", "2026-04-19T06:30:00Z", "2026-04-19T10:40:00Z");

		struct view *v = fixture_view(&x);
		struct window_result w = judged_in(&x, v, APRIL);
		const struct availability *s = w.availability;
		const struct excuse *e = &s->excuses[0];

		is_text(shown(&x, &w), cases[i].shown, "%s", cases[i].name);
		is_i64(s->down_ms, cases[i].down_min * MINUTE_MS, "%s: D'", cases[i].name);
		is_i64(s->base_ms, cases[i].base_min * MINUTE_MS, "%s: A'", cases[i].name);
		ok(e->refusal == cases[i].refusal, "%s: refusal", cases[i].name);
		is_i64(e->would_excuse_ms, cases[i].would_min * MINUTE_MS, "%s: would excuse",
		       cases[i].name);
		ok(((v->flags[f] & FLAG_UNPROVEN) != 0) == (e->refusal == EXCUSE_NOTICE_SHORT),
		   "%s: flagged only if unproven", cases[i].name);
		fixture_free(&x);
	}
}

/* R51: 6 h a quarter, used up earliest first across the months; what lies beyond is ordinary time. */
static void test_allowance_across_windows(void)
{
	struct fixture x;

	init(&x);
	x.p.maintenance.notice_routine = hours(24);

	struct exclude_rule *r = rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);

	r->max = hours(6);
	r->per = WINDOW_CALENDAR_QUARTER;
	(void)fact_add(&x, "2026-03-20T06:00:00Z",
		       "maintenance.announced maintenance=march from=2026-03-29T06:00:00Z "
		       "to=2026-03-29T10:00:00Z");
	(void)fact_add(&x, "2026-04-01T06:00:00Z",
		       "maintenance.announced maintenance=m0 from=2026-04-12T06:00:00Z "
		       "to=2026-04-12T09:00:00Z");
	(void)fact_add(&x, "2026-05-01T06:00:00Z",
		       "maintenance.announced maintenance=m1 from=2026-05-17T06:00:00Z "
		       "to=2026-05-17T10:00:00Z");
	(void)fact_add(&x, "2026-06-01T06:00:00Z",
		       "maintenance.announced maintenance=m2 from=2026-06-14T06:00:00Z "
		       "to=2026-06-14T10:00:00Z");
	(void)fact_add(&x, "2026-07-01T06:00:00Z",
		       "maintenance.announced maintenance=m3 from=2026-07-12T06:00:00Z "
		       "to=2026-07-12T10:00:00Z");
	outage_add(&x, "o1", "assets=a", "2026-05-17T06:30:00Z", "2026-05-17T10:40:00Z");

	struct window_result april = judged(&x, APRIL), may = judged(&x, MAY);
	struct window_result june = judged(&x, "2026-06-01T04:00:00Z", "2026-07-01T04:00:00Z");
	struct window_result july = judged(&x, "2026-07-01T04:00:00Z", "2026-08-01T04:00:00Z");

	is_i64(april.availability->removed_ms, 3 * HOUR_MS, "R51: April has its 3 h");
	is_i64(april.availability->excuses[0].allowance_left_ms, 3 * HOUR_MS, "3 h left for May");
	is_i64(may.availability->base_ms, 741 * HOUR_MS, "May: excused to 05:00 only");
	is_i64(may.availability->down_ms, 100 * MINUTE_MS, "May: 100 min count");
	ok(may.availability->excuses[0].refusal == EXCUSE_ALLOWANCE_USED &&
		   may.availability->excuses[0].granted_ms == 3 * HOUR_MS &&
		   may.availability->excuses[0].allowance_left_ms == 0,
	   "May: 3 of 4 h granted, nothing left");
	is_i64(june.availability->removed_ms, 0, "June: nothing of it is excused");
	is_i64(june.availability->base_ms, 720 * HOUR_MS, "June: ordinary agreed time");
	is_i64(july.availability->removed_ms, 4 * HOUR_MS, "July: a new quarter");
	is_i64(july.availability->excuses[0].allowance_left_ms, 2 * HOUR_MS, "July: 2 h left");
	fixture_free(&x);
}

/* --- W12: minimum outage --- */

static void test_w12(void)
{
	static const struct {
		const char *name;
		struct {
			const char *from, *to;
		} outages[3];
		const char *announced; /* from/to words, or NULL */
		int64_t april_s, may_s;
	} cases[] = {
		{"W12 299 s", {{"2026-04-10T10:00:00Z", "2026-04-10T10:04:59Z"}}, NULL, 0, 0},
		{"W12 300 s", {{"2026-04-10T10:00:00Z", "2026-04-10T10:05:00Z"}}, NULL, 300, 0},
		{"W12 4 and 4 min overlapping by 1",
		 {{"2026-04-10T10:00:00Z", "2026-04-10T10:04:00Z"},
		  {"2026-04-10T10:03:00Z", "2026-04-10T10:07:00Z"}},
		 NULL,
		 420,
		 0},
		{"W12 7 min with 4 excused",
		 {{"2026-04-10T10:00:00Z", "2026-04-10T10:07:00Z"}},
		 "from=2026-04-10T09:00:00Z to=2026-04-10T10:04:00Z",
		 180,
		 0},
		{"W12 over the end of April",
		 {{"2026-05-01T03:57:00Z", "2026-05-01T04:04:00Z"}},
		 NULL,
		 180,
		 240},
		{"two of 4 min that do not touch",
		 {{"2026-04-10T10:00:00Z", "2026-04-10T10:04:00Z"},
		  {"2026-04-10T10:04:00.001Z", "2026-04-10T10:08:00Z"}},
		 NULL,
		 0,
		 0},
		{"two of 4 min that touch",
		 {{"2026-04-10T10:00:00Z", "2026-04-10T10:04:00Z"},
		  {"2026-04-10T10:04:00Z", "2026-04-10T10:08:00Z"}},
		 NULL,
		 480,
		 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;
		char id[16], words[200];

		init(&x);
		x.metric.min_outage_ms = 5 * MINUTE_MS;
		(void)rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);
		for (int k = 0; k < 3 && cases[i].outages[k].from != NULL; k++) {
			(void)snprintf(id, sizeof(id), "o%d", k);
			outage_add(&x, id, "assets=a", cases[i].outages[k].from,
				   cases[i].outages[k].to);
		}
		if (cases[i].announced != NULL) {
			(void)snprintf(words, sizeof(words),
				       "maintenance.announced maintenance=m %s",
				       cases[i].announced);
			(void)fact_add(&x, "2026-04-01T10:00:00Z", words);
		}

		struct window_result april = judged(&x, APRIL), may = judged(&x, MAY);

		is_i64(april.availability->down_ms, cases[i].april_s * SECOND_MS, "%s: April",
		       cases[i].name);
		is_i64(may.availability->down_ms, cases[i].may_s * SECOND_MS, "%s: May",
		       cases[i].name);
		fixture_free(&x);
	}
}

/* --- W13, R44: samples --- */

static void probe(struct fixture *x, const char *asset, const char *when, const char *state)
{
	char words[100];

	(void)snprintf(words, sizeof(words), "probe.sample asset=%s state=%s", asset, state);
	(void)fact_by(x, PARTY_MONITOR, when, NULL, words);
}

struct seen_at {
	const char *when, *state; /* minutes of 2026-04-10T10 */
};

static void test_samples(void)
{
	static const struct {
		const char *name;
		int64_t interval_min, down_after;
		struct seen_at samples[12];
		const char *outage_from, *outage_to; /* NULL: no outage fact; to NULL: open */
		const char *down[3];                 /* "from to" of raw outages, minutes */
		int64_t down_min, unknown_min;
	} cases[] = {
		/* one hour is judged: 10:00 to 11:00 */
		{"W13",
		 1,
		 3,
		 {{"10:00", "up"},
		  {"10:02", "down"},
		  {"10:03", "down"},
		  {"10:04", "down"},
		  {"10:05", "down"},
		  {"10:06", "up"},
		  {"10:09", "up"},
		  {"10:10", "down"},
		  {"10:11", "down"},
		  {"10:12", "up"}},
		 NULL,
		 NULL,
		 {"10:02 10:06"},
		 4,
		 47},
		{"an unknown gap begins one interval after the last sample",
		 1,
		 1,
		 {{"10:00", "up"}, {"10:04", "up"}},
		 NULL,
		 NULL,
		 {NULL},
		 0,
		 3 + 55},
		{"three intervals are no gap",
		 1,
		 1,
		 {{"10:00", "up"}, {"10:03", "up"}, {"10:59", "up"}},
		 NULL,
		 NULL,
		 {NULL},
		 0,
		 55},
		{"down between two failures",
		 1,
		 1,
		 {{"10:00", "up"},
		  {"10:01", "down"},
		  {"10:31", "down"},
		  {"10:32", "up"},
		  {"10:35", "up"}},
		 NULL,
		 NULL,
		 {"10:01 10:32"},
		 31,
		 24},
		{"a failure before a gap is down for one interval",
		 1,
		 1,
		 {{"10:00", "up"}, {"10:01", "down"}, {"10:31", "up"}},
		 NULL,
		 NULL,
		 {"10:01 10:02"},
		 1,
		 29 + 28},
		{"before the first sample nothing is known",
		 0,
		 1,
		 {{"10:30", "up"}},
		 NULL,
		 NULL,
		 {NULL},
		 0,
		 30},
		{"without an interval a state holds",
		 0,
		 1,
		 {{"10:00", "up"}, {"10:20", "down"}},
		 NULL,
		 NULL,
		 {"10:20 11:30"},
		 40,
		 0},
		{"an outage fact beats unknown",
		 1,
		 1,
		 {{"10:00", "up"}},
		 "10:30",
		 "10:40",
		 {"10:30 10:40"},
		 10,
		 49},
		{"an outage fact without an end runs on",
		 1,
		 1,
		 {{"10:00", "up"}},
		 "10:30",
		 NULL,
		 {"10:30 11:30"},
		 30,
		 29},
		{"an outage fact beside good samples",
		 0,
		 1,
		 {{"10:00", "up"}},
		 "10:30",
		 "10:40",
		 {"10:30 10:40"},
		 10,
		 0},
		{"a sample that knows nothing",
		 0,
		 1,
		 {{"10:00", "up"}, {"10:10", "unknown"}, {"10:30", "up"}},
		 NULL,
		 NULL,
		 {NULL},
		 0,
		 20},
		{"a sample that knows nothing between two failures",
		 0,
		 1,
		 {{"10:00", "up"},
		  {"10:05", "down"},
		  {"10:10", "unknown"},
		  {"10:30", "down"},
		  {"10:35", "up"}},
		 NULL,
		 NULL,
		 {"10:05 10:35"},
		 30,
		 0},
		{"not confirmed at as_of",
		 1,
		 3,
		 {{"10:00", "up"}, {"11:29", "down"}, {"11:30", "down"}},
		 NULL,
		 NULL,
		 {NULL},
		 0,
		 59},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;
		char t[32], t2[32];

		fixture_init(&x);
		x.as_of = at("2026-04-10T11:30:00Z");
		x.metric.measured_by.interval_ms = cases[i].interval_min * MINUTE_MS;
		x.metric.measured_by.down_after = cases[i].down_after;
		for (size_t k = 0; k < 12 && cases[i].samples[k].when != NULL; k++) {
			(void)snprintf(t, sizeof(t), "2026-04-10T%s:00Z", cases[i].samples[k].when);
			probe(&x, "a", t, cases[i].samples[k].state);
		}
		if (cases[i].outage_from != NULL) {
			(void)snprintf(t, sizeof(t), "2026-04-10T%s:00Z", cases[i].outage_from);
			if (cases[i].outage_to != NULL)
				(void)snprintf(t2, sizeof(t2), "2026-04-10T%s:00Z",
					       cases[i].outage_to);
			outage_add(&x, "o", "assets=a", t, cases[i].outage_to == NULL ? NULL : t2);
		}

		struct window_result w = judged(&x, "2026-04-10T10:00:00Z", "2026-04-10T11:00:00Z");
		const struct availability *v = w.availability;
		size_t n = 0;

		for (; n < 3 && cases[i].down[n] != NULL; n++) {
			struct text from, to = text_cut(text_of(cases[i].down[n]), ' ', &from);

			(void)snprintf(t, sizeof(t), "2026-04-10T%.*s:00Z", TEXT_ARG(from));
			(void)snprintf(t2, sizeof(t2), "2026-04-10T%.*s:00Z", TEXT_ARG(to));
			ok(n < v->n_outages && v->outages[n].span.from == at(t) &&
				   v->outages[n].span.to == at(t2),
			   "%s: outage %s", cases[i].name, cases[i].down[n]);
		}
		is_i64((int64_t)v->n_outages, (int64_t)n, "%s: outages", cases[i].name);
		is_i64(v->down_ms, cases[i].down_min * MINUTE_MS, "%s: down", cases[i].name);
		is_i64(v->unknown_ms, cases[i].unknown_min * MINUTE_MS, "%s: unknown",
		       cases[i].name);
		is_i64(v->base_ms, (60 - cases[i].unknown_min) * MINUTE_MS, "%s: A'",
		       cases[i].name);
		fixture_free(&x);
	}
}

/* An outage is confirmed when the third failure is in view, and then began with the first (W13). */
static void test_known_at(void)
{
	static const struct {
		const char *as_of;
		int64_t down_s;
	} cases[] = {{"2026-04-10T10:03:59Z", 0},
		     {"2026-04-10T10:04:00Z", 120},
		     {"2026-04-10T10:04:30Z", 150}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		fixture_init(&x);
		x.metric.measured_by =
			(struct measured_by){.interval_ms = MINUTE_MS, .down_after = 3};
		x.as_of = at(cases[i].as_of);
		probe(&x, "a", "2026-04-10T10:00:00Z", "up");
		probe(&x, "a", "2026-04-10T10:01:00Z", "up");
		probe(&x, "a", "2026-04-10T10:02:00Z", "down");
		probe(&x, "a", "2026-04-10T10:03:00Z", "down");
		probe(&x, "a", "2026-04-10T10:04:00Z", "down");

		struct window_result w = judged(&x, "2026-04-10T10:00:00Z", "2026-04-10T11:00:00Z");

		is_i64(w.availability->down_ms, cases[i].down_s * SECOND_MS, "known at %s",
		       cases[i].as_of);
		ok(w.availability->n_outages == (cases[i].as_of[18] == '9' ? 0 : 1) &&
			   (w.availability->n_outages == 0 || w.availability->outages[0].open),
		   "open at %s", cases[i].as_of);
		fixture_free(&x);
	}
}

/* --- W18: groups --- */

static void test_w18(void)
{
	static const struct {
		const char *name, *shown;
		enum group group;
		int64_t k;
	} cases[] = {
		{"W18 any_down", "99.4444", GROUP_ANY_DOWN, 0},
		{"W18 all_down", "99.8611", GROUP_ALL_DOWN, 0},
		{"W18 mean", "99.6528", GROUP_MEAN, 0},
		{"W18 weighted 3:1", "99.6875", GROUP_WEIGHTED, 0},
		{"1 of 2 is all_down", "99.8611", GROUP_K_OF_N, 1},
		{"2 of 2 is any_down", "99.4444", GROUP_K_OF_N, 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		x.metric.n_scope = 2;
		x.metric.group = cases[i].group;
		x.metric.k = cases[i].k;
		x.weights[0] = fraction_of(3, 1);
		outage_add(&x, "o1", "assets=a", "2026-04-05T14:00:00Z", "2026-04-05T16:00:00Z");
		outage_add(&x, "o2", "assets=b", "2026-04-05T15:00:00Z", "2026-04-05T18:00:00Z");

		struct window_result w = judged(&x, APRIL);
		bool alone = cases[i].group == GROUP_MEAN || cases[i].group == GROUP_WEIGHTED;

		is_text(shown(&x, &w), cases[i].shown, "%s", cases[i].name);
		is_i64((int64_t)w.availability->n_members, alone ? 2 : 0, "%s: members",
		       cases[i].name);
		if (cases[i].group == GROUP_ANY_DOWN)
			is_i64((int64_t)w.availability->outages[0].n_assets, 2,
			       "both assets were down in it");
		fixture_free(&x);
	}
}

/* --- W19: equal instants --- */

static void test_w19(void)
{
	struct fixture x;

	init(&x);
	outage_add(&x, "o1", "assets=a", "2026-04-10T09:00:00Z", NULL);
	outage_add(&x, "o2", "assets=a", "2026-04-10T10:00:00Z", NULL);
	(void)fact_add(&x, "2026-04-10T10:00:00Z", "outage.ended outage=o1");
	(void)fact_add(&x, "2026-04-10T11:00:00Z", "outage.ended outage=o2");

	struct window_result w = judged(&x, APRIL);

	is_i64(w.availability->down_ms, 2 * HOUR_MS, "W19 down throughout");
	ok(w.availability->n_outages == 1 && !w.availability->outages[0].open,
	   "one uninterrupted raw outage, ended by the second outage's end");
	fixture_free(&x);

	init(&x);
	outage_add(&x, "o1", "assets=a", "2026-04-10T09:00:00Z", "2026-04-10T09:00:00Z");

	uint32_t stray = fact_add(&x, "2026-04-11T09:00:00Z", "outage.ended outage=o9");
	struct view *v = fixture_view(&x);

	w = judged_in(&x, v, APRIL);
	is_i64(w.availability->down_ms, 0, "an outage without length counts 0");
	ok((v->flags[stray] & FLAG_OUT_OF_ORDER) != 0,
	   "an end without a beginning is out of order");
	fixture_free(&x);
}

/* --- W24: partial window, error budget --- */

static void test_w24(void)
{
	static const struct {
		const char *name, *shown;
		enum partial_window partial;
	} cases[] = {
		{"W24 prorate", "99.7222", PARTIAL_PRORATE},
		{"W24 full", "99.8611", PARTIAL_FULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		x.p.service_start = at("2026-04-16T04:00:00Z");
		x.metric.partial = cases[i].partial;
		outage_add(&x, "o1", "assets=a", "2026-04-20T10:00:00Z", "2026-04-20T11:00:00Z");
		/* before the service: nobody's downtime */
		outage_add(&x, "o2", "assets=a", "2026-04-10T10:00:00Z", "2026-04-10T11:00:00Z");

		const struct availability_history *h =
			availability_history_make(x.arena, fixture_view(&x), &x.p, &x.metric);
		struct window_result w = {
			.window = {at("2026-04-01T04:00:00Z"), at("2026-05-01T04:00:00Z")},
			.judged = {at("2026-04-16T04:00:00Z"), at("2026-05-01T04:00:00Z")}};

		availability_window(x.arena, h, &w);
		is_text(shown(&x, &w), cases[i].shown, "%s", cases[i].name);
		fixture_free(&x);
	}
}

static void test_budget(void)
{
	static const struct {
		const char *name, *end; /* of an outage from 2026-04-10T10:00:00Z */
		int state;
	} cases[] = {
		{"nothing spent", "2026-04-10T10:00:00Z", 0},
		{"just under 75 %", "2026-04-10T10:32:23.999Z", 0},
		{"75 % of 43 min 12 s", "2026-04-10T10:32:24Z", 1},
		{"all of it", "2026-04-10T10:43:12Z", 1},
		{"more than rounding forgives", "2026-04-10T10:43:15Z", 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		x.as_of = at("2026-04-15T00:00:00Z");
		outage_add(&x, "o1", "assets=a", "2026-04-10T10:00:00Z", cases[i].end);

		struct window_result w = judged(&x, APRIL);

		is_i64(w.availability->budget_ms, 43 * MINUTE_MS + 12 * SECOND_MS,
		       "W24: budget of the whole of April");
		is_i64(w.availability->budget_state, cases[i].state, "%s", cases[i].name);
		is_i64(w.availability->base_ms,
		       at("2026-04-15T00:00:00Z") - at("2026-04-01T04:00:00Z"),
		       "valued up to as_of");
		fixture_free(&x);
	}
}

/* --- R43, R45, R46, R55 --- */

static void test_rest(void)
{
	struct fixture x;

	init(&x);
	value_is(&x, "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", "100.0000",
		 "nothing happened");
	fixture_free(&x);

	fixture_init(&x);

	struct window_result w = judged(&x, APRIL);

	ok(!w.value_set && w.verdict == VERDICT_NOT_JUDGED && w.why_not == NJ_NO_AGREED_TIME,
	   "nobody watched: not judged");
	is_i64(w.availability->unknown_ms, 720 * HOUR_MS, "all of it unknown");
	x.metric.unknown = UNKNOWN_UP;
	value_is(&x, APRIL, "100.0000", "unknown: up");
	x.metric.unknown = UNKNOWN_DOWN;
	value_is(&x, APRIL, "0.0000", "unknown: down");
	w = judged(&x, APRIL);
	is_i64(w.availability->unknown_ms, 720 * HOUR_MS, "the unknown share is told all the same");
	fixture_free(&x);

	init(&x);
	outage_add(&x, "o1", "assets=a", "2026-04-10T10:00:00Z", "2026-04-10T10:45:00Z");
	w = judged(&x, APRIL);
	is_text(shown(&x, &w), "99.8958", "R55 four decimals");
	ok(w.verdict == VERDICT_MISSED, "and missed");
	x.metric.decimals = 2;
	w = judged(&x, APRIL);
	is_text(shown(&x, &w), "99.90", "R55 two decimals");
	ok(w.verdict == VERDICT_MET, "and met");
	x.metric.target_set = false;
	w = judged(&x, APRIL);
	ok(w.verdict == VERDICT_NOT_JUDGED && w.why_not == NJ_NO_TARGET && w.value_set,
	   "without a target a value, no verdict");
	fixture_free(&x);
}

static void test_degraded(void)
{
	static const struct {
		const char *name;
		enum degraded how;
		int64_t down_min, as_up_min, dropped_min;
		const char *shown;
	} cases[] = {
		{"degraded: down", DEGRADED_DOWN, 90, 90, 4, "99.7917"},
		{"degraded: up", DEGRADED_UP, 30, 30, 0, "99.9306"},
		{"degraded: half", DEGRADED_HALF, 90, 30, 4, "99.8611"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);
		x.metric.degraded = cases[i].how;
		x.metric.min_outage_ms = 5 * MINUTE_MS;
		outage_add(&x, "o1", "severity=degraded assets=a", "2026-04-10T10:00:00Z",
			   "2026-04-10T11:30:00Z");
		outage_add(&x, "o2", "assets=a", "2026-04-10T10:30:00Z", "2026-04-10T11:00:00Z");
		outage_add(&x, "o3", "severity=degraded assets=a", "2026-04-12T10:00:00Z",
			   "2026-04-12T10:04:00Z");

		struct window_result w = judged(&x, APRIL);

		is_text(shown(&x, &w), cases[i].shown, "R46 %s", cases[i].name);
		is_i64(w.availability->down_ms, cases[i].down_min * MINUTE_MS, "%s: as down",
		       cases[i].name);
		is_i64(w.availability->down_as_up_ms, cases[i].as_up_min * MINUTE_MS, "%s: as up",
		       cases[i].name);
		is_i64(w.availability->dropped_ms, cases[i].dropped_min * MINUTE_MS, "%s: dropped",
		       cases[i].name);
		is_i64(w.availability->outages[0].counted_ms,
		       (cases[i].down_min + cases[i].as_up_min) * MINUTE_MS / 2,
		       "%s: counted of the outage", cases[i].name);
		ok(w.availability->n_outages == 2 && !w.availability->outages[0].degraded &&
			   w.availability->outages[1].degraded,
		   "%s: only the second was never more than degraded", cases[i].name);
		fixture_free(&x);
	}
}

/* R43, R3: agreed time is the schedule's, without days proclaimed before they came. */
static void test_schedule(void)
{
	static const struct day_range hours_of_day = {540, 1020};
	static const struct {
		const char *name, *recorded, *words;
		int64_t agreed_h, down_h;
	} cases[] = {
		{"a schedule", "2026-04-01T12:00:00Z", NULL, 22 * 8, 7},
		{"a day proclaimed before it came", "2026-04-09T12:00:00Z",
		 "calendar.exception calendar=office date=2026-04-10", 21 * 8, 0},
		{"a day proclaimed on the day", "2026-04-10T12:00:00Z",
		 "calendar.exception calendar=office date=2026-04-10", 22 * 8, 7},
		{"a day of another calendar", "2026-04-09T12:00:00Z",
		 "calendar.exception calendar=plant date=2026-04-10", 22 * 8, 7},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture x;

		init(&x);

		struct calendar_spec spec = {.id = text_of("office"), .zone = x.p.zone};
		struct named_calendar named = {.id = text_of("office")};
		struct err err = {.line = 0};

		for (int d = 0; d < 5; d++) {
			spec.week[d].v = &hours_of_day;
			spec.week[d].n = 1;
		}
		ok(calendar_new(x.arena, &spec, &named.calendar, &err) == RC_OK, "%s: calendar",
		   cases[i].name);
		x.p.calendars = &named;
		x.p.n_calendars = 1;
		x.metric.schedule = named.calendar;
		/* Friday 06:00 to 16:00 EDT: 7 h of it in office hours */
		outage_add(&x, "o1", "assets=a", "2026-04-10T10:00:00Z", "2026-04-10T20:00:00Z");
		if (cases[i].words != NULL)
			(void)fact_add(&x, cases[i].recorded, cases[i].words);

		struct window_result w = judged(&x, APRIL);

		is_i64(w.availability->agreed_ms, cases[i].agreed_h * HOUR_MS, "%s: A",
		       cases[i].name);
		is_i64(w.availability->down_ms, cases[i].down_h * HOUR_MS, "%s: D'", cases[i].name);
		is_i64(w.availability->outages[0].span.to - w.availability->outages[0].span.from,
		       10 * HOUR_MS, "%s: the raw outage is whole", cases[i].name);
		fixture_free(&x);
	}
}

/* The strip: in order, without gaps, and its parts sum to what is told. */
static void test_pieces(void)
{
	struct fixture x;
	int64_t sum[AV_DEGRADED + 1] = {0};

	init(&x);
	x.metric.min_outage_ms = 5 * MINUTE_MS;
	(void)rule_add(&x, CAUSE_SCHEDULED_MAINTENANCE);
	w10_facts(&x);
	outage_add(&x, "o3", "assets=a", "2026-04-20T10:00:00Z", "2026-04-20T10:04:00Z");

	struct window_result w = judged(&x, APRIL);
	const struct availability *v = w.availability;

	ok(v->pieces[0].span.from == w.judged.from &&
		   v->pieces[v->n_pieces - 1].span.to == w.judged.to,
	   "the strip covers the window");
	for (size_t i = 0; i < v->n_pieces; i++) {
		sum[v->pieces[i].state] += v->pieces[i].span.to - v->pieces[i].span.from;
		if (i > 0)
			ok(v->pieces[i - 1].span.to == v->pieces[i].span.from, "no gap before %zu",
			   i);
	}
	is_i64(sum[AV_DOWN], v->down_ms, "down");
	is_i64(sum[AV_EXCUSED], v->excused_ms, "excused");
	is_i64(sum[AV_DROPPED], v->dropped_ms, "dropped");
	is_i64(sum[AV_DROPPED], 4 * MINUTE_MS, "4 min are too short to count");
	is_i64(v->agreed_ms, v->base_ms + v->removed_ms, "A = A' + removed");
	for (size_t i = 0; i < v->n_pieces; i++)
		if (v->pieces[i].state == AV_EXCUSED)
			ok(v->pieces[i].fact == 0 && v->pieces[i].exclude == 0,
			   "excused by the announcement");
		else if (v->pieces[i].state == AV_DOWN)
			ok(view_fact(fixture_view(&x), v->pieces[i].fact)->kind ==
				   FACT_OUTAGE_BEGAN,
			   "down by an outage");
	fixture_free(&x);
}

int main(void)
{
	test_w10();
	test_w11();
	test_allowance_across_windows();
	test_w12();
	test_samples();
	test_known_at();
	test_w18();
	test_w19();
	test_w24();
	test_budget();
	test_rest();
	test_degraded();
	test_schedule();
	test_pieces();
	return tap_done();
}

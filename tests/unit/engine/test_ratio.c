/* SPDX-License-Identifier: Apache-2.0 */
/* Shares, ratios, means, percentiles and counts of windows (sla.md section 4, R54). */
#include "engine_fixture.h"

#define PRIORITIES                                                                                 \
	"  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]\n"
#define METRIC(text) PRIORITIES "  metrics: [{id: m, " text "}]\n"
#define SHARE(more)                                                                                \
	METRIC("kind: elapsed, start: ticket.logged, stop: ticket.restored, targets: [{id: t, "    \
	       "within: 8h@desk}], window: calendar_month" more)

/* Tickets of 1 hour (in time) and of 2 days (late), logged on a day of a month at 09:00. */
#define GOOD(id, date)                                                                             \
	date " 09:00 ticket.logged client ticket=" id " priority=P1\n" date                        \
	     " 10:00 ticket.restored provider ticket=" id "\n"
#define LATE(id, date, done)                                                                       \
	date " 09:00 ticket.logged client ticket=" id " priority=P2\n" done                        \
	     " 12:00 ticket.restored provider ticket=" id "\n"
#define FOUR_ONE_LATE                                                                              \
	GOOD("A", "2026-02-02")                                                                    \
	GOOD("B", "2026-02-03") GOOD("C", "2026-02-04") LATE("D", "2026-02-05", "2026-02-09")
#define SIX_GOOD                                                                                   \
	GOOD("E", "2026-03-02")                                                                    \
	GOOD("F", "2026-03-03")                                                                    \
	GOOD("G", "2026-03-04")                                                                    \
	GOOD("H", "2026-03-05") GOOD("I", "2026-03-06") GOOD("J", "2026-03-09")
#define REOPENED                                                                                   \
	"2026-02-02 10:00 ticket.logged client ticket=T1\n"                                        \
	"2026-02-02 15:00 ticket.restored provider ticket=T1\n"                                    \
	"2026-02-04 11:00 ticket.reopened client ticket=T1\n"                                      \
	"2026-02-04 14:20 ticket.restored provider ticket=T1\n"
#define COMPLY(below) ", comply: {at_least: 95%, min_sample: 5, below_min: " below "}"

static const struct {
	const char *name, *sla, *facts, *label;
	int64_t samples, in_time, carried, censored;
	const char *shown; /* with the decimals of the metric; NULL: no value */
	enum verdict verdict;
	enum not_judged why;
} cases[] = {
	{"W7 continue counts the ticket once", SHARE(""), REOPENED, "2026-02", 1, 0, 0, 0, "0.0000",
	 VERDICT_MISSED, JUDGED},
	{"W7 new_cycle: two samples", SHARE(", reopen: new_cycle"), REOPENED, "2026-02", 2, 2, 0, 0,
	 "100.0000", VERDICT_MET, JUDGED},
	{"R33 a reopening in a later month leaves the first alone", SHARE(""),
	 GOOD("A", "2026-02-02") "2026-03-02 09:00 ticket.reopened client ticket=A\n"
				 "2026-03-03 17:00 ticket.restored provider ticket=A\n",
	 "2026-02", 1, 1, 0, 0, "100.0000", VERDICT_MET, JUDGED},
	{"R33 and adds a sample there", SHARE(""),
	 GOOD("A", "2026-02-02") "2026-03-02 09:00 ticket.reopened client ticket=A\n"
				 "2026-03-03 17:00 ticket.restored provider ticket=A\n",
	 "2026-03", 1, 0, 0, 0, "0.0000", VERDICT_MISSED, JUDGED},
	{"W17 not judged", SHARE(COMPLY("not_judged")), FOUR_ONE_LATE SIX_GOOD, "2026-02", 4, 3, 0,
	 0, "75.0000", VERDICT_NOT_JUDGED, NJ_SMALL_SAMPLE},
	{"W17 one miss is forgiven", SHARE(COMPLY("one_miss")), FOUR_ONE_LATE SIX_GOOD, "2026-02",
	 4, 3, 0, 0, "75.0000", VERDICT_MET, JUDGED},
	{"R41 two misses are not", SHARE(COMPLY("one_miss")),
	 FOUR_ONE_LATE LATE("K", "2026-02-10", "2026-02-12"), "2026-02", 5, 3, 0, 0, "60.0000",
	 VERDICT_MISSED, JUDGED},
	{"W17 carried", SHARE(COMPLY("carry")), FOUR_ONE_LATE SIX_GOOD, "2026-02", 4, 3, 0, 0,
	 "75.0000", VERDICT_NOT_JUDGED, NJ_CARRIED},
	{"W17 judged next month, 9 of 10", SHARE(COMPLY("carry")), FOUR_ONE_LATE SIX_GOOD,
	 "2026-03", 10, 9, 4, 0, "90.0000", VERDICT_MISSED, JUDGED},
	{"R41 carried through two windows", SHARE(COMPLY("carry")),
	 GOOD("A", "2026-01-05") GOOD("B", "2026-02-03") GOOD("C", "2026-03-03"), "2026-03", 3, 3,
	 2, 0, "100.0000", VERDICT_NOT_JUDGED, NJ_SMALL_SAMPLE},
	{"R41 and then dropped", SHARE(COMPLY("carry")),
	 GOOD("A", "2026-01-05") GOOD("B", "2026-02-03") GOOD("C", "2026-03-03")
		 GOOD("D", "2026-04-03"),
	 "2026-04", 1, 1, 0, 0, "100.0000", VERDICT_NOT_JUDGED, NJ_CARRIED},
	{"R40 19 of 20 meets 95 %", SHARE(", comply: {at_least: 95%}"),
	 LATE("X", "2026-02-02", "2026-02-05") GOOD("A1", "2026-02-02") GOOD("A2", "2026-02-02")
		 GOOD("A3", "2026-02-02") GOOD("A4", "2026-02-02") GOOD("A5", "2026-02-02") GOOD(
			 "A6", "2026-02-02") GOOD("A7", "2026-02-02") GOOD("A8", "2026-02-02")
			 GOOD("A9", "2026-02-02") GOOD("B1", "2026-02-02") GOOD("B2", "2026-02-02")
				 GOOD("B3", "2026-02-02") GOOD("B4", "2026-02-02")
					 GOOD("B5", "2026-02-02") GOOD("B6", "2026-02-02") GOOD(
						 "B7", "2026-02-02") GOOD("B8", "2026-02-02")
						 GOOD("B9", "2026-02-02") GOOD("C1", "2026-02-02"),
	 "2026-02", 20, 19, 0, 0, "95.0000", VERDICT_MET, JUDGED},
	{"R40 without comply one miss is a miss", SHARE(""), FOUR_ONE_LATE, "2026-02", 4, 3, 0, 0,
	 "75.0000", VERDICT_MISSED, JUDGED},
	{"R41 no sample is not 100 %", SHARE(""), FOUR_ONE_LATE SIX_GOOD, "2026-04", 0, 0, 0, 0,
	 NULL, VERDICT_NOT_JUDGED, NJ_NO_SAMPLES},
	{"R39 open and overdue counts as missed", SHARE(""),
	 "2026-02-26 09:00 ticket.logged client ticket=A\n", "2026-02", 1, 0, 0, 0, "0.0000",
	 VERDICT_MISSED, JUDGED},
	{"R39 closing it in March changes nothing", SHARE(""),
	 LATE("A", "2026-02-26", "2026-03-20"), "2026-03", 0, 0, 0, 0, NULL, VERDICT_NOT_JUDGED,
	 NJ_NO_SAMPLES},
	{"R39 logged in February, settled in March", SHARE(""),
	 "2026-02-27 15:00 ticket.logged client ticket=A\n"
	 "2026-03-02 10:00 ticket.restored provider ticket=A\n",
	 "2026-03", 1, 1, 0, 0, "100.0000", VERDICT_MET, JUDGED},
	{"R55 rounded, then compared", SHARE(", decimals: 0, comply: {at_least: 67%}"),
	 GOOD("A", "2026-02-02") GOOD("B", "2026-02-03") LATE("D", "2026-02-05", "2026-02-09"),
	 "2026-02", 3, 2, 0, 0, "67", VERDICT_MET, JUDGED},

	/* means and percentiles */
	{"mean of scores, exact", METRIC("kind: mean, value: survey.score, at_least: \"4.2\""),
	 "2026-02-02 09:00 survey.answered client subject=s1 score=4.4\n"
	 "2026-02-03 09:00 survey.answered client subject=s2 score=4\n",
	 "2026-02", 2, 0, 0, 0, "4.2000", VERDICT_MET, JUDGED},
	{"mean of scores, a hair below",
	 METRIC("kind: mean, value: survey.score, at_least: \"4.2\", decimals: 1"),
	 "2026-02-02 09:00 survey.answered client subject=s1 score=4.39\n"
	 "2026-02-03 09:00 survey.answered client subject=s2 score=4\n",
	 "2026-02", 2, 0, 0, 0, "4.2", VERDICT_MISSED, JUDGED},
	{"too few scores",
	 METRIC("kind: mean, value: survey.score, at_least: \"4.2\", min_sample: 3"),
	 "2026-02-02 09:00 survey.answered client subject=s1 score=4.4\n"
	 "2026-02-03 09:00 survey.answered client subject=s2 score=4\n",
	 "2026-02", 2, 0, 0, 0, "4.2000", VERDICT_NOT_JUDGED, NJ_SMALL_SAMPLE},
	{"R42 the mean time to restore, minutes",
	 METRIC("kind: mean, value: ticket.minutes_to_restore, at_most: \"90\""),
	 GOOD("A", "2026-02-02") "2026-02-03 09:00 ticket.logged client ticket=B\n"
				 "2026-02-03 11:00 ticket.restored provider ticket=B\n",
	 "2026-02", 2, 0, 0, 0, "90.0000", VERDICT_MET, JUDGED},
	{"R42 open and overdue at the end: censored",
	 METRIC("kind: percentile, percentile: 95, value: ticket.minutes_to_restore, at_most: "
		"\"60\""),
	 GOOD("A", "2026-02-02") "2026-02-28 23:00 ticket.logged client ticket=B\n"
				 "2026-03-01 05:00 ticket.restored provider ticket=B\n",
	 "2026-02", 1, 0, 0, 0, "60.0000", VERDICT_MET, JUDGED},
	{"R42 longer than the limit at the end",
	 METRIC("kind: percentile, percentile: 95, value: ticket.minutes_to_restore, at_most: "
		"\"60\""),
	 GOOD("A", "2026-02-02") "2026-02-28 22:00 ticket.logged client ticket=B\n"
				 "2026-03-01 05:00 ticket.restored provider ticket=B\n",
	 "2026-02", 2, 0, 0, 1, "120.0000", VERDICT_MISSED, JUDGED},
	{"R42 and once more where it stopped",
	 METRIC("kind: percentile, percentile: 95, value: ticket.minutes_to_restore, at_most: "
		"\"60\""),
	 GOOD("A", "2026-02-02") "2026-02-28 22:00 ticket.logged client ticket=B\n"
				 "2026-03-01 05:00 ticket.restored provider ticket=B\n",
	 "2026-03", 1, 0, 0, 0, "420.0000", VERDICT_MISSED, JUDGED},

	/* ratios and counts */
	{"fixed at first contact of closed",
	 METRIC("kind: ratio, good: ticket.fixed_at_first_contact, total: ticket.closed, target: "
		"50%"),
	 GOOD("A", "2026-02-02") GOOD(
		 "B",
		 "2026-02-02") "2026-02-02 10:00 ticket.fixed_at_first_contact provider ticket=A\n"
			       "2026-02-02 11:00 ticket.closed provider ticket=A\n"
			       "2026-02-02 11:00 ticket.closed provider ticket=B\n"
			       "2026-02-02 12:00 ticket.reopened client ticket=B\n"
			       "2026-02-02 13:00 ticket.closed provider ticket=B\n",
	 "2026-02", 2, 1, 0, 0, "50.0000", VERDICT_MET, JUDGED},
	{"R54 by slot",
	 METRIC("kind: ratio, good: requests.good, total: requests.all, slot: 5min, target: 90%"),
	 "SLOTS", "2026-02", 1010, 995, 0, 0, "99.9937", VERDICT_MET, JUDGED},
	{"R54 good of all",
	 METRIC("kind: ratio, good: requests.good, total: requests.all, target: 99%"), "SLOTS",
	 "2026-02", 1010, 995, 0, 0, "98.5149", VERDICT_MISSED, JUDGED},
	{"a count of tickets restored",
	 METRIC("kind: count, value: ticket.minutes_to_restore, at_most: \"3\""), FOUR_ONE_LATE,
	 "2026-02", 4, 0, 0, 0, "4", VERDICT_MISSED, JUDGED},
	{"a count of surveys", METRIC("kind: count, value: survey.score, at_least: \"2\""),
	 "2026-02-02 09:00 survey.answered client subject=s1 score=4.4\n"
	 "2026-02-03 09:00 survey.answered client subject=s2 score=4\n",
	 "2026-02", 2, 0, 0, 0, "2", VERDICT_MET, JUDGED},
	{"a count of nothing", METRIC("kind: count, value: survey.score, at_most: \"1\""),
	 GOOD("A", "2026-02-02"), "2026-02", 0, 0, 0, 0, "0", VERDICT_MET, JUDGED},
};

#define SLOT_FACTS                                                                                 \
	"2026-02-01 00:05 requests.counted monitor slot=2026-02-01T00:00 requests=1000 "           \
	"errors=10\n"                                                                              \
	"2026-02-01 00:10 requests.counted monitor slot=2026-02-01T00:05 requests=0 errors=0\n"    \
	"2026-02-01 00:15 requests.counted monitor slot=2026-02-01T00:10 requests=10 errors=5\n"

static void windows(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();
		const struct promise *p = engine_terms(e, "2026-01-01", cases[i].sla);

		engine_facts(e, strcmp(cases[i].facts, "SLOTS") == 0 ? SLOT_FACTS : cases[i].facts);

		struct outcome *o = engine_outcome(e, "2026-05-01 00:00", "2026-04-01 00:00",
						   "2026-05-01 00:00");
		const struct window_result *w = engine_window(o, "m", cases[i].label);

		if (!ok(w != NULL, "%s: there is a window", cases[i].name)) {
			engine_free(e);
			continue;
		}
		(void)is_i64(w->samples, cases[i].samples, "%s: samples", cases[i].name);
		(void)is_i64(w->in_time, cases[i].in_time, "%s: in time", cases[i].name);
		(void)is_i64(w->carried_samples, cases[i].carried, "%s: carried", cases[i].name);
		(void)is_i64(w->censored, cases[i].censored, "%s: censored", cases[i].name);
		(void)is_i64(w->value_set, cases[i].shown != NULL, "%s: has a value",
			     cases[i].name);
		if (w->value_set && cases[i].shown != NULL)
			(void)is_decimal(
				w->shown,
				p->metrics[0].kind == METRIC_COUNT ? 0 : p->metrics[0].decimals,
				cases[i].shown, cases[i].name);
		(void)is_i64(w->verdict, cases[i].verdict, "%s: verdict", cases[i].name);
		(void)is_i64(w->why_not, cases[i].why, "%s: why not", cases[i].name);
		engine_free(e);
	}
}

/* R54's own three slots, as a window of 15 minutes that ends with as_of: 83.0000 % and 98.5149 %. */
static void three_slots(void)
{
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-02-01",
			   METRIC("kind: ratio, good: requests.good, total: requests.all, slot: "
				  "5min, target: 90%"));
	engine_facts(e, SLOT_FACTS);

	struct outcome *o =
		engine_outcome(e, "2026-02-01 00:15", "2026-02-01 00:00", "2026-03-01 00:00");
	const struct window_result *w = engine_window(o, "m", "2026-02");

	(void)is_decimal(w->shown, 4, "83.0000", "R54: mean of three slots");
	(void)is_i64(w->slots, 3, "R54: slots");
	(void)is_i64(w->empty_slots, 1, "R54: a quiet one is 100 %%");
	(void)ok(w->running && w->verdict == VERDICT_MISSED, "missed so far");
	engine_free(e);
}

/* R42: P95 of 5 is the 5th, of 20 the 19th, of 21 the 20th. */
static void nearest_rank(void)
{
	static const struct {
		int n;
		const char *want;
	} ranks[] = {{5, "5"}, {20, "19"}, {21, "20"}, {1, "1"}};

	for (size_t i = 0; i < ARRAY_SIZE(ranks); i++) {
		struct engine *e = engine_new();

		(void)engine_terms(e, "2026-02-01",
				   METRIC("kind: percentile, percentile: 95, value: survey.score, "
					  "at_most: \"100\", decimals: 0"));
		for (int k = ranks[i].n; k > 0; k--)
			(void)engine_fact(e, text_format(e->arena,
							 "2026-02-02 09:00 survey.answered client "
							 "subject=s%d score=%d",
							 k, k)
						     .p);

		struct outcome *o = engine_outcome(e, "2026-03-01 00:00", "2026-02-01 00:00",
						   "2026-03-01 00:00");

		(void)is_decimal(engine_window(o, "m", "2026-02")->shown, 0, ranks[i].want,
				 "nearest rank");
		engine_free(e);
	}
}

static void by_priority(void)
{
	struct engine *e = engine_new();

	(void)engine_terms(e, "2026-01-01", SHARE(""));
	engine_facts(e, FOUR_ONE_LATE "2026-02-10 09:00 ticket.logged client ticket=N\n"
				      "2026-02-10 10:00 ticket.restored provider ticket=N\n");

	struct outcome *o =
		engine_outcome(e, "2026-03-01 00:00", "2026-02-01 00:00", "2026-03-01 00:00");
	const struct window_result *w = engine_window(o, "m", "2026-02");

	(void)is_i64(w->priorities[0].samples, 3, "P1: samples");
	(void)is_i64(w->priorities[0].in_time, 3, "P1: in time");
	(void)is_i64(w->priorities[1].samples, 1, "P2: samples");
	(void)is_i64(w->priorities[1].in_time, 0, "P2: in time");
	(void)is_decimal(w->priorities[1].shown, 4, "0.0000", "P2: share");
	(void)is_i64(w->priorities[2].samples, 0, "P3: none");
	(void)is_i64(w->priorities[3].samples, 1, "without a priority");
	engine_free(e);
}

int main(void)
{
	windows();
	three_slots();
	nearest_rank();
	by_priority();
	return tap_done();
}

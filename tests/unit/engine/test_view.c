/* SPDX-License-Identifier: Apache-2.0 */
/* What an evaluation sees of the facts (sla.md R13 to R18). */
#include "engine/view_order.h"
#include "engine/windows.h"

#include "engine_fixture.h"

#define LOGGED "2026-03-02 09:00 ticket.logged client ticket=T1 id=f0 priority=P1\n"

/* After these facts: how many are in view, and the flags of one of them. */
static const struct {
	const char *name, *facts, *as_of, *known_as_of;
	size_t in_view;
	size_t fact;
	unsigned flags;
} cases[] = {
	{"all", LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n", "2026-03-03 00:00",
	 "2026-03-03 00:00", 2, 1, 0},
	{"not yet occurred", LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n",
	 "2026-03-02 09:59", "2026-03-03 00:00", 1, 1, 0},
	{"occurs at as_of", LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n",
	 "2026-03-02 10:00", "2026-03-03 00:00", 2, 1, 0},
	{"not yet known",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 recorded=2026-03-02T12:00\n",
	 "2026-03-03 00:00", "2026-03-02 11:59", 1, 1, 0},
	{"late by more than 72 h",
	 LOGGED
	 "2026-03-02 10:00 ticket.restored provider ticket=T1 recorded=2026-03-05T10:00:00.001\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 1, FLAG_LATE},
	{"72 h is not late",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 recorded=2026-03-05T10:00\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 1, 0},
	{"in the future",
	 LOGGED "2026-03-02 10:06 ticket.restored provider ticket=T1 recorded=2026-03-02T10:00\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 1, FLAG_FUTURE},
	{"five minutes are tolerated",
	 LOGGED "2026-03-02 10:05 ticket.restored provider ticket=T1 recorded=2026-03-02T10:00\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 1, 0},
	{"a correction replaces",
	 LOGGED "2026-03-02 09:30 ticket.logged client ticket=T1 id=f1 corrects=f0 "
		"recorded=2026-03-02T12:00\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 1, 0, 0},
	{"a correction not known yet does not",
	 LOGGED "2026-03-02 09:30 ticket.logged client ticket=T1 id=f1 corrects=f0 "
		"recorded=2026-03-02T12:00\n",
	 "2026-03-09 00:00", "2026-03-02 11:00", 1, 1, 0},
	{"the same instant", LOGGED "2026-03-02 09:00 ticket.message provider ticket=T1\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 0, FLAG_SAME_TIME},
	{"two tell one event a minute apart",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n"
		"2026-03-02 10:01 ticket.restored client ticket=T1\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 3, 2, 0},
	{"two contradict",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n"
		"2026-03-02 10:01:00.001 ticket.restored client ticket=T1\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 2, FLAG_CONTRADICTING},
	{"two events, with a reopening between",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n"
		"2026-03-02 11:00 ticket.reopened client ticket=T1\n"
		"2026-03-02 12:00 ticket.restored client ticket=T1\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 4, 3, 0},
	{"one party may say it twice",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1\n"
		"2026-03-02 12:00 ticket.restored provider ticket=T1\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 3, 2, 0},
	{"other content",
	 "2026-03-02 09:00 outage.began provider outage=O1 assets=server severity=down\n"
	 "2026-03-02 09:00 outage.began client outage=O1 assets=server severity=degraded\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 1, 0, FLAG_CONTRADICTING},
	{"an outage of its own contradicts nothing",
	 "2026-03-02 09:00 outage.began provider outage=O1 assets=server severity=down\n"
	 "2026-03-02 09:00 outage.began client outage=O2 assets=server severity=degraded\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 2, 0, 0},
	{"withdrawn",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 id=f1\n"
		"2026-03-02 11:00 fact.contested client fact=f1\n"
		"2026-03-02 12:00 dispute.settled provider fact=f1 outcome=withdrawn\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 3, 1, 0},
	{"upheld",
	 LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 id=f1\n"
		"2026-03-02 11:00 fact.contested client fact=f1\n"
		"2026-03-02 12:00 dispute.settled provider fact=f1 outcome=upheld\n",
	 "2026-03-09 00:00", "2026-03-09 00:00", 4, 1, 0},
};

static void what_is_seen(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct engine *e = engine_new();

		engine_facts(e, cases[i].facts);

		struct view *v = view_make(e->arena, e->facts, engine_time(e, cases[i].as_of),
					   engine_time(e, cases[i].known_as_of));

		(void)is_i64((int64_t)v->all.n, (int64_t)cases[i].in_view, "%s: in view",
			     cases[i].name);
		(void)is_i64(v->flags[cases[i].fact], cases[i].flags, "%s: flags", cases[i].name);
		engine_free(e);
	}
}

static struct view *view_of(struct engine *e, const char *facts, const struct view_rules *rules)
{
	engine_facts(e, facts);
	return view_make_by(e->arena, e->facts, engine_time(e, "2026-06-01 00:00"),
			    engine_time(e, "2026-06-01 00:00"), rules);
}

/* A, corrected by B, corrected by C; D corrects A too, but earlier than B. */
static void chains(void)
{
	const struct view_rules none = {.n_systems = 0};
	struct engine *e = engine_new();
	struct view *v =
		view_of(e,
			"2026-03-02 09:00 ticket.logged client ticket=T1 id=A\n"
			"2026-03-02 09:01 ticket.logged client ticket=T1 id=B corrects=A "
			"recorded=2026-03-02T12:00\n"
			"2026-03-02 09:02 ticket.logged client ticket=T1 id=C corrects=B "
			"recorded=2026-03-02T13:00\n"
			"2026-03-02 09:03 ticket.logged client ticket=T1 id=D corrects=A "
			"recorded=2026-03-02T11:00\n"
			"2026-03-02 09:04 ticket.logged client ticket=T2 id=E corrects=F\n"
			"2026-03-02 09:05 ticket.logged client ticket=T2 id=F corrects=E\n",
			&none);

	(void)is_i64(v->corrected_by[0], 1, "A by B");
	(void)is_i64(v->corrected_by[1], 2, "B by C");
	(void)is_i64(v->corrected_by[3], 1, "D, earlier than B, by B");
	(void)is_i64(v->corrected_by[4], 5, "E by F");
	(void)is_i64(v->corrected_by[5], NO_FACT, "no circles: F was recorded later");
	(void)is_i64((int64_t)v->all.n, 2, "C and F are left");
	engine_free(e);
}

static void systems(void)
{
	const struct text probe = {"probe", 5};
	const struct view_rules none = {.n_systems = 0},
				measured = {.systems = &probe, .n_systems = 1};
	static const char *const first = "2026-03-02 09:00 outage.began provider outage=O1 "
					 "assets=server recorded=2026-03-02T09:30";
	static const char *const second = "2026-03-02 09:10 outage.began monitor outage=O1 "
					  "assets=server recorded=2026-03-02T09:40";

	for (int i = 0; i < 2; i++) {
		struct engine *e = engine_new();
		uint16_t source = facts_add_source(
			e->facts, (struct fact_source){.name = text_of("probe.csv"),
						       .format = text_of("probe")});

		(void)engine_fact(e, first);
		(void)engine_fact_from(e, source, second);

		struct view *v = view_of(e, "", i == 0 ? &none : &measured);

		(void)is_i64(v->outweighed_by[1], i == 0 ? 0 : NO_FACT, "R17: the later record");
		(void)is_i64(v->outweighed_by[0], i == 0 ? NO_FACT : 1, "R17: not measured");
		(void)ok(view_counts(v, 0) == (i == 0) && view_counts(v, 1) == (i == 1),
			 "R17: one of them counts");
		engine_free(e);
	}
}

/* What a source is read by is known from its source_read: as known before, its facts come from no measuring system. */
static void systems_as_known(void)
{
	const struct text probe = {"probe", 5};
	const struct view_rules measured = {.systems = &probe, .n_systems = 1};

	for (int i = 0; i < 2; i++) {
		struct engine *e = engine_new();
		instant read = engine_time(e, "2026-03-03 00:00");
		uint16_t source = facts_add_source(
			e->facts, (struct fact_source){.name = text_of("probe.csv"),
						       .format = text_of("probe"),
						       .read_at = read});

		(void)engine_fact(e, "2026-03-02 09:00 outage.began provider outage=O1 "
				     "assets=server recorded=2026-03-02T09:30");
		(void)engine_fact_from(e, source,
				       "2026-03-02 09:10 outage.began monitor outage=O1 "
				       "assets=server recorded=2026-03-02T09:40");

		struct view *v = view_make_by(e->arena, e->facts, read + DAY_MS,
					      i == 0 ? read - 1 : read, &measured);

		(void)ok(view_counts(v, 0) == (i == 0) && view_counts(v, 1) == (i == 1),
			 i == 0 ? "R17: the source was not read yet" : "R17: it was");
		engine_free(e);
	}
}

static void contested(void)
{
	const struct view_rules with = {.n_systems = 0}, without = {.without_contested = true};
	static const char *const facts =
		LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 id=f1\n"
		       "2026-03-02 10:30 fact.contested provider fact=f1\n"
		       "2026-03-02 11:00 fact.contested client fact=f1\n";

	for (int i = 0; i < 2; i++) {
		struct engine *e = engine_new();
		struct view *v = view_of(e, facts, i == 0 ? &with : &without);

		(void)is_i64(v->contested[1], 1, "contested by the other party");
		(void)is_i64((int64_t)v->kinds[FACT_TICKET_RESTORED].n, i == 0 ? 1 : 0,
			     "in view, or as if never reported");
		engine_free(e);
	}

	struct engine *e = engine_new();
	struct view *v =
		view_of(e,
			LOGGED "2026-03-02 10:00 ticket.restored provider ticket=T1 id=f1\n"
			       "2026-03-02 11:00 fact.contested provider fact=f1\n"
			       "2026-03-02 12:00 fact.accepted client fact=f1\n",
			&with);

	(void)is_i64(v->contested[1], 0, "nobody contests what he says himself");
	(void)is_i64(v->accepted[1], 1, "accepted by the other party");
	engine_free(e);
}

static const struct {
	const char *name, *fact;
	unsigned flags;
	bool waits;
} reported[] = {
	{"a pause of the provider", "2026-03-10 12:00 ticket.waiting_client provider ticket=T1 ",
	 FLAG_LATE | FLAG_RESTATING, true},
	{"a stop", "2026-03-10 12:00 ticket.restored provider ticket=T1 ",
	 FLAG_LATE | FLAG_RESTATING, false},
	{"of another month", "2026-04-10 12:00 ticket.waiting_client provider ticket=T1 ", 0,
	 false},
	{"out of scope", "2026-03-10 12:00 ticket.scope_set provider ticket=T1 in_scope=false ",
	 FLAG_LATE | FLAG_RESTATING, true},
	{"by the party it does not help",
	 "2026-03-10 12:00 ticket.waiting_client client ticket=T1 ", FLAG_LATE | FLAG_RESTATING,
	 false},
};

static void after_the_report(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(reported); i++)
		for (int accepted = 0; accepted < 2; accepted++) {
			const struct view_rules none = {.n_systems = 0};
			struct engine *e = engine_new();

			(void)engine_terms(
				e, "2026-01-01",
				"  priorities: [{id: P1, name: high}]\n"
				"  metrics: [{id: m, kind: elapsed, start: "
				"ticket.logged, stop: ticket.restored, targets: [{id: t, "
				"within: 4h}]}]\n"
				"  reporting: {every: 1mo, due: 10bd, to: "
				"[client.it_lead, client.executive]}\n");

			uint32_t x = engine_fact(e, text_format(e->arena,
								"%s recorded=2026-04-12T12:00 id=x",
								reported[i].fact)
							    .p);
			struct view *v = view_of(
				e,
				accepted != 0 ? "2026-04-20 12:00 fact.accepted client fact=x\n"
						"2026-04-20 12:00 fact.accepted provider fact=x\n"
					      : "",
				&none);

			view_reports(v, e->versions[0].promise);
			(void)is_i64(v->waits[x], 0, "%s: no report yet", reported[i].name);
			v = view_of(e,
				    "2026-04-02 12:00 report.delivered provider window=2026-03 "
				    "to=client.it_lead\n",
				    &none);
			view_reports(v, e->versions[0].promise);
			(void)is_i64(v->waits[x], 0, "%s: not to all roles", reported[i].name);
			v = view_of(e,
				    "2026-04-10 12:00 report.delivered provider window=2026-03 "
				    "to=client.executive\n",
				    &none);
			view_reports(v, e->versions[0].promise);
			(void)is_i64(v->waits[x], reported[i].waits && accepted == 0, "%s: waits",
				     reported[i].name);
			(void)is_i64(v->flags[x], reported[i].flags, "%s: flags", reported[i].name);
			engine_free(e);
		}
}

/* Many instants in any order: sorted, and stable. */
static void sorting(void)
{
	enum { N = 200000 };
	struct arena *a = arena_new((size_t)1 << 26);
	struct timed *v = arena_array(a, struct timed, N);
	uint64_t state = 20260311;
	bool sorted = true;

	note("seed %" PRIu64, state);
	for (uint32_t i = 0; i < N; i++) {
		state = state * 48271 % 2147483647;
		v[i] = (struct timed){(instant)(state % 50000) * 1000003 - 20000000000, i};
	}
	timed_sort(a, v, N);
	for (size_t i = 1; i < N; i++)
		sorted = sorted &&
			 (v[i - 1].at < v[i].at || (v[i - 1].at == v[i].at && v[i - 1].i < v[i].i));
	(void)ok(sorted, "sorted by instant, in order within one");
	arena_free(a);
}

int main(void)
{
	what_is_seen();
	chains();
	systems();
	systems_as_known();
	contested();
	after_the_report();
	sorting();
	return tap_done();
}

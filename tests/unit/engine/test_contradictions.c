/* SPDX-License-Identifier: Apache-2.0 */
/* Facts in dispute (sla.md R17, R19): what the one that does not count would change; which contested facts a window may turn on. */
#include "engine/contradictions.h"

#include "engine_fixture.h"

#define SLA                                                                                        \
	"  priorities: [{id: P1, name: one, test: t}]\n"                                           \
	"  metrics:\n"                                                                             \
	"    - {id: m, kind: elapsed, start: ticket.logged, stop: ticket.restored, targets: "      \
	"[{id: "                                                                                   \
	"t, within: 4h@desk}], window: calendar_month}\n"                                          \
	"    - {id: up, kind: availability, scope: [server], schedule: always, target: 99.5%, "    \
	"window: calendar_month, unknown: up}\n"                                                   \
	"  credits:\n"                                                                             \
	"    base: {charges: [care]}\n"                                                            \
	"    rules: [{id: late, metric: m, each_breach: 5%}, {id: down, metric: up, tiers: [{id: " \
	"a, below: 99.5%, credit: 5%}, {id: b, below: 99%, credit: 10%}]}]\n"

/* One record of two would change: the windows of March, before and after, and what March owes. */
static const struct {
	const char *name, *facts;
	const char *does_not_count;   /* ids, in order; a + tells that it changes something */
	const char *windows, *totals; /* of the first */
} cases[] = {
	{"nobody contradicts",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1 id=early\n",
	 "", "", ""},
	{"the client says restored later",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1 id=early\n"
	 "2026-03-10 15:00 ticket.restored client ticket=T1 id=later\n",
	 "later+", "m 2026-03 met-missed;", "0.00 USD-360.00 USD;"},
	{"later, but still in time",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 11:00 ticket.restored provider ticket=T1 id=early\n"
	 "2026-03-10 12:30 ticket.restored client ticket=T1 id=later\n",
	 "later", "", ""},
	{"another month alone is not March's",
	 "2026-02-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-02-10 12:00 ticket.restored provider ticket=T1 id=early\n"
	 "2026-02-10 15:00 ticket.restored client ticket=T1 id=later\n"
	 "2026-03-12 10:00 outage.began monitor outage=o1 assets=server\n"
	 "2026-03-12 11:00 outage.ended monitor outage=o1\n",
	 "", "", ""},
	{"begun in February by one record, ended in March",
	 "2026-02-27 09:00 outage.began monitor outage=o1 assets=server id=b1\n"
	 "2026-02-28 23:00 outage.began client outage=o1 assets=server id=b2\n"
	 "2026-03-01 01:00 outage.ended monitor outage=o1\n",
	 "b2", "", ""},
	{"a value moves, the verdict stays, the credit grows",
	 "2026-03-12 10:00 outage.began monitor outage=o1 assets=server\n"
	 "2026-03-12 15:00 outage.ended monitor outage=o1 id=e1\n"
	 "2026-03-12 20:00 outage.ended client outage=o1 id=e2\n",
	 "e2+", "up 2026-03 missed-missed 99.3271-98.6541;", "360.00 USD-720.00 USD;"},
	{"two, in order of time",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1\n"
	 "2026-03-10 15:00 ticket.restored client ticket=T1 id=later "
	 "recorded=2026-03-20T12:00:00Z\n"
	 "2026-03-03 09:00 ticket.logged client ticket=T2 priority=P1\n"
	 "2026-03-03 09:10 ticket.logged provider ticket=T2 id=entry\n"
	 "2026-03-03 10:00 ticket.restored provider ticket=T2\n",
	 "entry later+", "", ""},
};

static const char *verdict(enum verdict v)
{
	static const char *const words[] = {"met", "missed", "not judged"};

	return words[v];
}

static void put_value(struct buf *b, const struct window_result *w)
{
	if (w->value_set)
		decimal_print_places(b, w->shown, w->shown.scale);
}

static void put_changes(struct buf *windows, struct buf *totals, const struct outcome *o,
			const struct contradiction *x)
{
	for (size_t i = 0; i < x->n_windows; i++) {
		const struct window_result *w = &o->windows[x->windows[i].window];
		const struct metric *m = &outcome_promise(o, w->version)->metrics[w->metric];

		buf_printf(windows, "%.*s %s %s-%s", TEXT_ARG(m->id), w->label, verdict(w->verdict),
			   verdict(x->windows[i].after.verdict));
		if (m->kind == METRIC_AVAILABILITY) {
			buf_char(windows, ' ');
			put_value(windows, w);
			buf_char(windows, '-');
			put_value(windows, &x->windows[i].after);
		}
		buf_char(windows, ';');
		(void)ok(x->windows[i].after.clocks == NULL &&
				 x->windows[i].after.availability == NULL &&
				 x->windows[i].after.priorities == NULL &&
				 x->windows[i].after.alternative == NULL,
			 "nothing of the other evaluation is kept");
	}
	for (size_t i = 0; i < x->n_totals; i++) {
		money_print(totals, x->totals[i].before);
		buf_char(totals, '-');
		money_print(totals, x->totals[i].after);
		buf_char(totals, ';');
	}
}

static void is_buf(const struct buf *b, const char *want, const char *name, const char *what)
{
	(void)ok(text_is(buf_view(b), want), "%s: %s: '%.*s', not '%s'", name, what,
		 TEXT_ARG(buf_view(b)), want);
}

static void one_case(size_t i)
{
	struct engine *e = engine_new();
	struct contradiction *list = NULL;
	struct buf ids, windows, totals;
	struct err err = {.line = 0};

	(void)engine_terms(e, "2026-01-01", SLA);
	engine_facts(e, cases[i].facts);

	struct outcome *o =
		engine_outcome(e, "2026-04-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00");
	size_t n = contradictions_find(e->arena, o, &list);

	buf_init(&ids, 256);
	buf_init(&windows, 1024);
	buf_init(&totals, 256);
	for (size_t k = 0; k < n; k++) {
		struct arena *scratch = arena_new((size_t)1 << 30);

		(void)ok(!list[k].tried && list[k].n_windows == 0, "%s: not tried yet",
			 cases[i].name);
		(void)ok(contradiction_try(e->arena, scratch, o, &list[k], &err) == RC_OK &&
				 list[k].tried,
			 "%s: tried", cases[i].name);
		(void)is_i64(list[k].counted, o->view->outweighed_by[list[k].fact],
			     "%s: the one that counts", cases[i].name);
		arena_free(scratch); /* what it says must outlive the second evaluation */
		buf_printf(&ids, "%s%.*s%s", k > 0 ? " " : "",
			   TEXT_ARG(symbol_text(e->facts->symbols,
						view_fact(o->view, list[k].fact)->id)),
			   list[k].n_windows + list[k].n_totals > 0 ? "+" : "");
	}
	if (n > 0)
		put_changes(&windows, &totals, o, &list[0]);
	is_buf(&ids, cases[i].does_not_count, cases[i].name, "does not count");
	is_buf(&windows, cases[i].windows, cases[i].name, "windows");
	is_buf(&totals, cases[i].totals, cases[i].name, "totals");
	buf_free(&ids);
	buf_free(&windows);
	buf_free(&totals);
	engine_free(e);
}

/* Trying one record leaves the outcome as it was: asked again, it says the same. */
static void leaves_no_trace(void)
{
	struct engine *e = engine_new();
	struct contradiction *first = NULL, *second = NULL;
	struct err err = {.line = 0};

	(void)engine_terms(e, "2026-01-01", SLA);
	engine_facts(e, cases[1].facts);

	struct outcome *o =
		engine_outcome(e, "2026-04-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00");

	(void)contradictions_find(e->arena, o, &first);
	(void)contradictions_find(e->arena, o, &second);
	(void)ok(contradiction_try(e->arena, e->arena, o, &first[0], &err) == RC_OK, "once");
	(void)ok(contradiction_try(e->arena, e->arena, o, &second[0], &err) == RC_OK, "and again");
	(void)is_i64((int64_t)first[0].n_windows, 1, "one window");
	(void)is_i64((int64_t)second[0].n_windows, 1, "and again one");
	(void)is_i64(engine_window(o, "m", "2026-03")->verdict, VERDICT_MET, "the outcome stays");
	engine_free(e);
}

/* Which contested facts a held window names. */
static const struct {
	const char *name, *facts, *metric, *ids;
} contests[] = {
	{"a ticket's end, contested by the client",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1 id=end\n"
	 "2026-03-20 12:00 fact.contested client fact=end id=no\n",
	 "m", "end<no"},
	{"an outage is not a case of a ticket's window",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1 id=end\n"
	 "2026-03-11 12:00 outage.began monitor outage=o1 assets=server id=down\n"
	 "2026-03-11 20:00 outage.ended monitor outage=o1\n"
	 "2026-03-20 12:00 fact.contested client fact=end id=no\n"
	 "2026-03-20 12:00 fact.contested provider fact=down id=nope\n",
	 "m", "end<no"},
	{"nor a ticket one of an availability's",
	 "2026-03-10 09:00 ticket.logged client ticket=T1 priority=P1\n"
	 "2026-03-10 12:00 ticket.restored provider ticket=T1 id=end\n"
	 "2026-03-11 12:00 outage.began monitor outage=o1 assets=server id=down\n"
	 "2026-03-11 20:00 outage.ended monitor outage=o1\n"
	 "2026-03-20 12:00 fact.contested client fact=end id=no\n"
	 "2026-03-20 12:00 fact.contested provider fact=down id=nope\n",
	 "up", "down<nope"},
	{"settled: nothing is contested",
	 "2026-03-11 12:00 outage.began monitor outage=o1 assets=server id=down\n"
	 "2026-03-11 20:00 outage.ended monitor outage=o1\n"
	 "2026-03-20 12:00 fact.contested provider fact=down\n"
	 "2026-03-21 12:00 dispute.settled provider fact=down outcome=upheld\n",
	 "up", ""},
	{"one of February says nothing of March, if March has its own",
	 "2026-02-11 12:00 outage.began monitor outage=o0 assets=server id=old\n"
	 "2026-02-11 20:00 outage.ended monitor outage=o0\n"
	 "2026-03-11 12:00 outage.began monitor outage=o1 assets=server id=down\n"
	 "2026-03-11 20:00 outage.ended monitor outage=o1\n"
	 "2026-03-20 12:00 fact.contested provider fact=old\n"
	 "2026-03-20 12:00 fact.contested provider fact=down id=nope\n",
	 "up", "down<nope"},
};

static void contested(size_t i)
{
	struct engine *e = engine_new();
	uint32_t *list = NULL;
	struct buf ids;

	(void)engine_terms(e, "2026-01-01", SLA);
	engine_facts(e, contests[i].facts);

	struct outcome *o =
		engine_outcome(e, "2026-04-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00");
	const struct window_result *w = engine_window(o, contests[i].metric, "2026-03");
	size_t n = contested_facts(e->arena, o, (uint32_t)(w - o->windows), &list);

	(void)is_i64(w->held, contests[i].ids[0] != '\0', "%s: held", contests[i].name);
	buf_init(&ids, 256);
	for (size_t k = 0; k < n; k++) {
		uint32_t by = contested_by(o, list[k]);

		buf_printf(
			&ids, "%s%.*s<", k > 0 ? " " : "",
			TEXT_ARG(symbol_text(e->facts->symbols, view_fact(o->view, list[k])->id)));
		if (by != NO_FACT)
			buf_text(&ids, symbol_text(e->facts->symbols, view_fact(o->view, by)->id));
	}
	is_buf(&ids, contests[i].ids, contests[i].name, "contested");
	buf_free(&ids);
	engine_free(e);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		one_case(i);
	leaves_no_trace();
	for (size_t i = 0; i < ARRAY_SIZE(contests); i++)
		contested(i);
	return tap_done();
}

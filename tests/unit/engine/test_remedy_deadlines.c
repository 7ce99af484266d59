/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines of acts (sla.md R11, R68, R69): what is listed, who must act, and in what state. */
#include "remedy_fixture.h"

static const char *const tiers[][2] = {{"99.9", "5"}};

static struct fixture *reported(void)
{
	struct fixture *fx = fixture_new();

	add_charge(fx, "managed", "7200.00 USD");
	set_base(fx, 1, (const int[]){0});
	set_reporting(fx, "10bd", LATE_NONE, "0");
	fx->o.in.period = (struct span){midnight(fx, "2026-03-01"), midnight(fx, "2026-04-01")};
	return fx;
}

static const struct act_deadline *find(const struct fixture *fx, enum deadline_kind kind,
				       const char *subject)
{
	for (size_t i = 0; i < fx->o.n_deadlines; i++)
		if (fx->o.deadlines[i].kind == kind && text_is(fx->o.deadlines[i].subject, subject))
			return &fx->o.deadlines[i];
	return NULL;
}

static void is_deadline(const struct fixture *fx, enum deadline_kind kind, const char *subject,
			const char *at, enum deadline_state state, enum party who)
{
	const struct act_deadline *d = find(fx, kind, subject);

	if (!ok(d != NULL, "%s is listed", subject))
		return;
	is_instant(d->at, at, "%s: when", subject);
	is_i64(d->state, state, "%s: state", subject);
	is_i64(d->who, who, "%s: who", subject);
}

/* Two metrics have one report a month; those of months to come are there, those of the past only if still owed. */
static void reports(void)
{
	struct fixture *fx = reported();

	for (uint16_t m = UPTIME; m <= RESPONSE; m++) {
		add_window(fx, m, "2026-01", "99.95");
		add_window(fx, m, "2026-02", "99.95");
		add_window(fx, m, "2026-03", "99.95");
		add_window(fx, m, "2026-04", NULL)->running = true;
	}
	add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-02-13T00:00:00Z",
		 SAID({FIELD_WINDOW, "2026-01"}));
	add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-03-14T04:00:00Z",
		 SAID({FIELD_WINDOW, "2026-02"}));
	settle(fx, "2026-04-02T12:00:00Z");
	ok(find(fx, DEADLINE_REPORT, "2026-01") == NULL, "January is done and long past");
	is_deadline(fx, DEADLINE_REPORT, "2026-02", "2026-03-14T04:00:00Z", DEADLINE_MET,
		    PARTY_PROVIDER);
	is_deadline(fx, DEADLINE_REPORT, "2026-03", "2026-04-15T04:00:00Z", DEADLINE_OPEN,
		    PARTY_PROVIDER);
	is_deadline(fx, DEADLINE_REPORT, "2026-04", "2026-05-15T04:00:00Z", DEADLINE_OPEN,
		    PARTY_PROVIDER);
	is_deadline(fx, DEADLINE_REPORT, "2026-05", "2026-06-13T04:00:00Z", DEADLINE_OPEN,
		    PARTY_PROVIDER);
	ok(find(fx, DEADLINE_REPORT, "2026-06") == NULL, "June's is more than 90 days ahead");
	is_i64((int64_t)fx->o.n_deadlines, 4, "one a month, however many metrics");
	for (size_t i = 1; i < fx->o.n_deadlines; i++)
		ok(fx->o.deadlines[i - 1].at <= fx->o.deadlines[i].at, "in order");
	arena_free(fx->arena);
}

/* What is owed stays on the list until it is done. */
static void overdue(void)
{
	static const struct {
		const char *name, *delivered;
		bool listed;
	} cases[] = {
		{"never delivered", NULL, true},
		{"delivered late", "2026-02-20T00:00:00Z", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = reported();
		const struct act_deadline *d;

		add_window(fx, UPTIME, "2026-01", "99.95");
		if (cases[i].delivered != NULL)
			add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, cases[i].delivered,
				 SAID({FIELD_WINDOW, "2026-01"}));
		settle(fx, "2026-04-02T12:00:00Z");
		d = find(fx, DEADLINE_REPORT, "2026-01");
		ok((d != NULL) == cases[i].listed, "%s: listed after its period", cases[i].name);
		if (d != NULL)
			is_i64(d->state, DEADLINE_LATE, "%s: late", cases[i].name);
		arena_free(fx->arena);
	}
}

/* R69: delivered when the last required role could read it; a delivery to nobody in particular reaches all. */
static void roles(void)
{
	static const struct text to[] = {{"client.executive", 16}, {"client.it_lead", 14}};
	struct fixture *fx = reported();
	struct window_result *w = add_window(fx, UPTIME, "2026-02", "99.95");
	struct window_result *january = add_window(fx, UPTIME, "2026-01", "99.95");

	fx->promises[0].reporting.to = to;
	fx->promises[0].reporting.n_to = 2;
	add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-03-10T00:00:00Z",
		 SAID({FIELD_WINDOW, "2026-02"}, {FIELD_TO_ROLE, "client.it_lead"}));
	add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-03-16T00:00:00Z",
		 SAID({FIELD_WINDOW, "2026-02"}, {FIELD_TO_ROLE, "client.executive"}));
	add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-02-10T00:00:00Z",
		 SAID({FIELD_WINDOW, "2026-01"}));
	settle(fx, "2026-04-02T12:00:00Z");
	is_instant(w->report_delivered, "2026-03-16T00:00:00Z", "when the last could read it");
	is_instant(january->report_delivered, "2026-02-10T00:00:00Z", "to all at once");
	is_deadline(fx, DEADLINE_REPORT, "2026-02", "2026-03-14T04:00:00Z", DEADLINE_LATE,
		    PARTY_PROVIDER);
	arena_free(fx->arena);
}

/* Reports every three months tell of all their months, and are due after the last. */
static void quarterly(void)
{
	static const char *const labels[] = {"2026-Q1", "2026-02"};

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		struct fixture *fx = reported();
		struct window_result *w = add_window(fx, UPTIME, "2026-02", "99.95");

		fx->promises[0].reporting.every.n = 3;
		add_window(fx, UPTIME, "2026-03", "99.95");
		add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, "2026-04-10T00:00:00Z",
			 SAID({FIELD_WINDOW, labels[i]}));
		settle(fx, "2026-04-20T12:00:00Z");
		is_instant(w->report_due, "2026-04-15T04:00:00Z", "10bd after the quarter");
		is_instant(w->report_delivered, "2026-04-10T00:00:00Z", "delivered as %s",
			   labels[i]);
		is_deadline(fx, DEADLINE_REPORT, "2026-Q1", "2026-04-15T04:00:00Z",
			    i == 0 ? DEADLINE_MET : DEADLINE_LATE, PARTY_PROVIDER);
		arena_free(fx->arena);
	}
}

/* A late quarterly report gives one credit, not one a month or metric. */
static void one_late_credit(void)
{
	struct fixture *fx = reported();

	set_reporting(fx, "10bd", LATE_CREDIT, "1");
	fx->promises[0].reporting.every.n = 3;
	for (uint16_t m = UPTIME; m <= RESPONSE; m++) {
		add_window(fx, m, "2026-01", "99.95");
		add_window(fx, m, "2026-02", "99.95");
		add_window(fx, m, "2026-03", "99.95");
	}
	settle(fx, "2026-05-02T12:00:00Z");
	is_i64((int64_t)fx->o.n_credits, 1, "one credit for one report");
	is_money(total_in(fx, "2026-03"), "72.00 USD", "in the month in which it ended");
	arena_free(fx->arena);
}

static void claim_and_right(void)
{
	struct fixture *fx = reported();
	struct credits *k = &fx->promises[0].credits;

	k->claim = true;
	k->claim_within = timing(fx, "30d");
	k->claim_from_window_end = true;
	add_tiers(fx, "uptime", UPTIME, 1, tiers);
	add_tiers(fx, "spare", SPARE, 1, tiers);
	fx->promises[0].n_chronic = 1;
	fx->chronic[0] = (struct chronic_rule){.id = text_of("once"),
					       .metric = UPTIME,
					       .misses = 1,
					       .out_of = 1,
					       .exercise_within = timing(fx, "60d")};
	add_window(fx, UPTIME, "2026-03", "99.5");
	add_window(fx, SPARE, "2026-03", "99.5");
	settle(fx, "2026-04-02T12:00:00Z");
	is_deadline(fx, DEADLINE_CLAIM, "2026-03", "2026-05-01T04:00:00Z", DEADLINE_OPEN,
		    PARTY_CLIENT);
	is_deadline(fx, DEADLINE_RIGHT, "once", "2026-05-31T04:00:00Z", DEADLINE_OPEN,
		    PARTY_CLIENT);
	size_t claims = 0;

	for (size_t i = 0; i < fx->o.n_deadlines; i++)
		claims += fx->o.deadlines[i].kind == DEADLINE_CLAIM;
	is_i64((int64_t)claims, 1, "one claim covers all metrics of the window");
	arena_free(fx->arena);
}

/* W22: access within 4h of working time, requested on Tuesday at 11:00: the allowance ends at 15:00. */
static void obligations(void)
{
	static const struct {
		const char *name, *met, *as_of;
		enum deadline_state state;
		bool listed;
	} cases[] = {
		{"open", NULL, "2026-02-03T18:00:00Z", DEADLINE_OPEN, true},
		{"overdue", NULL, "2026-02-03T20:00:00.001Z", DEADLINE_LATE, true},
		{"overdue, long after", NULL, "2026-05-02T00:00:00Z", DEADLINE_LATE, true},
		{"met late", "2026-02-04T15:15:00Z", "2026-02-05T00:00:00Z", DEADLINE_LATE, true},
		{"met at the last instant", "2026-02-03T20:00:00Z", "2026-02-05T00:00:00Z",
		 DEADLINE_MET, true},
		{"met, long after", "2026-02-03T20:00:00Z", "2026-05-02T00:00:00Z", DEADLINE_MET,
		 false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fixture *fx = reported();
		const struct act_deadline *d;

		fx->promises[0].reporting.set = false;
		fx->promises[0].n_obligations = 1;
		fx->obligations[0] = (struct obligation){.id = text_of("access"),
							 .within = timing(fx, "4h@business")};
		fx->o.in.period.from = midnight(fx, cases[i].listed ? "2026-02-01" : "2026-04-01");
		add_fact(fx, FACT_OBLIGATION_REQUESTED, PARTY_PROVIDER, "2026-02-03T16:00:00Z",
			 SAID({FIELD_EVENT_ID, "E-1"}, {FIELD_OBLIGATION, "access"}));
		if (cases[i].met != NULL)
			add_fact(fx, FACT_OBLIGATION_MET, PARTY_CLIENT, cases[i].met,
				 SAID({FIELD_EVENT_ID, "E-1"}));
		settle(fx, cases[i].as_of);
		d = find(fx, DEADLINE_OBLIGATION, "E-1");
		ok((d != NULL) == cases[i].listed, "%s: listed", cases[i].name);
		if (d != NULL) {
			is_instant(d->at, "2026-02-03T20:00:00Z", "%s: when", cases[i].name);
			is_i64(d->state, cases[i].state, "%s: state", cases[i].name);
			is_i64(d->who, PARTY_CLIENT, "%s: who", cases[i].name);
		}
		arena_free(fx->arena);
	}
}

int main(void)
{
	reports();
	overdue();
	roles();
	quarterly();
	one_late_credit();
	claim_and_right();
	obligations();
	return tap_done();
}

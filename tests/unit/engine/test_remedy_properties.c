/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold whatever the contract and the year were: credits never exceed caps, parts sum to the whole, every amount is
 * explained by its cuts, and nothing depends on the order in which facts arrived or samples are listed.
 */
#include "remedy_fixture.h"

#include "unit/money/random.h"

#include <string.h>

enum { ROUNDS = 400, MONTHS = 16, EVENTS_MAX = 40 };

static const char *const tiers[][2] = {{"99.9", "3.7"}, {"99", "11.13"}, {"98", "33.333333333"}};
static const char *const values[] = {"100", "99.95", "99.9", "99.5", "98.7", "97", "42"};
static const enum rounding roundings[] = {ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN};

/* A number from the round's own seed, so that two fixtures of one round are equal. */
static uint64_t state;

static int64_t pick(int64_t n)
{
	state ^= (state & (UINT64_MAX >> 13)) << 13;
	state ^= state >> 7;
	state ^= (state & (UINT64_MAX >> 17)) << 17;
	return (int64_t)(state % (uint64_t)n);
}

static struct text name_of(struct fixture *fx, const char *kind, int64_t n)
{
	return text_format(fx->arena, "%s%" PRId64, kind, n);
}

static void random_terms(struct fixture *fx)
{
	static const enum cap_per pers[] = {CAP_CALENDAR_MONTH, CAP_CALENDAR_QUARTER,
					    CAP_CALENDAR_YEAR, CAP_CONTRACT_YEAR};
	static const enum cap_of ofs[] = {CAP_MONTH_CHARGES, CAP_QUARTER_CHARGES, CAP_YEAR_CHARGES,
					  CAP_AVERAGE_MONTH_12MO};
	static const char *const pcts[] = {"0", "1.5", "10", "12.345678901", "100"};
	struct credits *k = &fx->promises[0].credits;

	add_charge(fx, "managed", NULL)->amount =
		(struct money){pick(INT64_C(1000000000000)) + 1, {"USD", 2}};
	fx->charges[0].amount_set = true;
	add_charge(fx, "other", "123.45 USD");
	set_base(fx, 1 + (size_t)pick(2), (const int[]){0, 1});
	add_tiers(fx, "uptime", UPTIME, 3, tiers)->edge =
		pick(2) == 0 ? EDGE_BELOW : EDGE_AT_OR_BELOW;
	add_breach_rule(fx, "each", RESPONSE, "1.9");

	int64_t times = 1 + pick(3);

	add_pattern(fx, "pattern", "99.5", times, 3 + pick(3), "6.01");
	add_tiers(fx, "spare", SPARE, 3, tiers);
	k->combine = (enum combine)pick(3);
	k->same_cause_sum = pick(2) == 0;
	for (int64_t n = pick(4); n > 0; n--) {
		enum cap_per per = pers[pick(4)];
		const char *pct = pcts[pick(5)];

		add_cap(fx, per, pct, ofs[pick(4)]);
	}
	fx->promises[0].rounding = roundings[pick(3)];
	fx->promises[0].effective_day = date("2025-01-01") + (day)pick(60);
	set_reporting(fx, "10bd", (enum if_late)pick(3), "1");
}

static void random_months(struct fixture *fx, bool backwards)
{
	for (uint16_t m = UPTIME; m < METRICS; m++) {
		day first = day_of(2025, 6, 1);

		for (int64_t i = 0; i < MONTHS; i++, first = day_add_months(first, 1)) {
			struct civil c = civil_of(first);
			char month[16];
			int64_t missed = pick(4);
			const char *shown = pick(8) == 0 ? NULL : values[pick(7)];
			int64_t ticket = pick(20);

			(void)snprintf(month, sizeof(month), "%04d-%02d", (int)c.year,
				       (int)c.month);

			struct window_result *w = add_window(fx, m, month, shown);

			for (int64_t s = 0; m == RESPONSE && s < missed; s++) {
				int64_t which = ticket + (backwards ? missed - 1 - s : s);

				add_sample(fx, w, name_of(fx, "T", which).p, 0, true);
			}
			if (m != RESPONSE && shown != NULL)
				w->clocks = NULL;
		}
	}
}

/* Deliveries and causes, recorded in one order or the other; ids differ, instants do not. */
static void random_facts(struct fixture *fx, bool backwards)
{
	struct {
		const char *window, *cause, *event;
		const char *at;
	} events[EVENTS_MAX];
	size_t n = 0;

	for (int64_t i = 0; i < 12; i++, n++) {
		events[n].window = name_of(fx, "2025-0", 6 + pick(4)).p;
		events[n].cause = NULL;
		int64_t month = 7 + pick(5), mday = 1 + pick(28);

		events[n].at = text_format(fx->arena,
					   "2025-%02" PRId64 "-%02" PRId64 "T10:%02" PRId64 ":00Z",
					   month, mday, i)
				       .p;
	}
	for (int64_t i = 0; i < 12; i++, n++) {
		events[n].window = NULL;
		events[n].cause = name_of(fx, "RC", pick(3)).p;
		events[n].event = name_of(fx, "T", pick(20)).p;
		events[n].at = text_format(fx->arena, "2025-12-01T11:%02" PRId64 ":00Z", i).p;
	}
	for (size_t i = 0; i < n; i++) {
		size_t k = backwards ? n - 1 - i : i;

		if (events[k].window != NULL)
			add_fact(fx, FACT_REPORT_DELIVERED, PARTY_PROVIDER, events[k].at,
				 SAID({FIELD_WINDOW, events[k].window}));
		else
			add_fact(fx, FACT_CAUSE_LINKED, PARTY_PROVIDER, events[k].at,
				 SAID({FIELD_CAUSE, events[k].cause},
				      {FIELD_EVENTS, events[k].event}));
	}
}

static struct fixture *random_fixture(uint64_t seed, bool backwards)
{
	struct fixture *fx = fixture_new();

	state = seed | 1;
	random_terms(fx);
	random_months(fx, backwards);
	random_facts(fx, backwards);
	settle(fx, "2026-12-01T00:00:00Z");
	return fx;
}

/* Parts sum to the whole; an exact amount is what was kept and what each cap took. */
static bool explained(const struct fixture *fx, const struct settlement *s)
{
	struct money sum = {0, s->total.currency};

	for (size_t i = 0; i < s->n_credits; i++) {
		const struct credit *c = &fx->o.credits[s->credits[i]];
		struct fraction whole = c->after_caps;

		for (size_t k = 0; k < c->n_cuts; k++)
			whole = fraction_add(whole, c->cuts[k].cut);
		if (fraction_cmp(whole, c->exact) != 0 || c->after_caps.num < 0)
			return false;
		if (c->fate == CREDIT_DUE)
			sum = money_add(sum, c->amount);
		if (c->amount.minor < 0 || (c->fate != CREDIT_DUE && c->other != UINT32_MAX &&
					    fx->o.credits[c->other].fate == CREDIT_SAME_CAUSE))
			return false;
	}
	return sum.minor == s->total.minor && s->lapsed.minor >= 0;
}

/* What was given in each period of each cap, up to and with this month, is not above the cap as money. */
static bool within_caps(const struct fixture *fx, const struct settlement *s)
{
	const struct promise *p = &fx->promises[0];

	for (size_t i = 0; i < s->n_caps; i++) {
		const struct cap_use *use = &s->caps[i];
		struct money limit = money_round(use->limit, p->currency, p->rounding);
		struct money before = money_round(use->used_before, p->currency, p->rounding);
		int64_t given = before.minor + s->total.minor;
		int64_t most = limit.minor > before.minor ? limit.minor : before.minor;

		if (given > most || use->cut.num < 0)
			return false;
	}
	return true;
}

/* used_before is what the settlements of the period before this month come to. */
static bool caps_add_up(const struct fixture *fx, const struct settlement *s)
{
	for (size_t i = 0; i < s->n_caps; i++) {
		const struct cap_use *use = &s->caps[i];
		int64_t sum = 0;

		for (size_t k = 0; k < fx->o.n_settlements; k++) {
			const struct settlement *x = &fx->o.settlements[k];

			if (x->month.from < s->month.from && x->month.to - 1 >= use->period.from)
				sum += x->total.minor;
		}
		if (fraction_cmp(use->used_before, fraction_of(sum, 100)) != 0)
			return false;
	}
	return true;
}

static bool same_money(const struct fixture *x, const struct fixture *y)
{
	if (x->o.n_settlements != y->o.n_settlements || x->o.n_credits != y->o.n_credits)
		return false;
	for (size_t i = 0; i < x->o.n_settlements; i++) {
		const struct settlement *s = &x->o.settlements[i], *t = &y->o.settlements[i];

		if (s->total.minor != t->total.minor || s->lapsed.minor != t->lapsed.minor ||
		    s->month.from != t->month.from)
			return false;
	}
	return true;
}

int main(void)
{
	int64_t unexplained = 0, above = 0, off = 0, unequal = 0, cut = 0, shared = 0, late = 0;

	random_start();
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t seed = random_bits();
		struct fixture *fx = random_fixture(seed, false),
			       *other = random_fixture(seed, true);

		for (size_t s = 0; s < fx->o.n_settlements; s++) {
			const struct settlement *x = &fx->o.settlements[s];

			unexplained += !explained(fx, x);
			above += !within_caps(fx, x);
			off += !caps_add_up(fx, x);
		}
		for (size_t c = 0; c < fx->o.n_credits; c++) {
			cut += fx->o.credits[c].n_cuts > 0;
			shared += fx->o.credits[c].fate == CREDIT_SAME_CAUSE;
			late += fx->o.credits[c].rule < 0;
		}
		unequal += !same_money(fx, other);
		arena_free(fx->arena);
		arena_free(other->arena);
	}
	is_i64(unexplained, 0, "parts sum to totals, and cuts explain what is missing");
	is_i64(above, 0, "credits never exceed a cap");
	is_i64(off, 0, "a cap is used up by the months before, in order");
	is_i64(unequal, 0, "the order of facts and of samples changes nothing");
	ok(cut > ROUNDS && shared > ROUNDS / 4 && late > ROUNDS, "the rounds had something to cut");
	note("%" PRId64 " cut, %" PRId64 " of one cause, %" PRId64 " late", cut, shared, late);
	return tap_done();
}

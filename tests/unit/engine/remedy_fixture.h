/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small contract in New York, its judged windows and facts, written down field by field: what remedies work on, without the
 * rooms that make it. The zone is a rule, the calendar Monday to Friday.
 */
#ifndef TESTS_REMEDY_FIXTURE_H
#define TESTS_REMEDY_FIXTURE_H

#include "engine/remedy.h"

#include "tap.h"
#include "unit/time/zones.h"

#include <assert.h>

enum {
	UPTIME,   /* availability */
	RESPONSE, /* elapsed */
	SPARE,    /* a second availability metric */
	METRICS,
	VERSIONS_MAX = 3,
	WINDOWS_MAX = 256,
	CLOCKS_MAX = 128,
	ITEMS_MAX = 8,
};

struct fixture {
	struct arena *arena;
	const struct zone *zone;
	const struct calendar *business;
	struct promise promises[VERSIONS_MAX];
	struct version versions[VERSIONS_MAX];
	struct metric metrics[METRICS];
	struct priority priorities[2];
	struct credit_rule rules[ITEMS_MAX];
	struct cap_rule caps[ITEMS_MAX];
	struct charge charges[ITEMS_MAX];
	struct chronic_rule chronic[2];
	struct obligation obligations[2];
	struct window_result windows[WINDOWS_MAX];
	struct clock clocks[CLOCKS_MAX];
	struct facts *facts;
	uint16_t source;
	struct outcome o;
};

UNUSED static struct decimal dec(const char *s)
{
	struct err err = {0};
	struct decimal d = {0, 0};

	if (decimal_parse(text_of(s), &d, &err) != RC_OK) {
		printf("Bail out! bad number in the test: %s\n", s);
		exit(1);
	}
	return d;
}

UNUSED static struct money usd(const char *s)
{
	struct err err = {0};
	struct money m = {0, {"USD", 2}};

	if (money_parse(text_of(s), &m, &err) != RC_OK) {
		printf("Bail out! bad money in the test: %s\n", s);
		exit(1);
	}
	return m;
}

/* The contract's duration, "10bd" or "4h@desk", with the fixture's calendar. */
UNUSED static struct timing timing(const struct fixture *fx, const char *s)
{
	struct timing t = {.set = true};
	struct err err = {0};

	if (duration_parse(text_of(s), &t.duration, &err) != RC_OK) {
		printf("Bail out! bad duration in the test: %s\n", s);
		exit(1);
	}
	if (t.duration.calendar.n > 0)
		t.calendar = fx->business;
	return t;
}

UNUSED static instant midnight(const struct fixture *fx, const char *day_text)
{
	return zone_midnight(fx->zone, date(day_text));
}

/* One version in force for ever, with metrics and no remedies; from 1 January 2025 for five years. */
UNUSED static struct fixture *fixture_new(void)
{
	static const struct day_range office[] = {{9 * 60, 17 * 60}};
	static const char *const ids[METRICS] = {"uptime", "response", "spare"};
	struct arena *a = arena_new((size_t)1 << 28);
	struct fixture *fx = arena_one(a, struct fixture);
	struct calendar_spec spec = {.id = text_of("business")};
	struct err err = {0};

	fx->arena = a;
	fx->zone = rule_zone(a, "America/New_York", "EST5EDT,M3.2.0,M11.1.0");
	spec.zone = fx->zone;
	for (size_t d = 0; d < 5; d++) {
		spec.week[d].v = office;
		spec.week[d].n = 1;
	}
	if (calendar_new(a, &spec, &fx->business, &err) != RC_OK) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
	for (size_t i = 0; i < METRICS; i++) {
		fx->metrics[i].id = text_of(ids[i]);
		fx->metrics[i].kind = i == RESPONSE ? METRIC_ELAPSED : METRIC_AVAILABILITY;
		fx->metrics[i].service = -1;
	}
	fx->priorities[0].id = text_of("P1");
	fx->priorities[1].id = text_of("P2");
	fx->promises[0] = (struct promise){.currency = {"USD", 2},
					   .zone = fx->zone,
					   .business = fx->business,
					   .effective_day = date("2025-01-01"),
					   .service_start_day = date("2025-01-01"),
					   .effective = midnight(fx, "2025-01-01"),
					   .service_start = midnight(fx, "2025-01-01"),
					   .end = midnight(fx, "2030-01-01"),
					   .metrics = fx->metrics,
					   .n_metrics = METRICS,
					   .priorities = fx->priorities,
					   .n_priorities = 2,
					   .charges = fx->charges};
	fx->promises[0].credits.rules = fx->rules;
	fx->promises[0].credits.caps = fx->caps;
	fx->promises[0].chronic = fx->chronic;
	fx->promises[0].obligations = fx->obligations;
	fx->versions[0] = (struct version){&fx->promises[0], INSTANT_MIN};
	fx->facts = facts_new(a);
	fx->source = facts_add_source(fx->facts, (struct fact_source){.name = text_of("test")});
	fx->o = (struct outcome){.arena = a, .windows = fx->windows, .clocks = fx->clocks};
	fx->o.in = (struct evaluation){.versions = fx->versions,
				       .n_versions = 1,
				       .facts = fx->facts,
				       .as_of = utc("2027-01-01T05:00:00Z"),
				       .known_as_of = utc("2027-01-01T05:00:00Z")};
	return fx;
}

/* --- terms --- */

UNUSED static struct charge *add_charge(struct fixture *fx, const char *id, const char *amount)
{
	struct promise *p = &fx->promises[0];
	struct charge *c = &fx->charges[p->n_charges++];

	assert(p->n_charges <= ITEMS_MAX);
	*c = (struct charge){.id = text_of(id),
			     .type = CHARGE_RECURRING,
			     .amount_set = amount != NULL,
			     .period = {1, UNIT_MO, {NULL, 0}},
			     .period_set = true,
			     .from = DAY_NONE,
			     .until = DAY_NONE};
	if (amount != NULL)
		c->amount = usd(amount);
	return c;
}

/* Credits are a share of the charges with these indexes. */
UNUSED static void set_base(struct fixture *fx, size_t n, const int *charges)
{
	struct credits *k = &fx->promises[0].credits;
	int *copy = arena_array(fx->arena, int, n);

	for (size_t i = 0; i < n; i++)
		copy[i] = charges[i];
	k->set = true;
	k->base_charges = copy;
	k->n_base_charges = n;
}

UNUSED static struct credit_rule *add_rule(struct fixture *fx, const char *id, int metric,
					   enum rule_form form)
{
	struct credits *k = &fx->promises[0].credits;
	struct credit_rule *rule = &fx->rules[k->n_rules++];

	assert(k->n_rules <= ITEMS_MAX);
	k->set = true;
	*rule = (struct credit_rule){
		.id = text_of(id), .metric = metric, .priority = -1, .form = form};
	return rule;
}

/* Tiers as "99.9 5 99 10 98 25": below, credit. */
UNUSED static struct credit_rule *add_tiers(struct fixture *fx, const char *id, int metric,
					    size_t n, const char *const (*tiers)[2])
{
	struct credit_rule *rule = add_rule(fx, id, metric, RULE_TIERS);
	struct tier *v = arena_array(fx->arena, struct tier, n);

	for (size_t i = 0; i < n; i++) {
		v[i].below = dec(tiers[i][0]);
		v[i].credit = dec(tiers[i][1]);
	}
	rule->tiers = v;
	rule->n_tiers = n;
	return rule;
}

UNUSED static struct credit_rule *add_breach_rule(struct fixture *fx, const char *id, int metric,
						  const char *pct)
{
	struct credit_rule *rule = add_rule(fx, id, metric, RULE_EACH_BREACH);

	rule->each_breach = dec(pct);
	return rule;
}

UNUSED static struct credit_rule *add_pattern(struct fixture *fx, const char *id, const char *below,
					      int64_t times, int64_t in, const char *pct)
{
	struct credit_rule *rule = add_rule(fx, id, UPTIME, RULE_PATTERN);

	rule->pattern_below = dec(below);
	rule->pattern_times = times;
	rule->pattern_in = in;
	rule->pattern_credit = dec(pct);
	return rule;
}

UNUSED static void add_cap(struct fixture *fx, enum cap_per per, const char *pct, enum cap_of of)
{
	struct credits *k = &fx->promises[0].credits;

	assert(k->n_caps < ITEMS_MAX);
	fx->caps[k->n_caps++] = (struct cap_rule){.per = per, .pct = dec(pct), .of = of};
}

UNUSED static void set_reporting(struct fixture *fx, const char *due, enum if_late if_late,
				 const char *late_credit)
{
	fx->promises[0].reporting = (struct reporting){.set = true,
						       .every = {1, UNIT_MO, {NULL, 0}},
						       .due = timing(fx, due),
						       .if_late = if_late,
						       .late_credit = dec(late_credit)};
}

/* --- what was measured --- */

/* A month of a metric with its value in percent; NULL: none, not judged. Met or missed by a target of 99.9. */
UNUSED static struct window_result *add_window(struct fixture *fx, uint16_t metric,
					       const char *month, const char *shown)
{
	struct window_result *w = &fx->windows[fx->o.n_windows++];
	day first = DAY_NONE;

	assert(fx->o.n_windows <= WINDOWS_MAX);
	if (!month_parse(text_of(month), &first)) {
		printf("Bail out! bad month in the test: %s\n", month);
		exit(1);
	}
	*w = (struct window_result){.metric = metric,
				    .verdict = VERDICT_NOT_JUDGED,
				    .why_not = NJ_NO_SAMPLES,
				    .value = {0, 1},
				    .target = dec("99.9"),
				    .target_set = true,
				    .report_due = INSTANT_NONE,
				    .report_delivered = INSTANT_NONE};
	w->window.from = zone_midnight(fx->zone, first);
	w->window.to = zone_midnight(fx->zone, day_add_months(first, 1));
	w->judged = w->window;
	(void)snprintf(w->label, sizeof(w->label), "%s", month);
	if (shown != NULL) {
		w->value_set = true;
		w->shown = dec(shown);
		w->why_not = JUDGED;
		w->verdict = decimal_cmp(w->shown, w->target) < 0 ? VERDICT_MISSED : VERDICT_MET;
	}
	return w;
}

/* A sample of the last window, missed or met, on a ticket that a fact named. */
UNUSED static struct clock *add_sample(struct fixture *fx, struct window_result *w,
				       const char *ticket, int16_t priority, bool missed)
{
	struct clock *c = &fx->clocks[fx->o.n_clocks];
	uint32_t *samples = arena_array(fx->arena, uint32_t, w->n_clocks + 1);

	assert(fx->o.n_clocks < CLOCKS_MAX);
	for (size_t i = 0; i < w->n_clocks; i++)
		samples[i] = w->clocks[i];
	samples[w->n_clocks++] = (uint32_t)fx->o.n_clocks++;
	w->clocks = samples;
	*c = (struct clock){.subject = symbol_add(fx->facts->symbols, text_of(ticket)),
			    .metric = w->metric,
			    .version = w->version,
			    .priority = priority,
			    .state = missed ? CLOCK_MISSED : CLOCK_MET,
			    .sample = true,
			    .start = w->window.from,
			    .start_fact = NO_FACT,
			    .stop_fact = NO_FACT};
	return c;
}

/* Downtime of the window as one counted piece. */
UNUSED static void set_downtime(struct fixture *fx, struct window_result *w, const char *from,
				const char *to)
{
	struct availability *av = arena_one(fx->arena, struct availability);
	struct availability_piece *pieces = arena_array(fx->arena, struct availability_piece, 1);

	pieces[0] = (struct availability_piece){
		.span = {utc(from), utc(to)}, .state = AV_DOWN, .exclude = -1, .fact = NO_FACT};
	av->pieces = pieces;
	av->n_pieces = 1;
	w->availability = av;
}

/* --- facts --- */

struct said {
	enum fact_field field;
	const char *word;
};

/* A fact that occurred and was recorded at one instant; fields end with a NULL word. Its id is "f" and its place. */
UNUSED static struct fact *add_fact(struct fixture *fx, enum fact_kind kind, enum party party,
				    const char *at, const struct said *said)
{
	struct fact_value values[FACT_FIELDS_MAX];
	struct fact f = {.kind = (uint8_t)kind,
			 .party = (uint8_t)party,
			 .source = fx->source,
			 .occurred_at = utc(at),
			 .recorded_at = utc(at)};
	char id[24];

	for (; said->word != NULL; said++) {
		symbol word = symbol_add(fx->facts->symbols, text_of(said->word));

		values[f.n_values++] = (struct fact_value){.field = said->field, .word = word};
		if (said->field == fact_row(kind)->subject)
			f.subject = word;
	}
	(void)snprintf(id, sizeof(id), "f%zu", fx->facts->n + 1);
	f.id = symbol_add(fx->facts->symbols, text_of(id));
	f.values = values;
	return facts_add(fx->facts, &f);
}

#define SAID(...) ((const struct said[]){__VA_ARGS__, {FIELD_COUNT, NULL}})

/* Steps 9 to 18. */
UNUSED static void settle(struct fixture *fx, const char *as_of)
{
	struct err err = {0};

	fx->o.in.as_of = fx->o.in.known_as_of = utc(as_of);
	fx->o.view = view_make(fx->arena, fx->facts, fx->o.in.as_of, fx->o.in.known_as_of);
	if (remedy_reports(fx->arena, &fx->o, &err) != RC_OK ||
	    remedy_evaluate(fx->arena, &fx->o, &err) != RC_OK) {
		printf("Bail out! %s\n", err.message);
		exit(1);
	}
}

/* --- what follows --- */

UNUSED static const struct settlement *settlement_in(const struct fixture *fx, const char *month)
{
	day first = DAY_NONE;

	if (!month_parse(text_of(month), &first))
		return NULL;
	for (size_t i = 0; i < fx->o.n_settlements; i++)
		if (fx->o.settlements[i].month.from == zone_midnight(fx->zone, first))
			return &fx->o.settlements[i];
	return NULL;
}

UNUSED static bool is_money(struct money got, const char *want, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
UNUSED static bool is_money(struct money got, const char *want, const char *fmt, ...)
{
	struct buf b;
	va_list ap;
	bool same;

	buf_init(&b, 64);
	money_print(&b, got);
	same = text_is(buf_view(&b), want);
	va_start(ap, fmt);
	tap_line(same, fmt, ap);
	va_end(ap);
	if (!same)
		printf("#   got %.*s\n#  want %s\n", TEXT_ARG(buf_view(&b)), want);
	buf_free(&b);
	return same;
}

/* An exact amount, as the decimal it is. */
UNUSED static bool is_exact(struct fraction got, const char *want, const char *name)
{
	bool same = fraction_cmp(got, fraction_of_decimal(dec(want))) == 0;

	ok(same, "%s", name);
	if (!same) {
		struct buf b;

		buf_init(&b, 64);
		decimal_print(&b, fraction_round(got, 6, ROUND_HALF_UP));
		printf("#   got about %.*s\n#  want %s\n", TEXT_ARG(buf_view(&b)), want);
		buf_free(&b);
	}
	return same;
}

/* The total of a month, or nothing. */
UNUSED static struct money total_in(const struct fixture *fx, const char *month)
{
	const struct settlement *s = settlement_in(fx, month);

	return s != NULL ? s->total : usd("0 USD");
}

/* What the credits of one rule come to in a month. */
UNUSED static struct money rule_total(const struct fixture *fx, const char *month, int rule)
{
	const struct settlement *s = settlement_in(fx, month);
	struct money sum = usd("0 USD");

	for (size_t i = 0; s != NULL && i < s->n_credits; i++) {
		const struct credit *c = &fx->o.credits[s->credits[i]];

		if (c->rule == rule && c->fate == CREDIT_DUE)
			sum = money_add(sum, c->amount);
	}
	return sum;
}

UNUSED static const struct credit *credit_of(const struct fixture *fx, const char *month, int rule)
{
	const struct settlement *s = settlement_in(fx, month);

	for (size_t i = 0; s != NULL && i < s->n_credits; i++)
		if (fx->o.credits[s->credits[i]].rule == rule)
			return &fx->o.credits[s->credits[i]];
	return NULL;
}

#endif

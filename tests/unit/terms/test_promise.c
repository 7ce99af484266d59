/* SPDX-License-Identifier: Apache-2.0 */
/* Promises: defaults applied, references followed, calendars built; and the accessors of tree.h with the same defaults. */
#include "terms/calendars.h"
#include "terms/promise.h"
#include "terms_tap.h"

static const struct terms_context *context_of(struct arena *a)
{
	struct zone_source *zones = arena_one(a, struct zone_source);
	struct terms_context *context = arena_one(a, struct terms_context);

	*zones = (struct zone_source){a, tap_zone};
	*context = (struct terms_context){.zones = zones, .load = tap_load};
	return context;
}

static const struct promise *built(struct arena *a, struct text file)
{
	struct contract *c = tap_read(a, file);
	const struct promise *p = NULL;
	struct err err = {.line = 0};

	if (!ok(c->valid, "the contract is valid")) {
		note("%.*s", TEXT_ARG(tap_findings(a, c)));
		exit(1);
	}
	if (!ok(promise_build(a, c, context_of(a), &p, &err) == RC_OK, "the promise is built")) {
		note("%s", err.message);
		exit(1);
	}
	return p;
}

static struct text when(struct arena *a, instant t)
{
	struct buf b;

	buf_init(&b, 64);
	instant_print(&b, t);
	struct text out = text_copy(a, buf_view(&b));

	buf_free(&b);
	return out;
}

/* What a contract that leaves everything open promises: the defaults of the table. */
static void defaults(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	const struct promise *p = built(a, text_of(tap_contract));
	const struct metric *r = &p->metrics[0], *u = &p->metrics[1];

	is_text(p->language, "en", "language");
	ok(p->rounding == ROUND_HALF_UP && !p->round_document && !p->roll && !p->amendments_split &&
		   p->subcontractor_liable,
	   "choices of the contract");
	is_text(when(a, p->effective), "2026-03-01T05:00:00Z", "effective: local midnight");
	ok(p->service_start == p->effective && p->service_start_day == p->effective_day,
	   "service starts then");
	is_text(when(a, p->end), "2027-03-01T05:00:00Z", "end, exclusive");
	ok(p->priority_final == FINAL_AGREED && p->if_disputed == DISPUTED_HIGHER &&
		   p->on_change == CHANGE_FROM_START,
	   "priority rules");
	ok(p->n_metrics == 2 && p->n_assets == 2 && p->n_services == 1 && p->n_priorities == 2 &&
		   p->n_calendars == 1 && p->n_charges == 1,
	   "lists");
	ok(p->business == p->calendars[0].calendar && p->services[0].calendar == p->business &&
		   !p->services[0].essential,
	   "calendars by reference");
	ok(r->kind == METRIC_ELAPSED && r->role == ROLE_COMMITMENT && r->service == -1 &&
		   r->window == WINDOW_UNSAID && r->partial == PARTIAL_UNSAID,
	   "a metric");
	ok(r->start == EVENT_LOGGED && r->stop == EVENT_ANSWERED && !r->comply &&
		   r->at_closing == AT_CLOSING_CLOSE && r->reopen == REOPEN_CONTINUE,
	   "its clock");
	ok(r->n_targets == 1 && r->targets[0].priority == -1 && r->targets[0].by_min == -1 &&
		   !r->targets[0].or_within.set,
	   "its target");
	ok(r->targets[0].within.set && r->targets[0].within.duration.n == 4 &&
		   r->targets[0].within.calendar == p->business,
	   "4h@desk");
	ok(metric_target(r, 0) == &r->targets[0] && metric_target(r, 1) == &r->targets[0],
	   "a target for the rest is every priority's");
	ok(u->kind == METRIC_AVAILABILITY && u->n_scope == 2 && u->scope[0] == 0 &&
		   u->scope[1] == 1 && u->group == GROUP_ANY_DOWN && u->schedule == NULL,
	   "scope");
	ok(u->target_set && u->target.units == 995 && u->target.scale == 1 && u->decimals == 4 &&
		   u->min_outage_ms == 0,
	   "target, decimals");
	ok(u->unknown == UNKNOWN_EXCLUDE && u->degraded == DEGRADED_DOWN &&
		   u->excluded_time == EXCLUDED_REMOVE_BOTH && u->n_excludes == 0,
	   "time that does not count");
	ok(!u->measured_by.set && u->measured_by.verified_by == 2 &&
		   u->measured_by.down_after == 1 && u->measured_by.interval_ms == 0,
	   "measured by nobody");
	ok(!p->credits.set && p->credits.pay_within.set && p->credits.pay_within.duration.n == 30 &&
		   !p->credits.claim && !p->credits.claim_from_window_end,
	   "credits");
	ok(!p->reporting.set && p->n_chronic == 0 && p->n_alerts == 0 && p->n_obligations == 0 &&
		   !p->maintenance.set && !p->force_majeure.set,
	   "no more blocks");
	ok(p->charges[0].type == CHARGE_RECURRING && p->charges[0].amount.minor == 45000 &&
		   !p->charges[0].arrears && p->charges[0].prorate == PRORATE_ACTUAL_DAYS,
	   "charge");
	ok(p->charges[0].from == DAY_NONE && p->charges[0].until == DAY_NONE &&
		   p->charges[0].n_schedule == 0,
	   "its dates");
	ok(promise_calendar(p, text_of("always")) == calendar_always() &&
		   promise_calendar(p, text_of("none")) == NULL,
	   "always");
	ok(promise_priority(p, text_of("P2")) == 1 && promise_asset(p, text_of("router")) == 1 &&
		   promise_metric(p, text_of("uptime")) == 1 &&
		   promise_metric(p, text_of("x")) == -1,
	   "places by id");
	arena_free(a);
}

static void choices(void)
{
	static const char *const swaps[][2] = {
		{"currency: USD, ", "currency: USD, rounding: {mode: down, place: document}, "},
		{"effective_date: \"2026-03-01\", initial: 12mo",
		 "effective_date: \"2026-03-01\", service_start: \"2026-03-15\", initial: 12mo, "
		 "counts_from: service_start"},
		{"{id: all, within: 4h@desk}",
		 "{id: one, priority: P1, within: 30min@desk, or_within: 2h, by: \"17:00\"}, {id: "
		 "rest, within: 1bd}"},
		{"start: ticket.logged",
		 "comply: {at_least: 95%, min_sample: 5, below_min: carry}, at_closing: next_open, "
		 "reopen: new_cycle, service: help, pause: "
		 "[{id: c, while: ticket.waiting_client, max: 3bd, proof: client_message}], start: "
		 "ticket.logged"},
		{"target: 99.5%",
		 "group: weighted, weights: [{id: a, asset: router, weight: 3}, {id: b, asset: "
		 "server, weight: \"0.5\"}], schedule: always, min_outage: 5min, "
		 "window: rolling_90d, exclude: [{id: m, cause: scheduled_maintenance, max: 6h, "
		 "per: calendar_quarter, proof: maintenance_notice}], "
		 "measured_by: {interval: 1d, down_after: 3, verified_by: provider}"},
		{"sla: {",
		 "sla: {priority_rules: {final: client, on_change: carry_elapsed}, credits: {base: "
		 "{charges: [care], of: month_of_credit}, rules: [{id: t, metric: uptime, "
		 "tiers: [{id: a, below: 99.9%, credit: 5%}]}, {id: e, metric: response, priority: "
		 "P2, each_breach: 2%, edge: at_or_below}, {id: p, metric: uptime, pattern: "
		 "{below: 99%, times: 2, in: 6, consecutive: true}, credit: 6%}], combine: first, "
		 "same_cause: sum, caps: [{id: year, per: contract_year, pct: 100%, of: "
		 "average_month_12mo}], claim: {mode: claim, within: 7d, from: window_end}, apply: "
		 "{to: pay, if_no_invoice: expire}, earn_back: {windows: 3, pct: 50%}, "
		 "bonus: {metric: uptime, at_or_above: 99.99%, pct: 1%}}, chronic: [{id: c, "
		 "metric: uptime, misses: 2, out_of: 3, exercise_within: 60d}], reporting: {every: "
		 "1mo, "
		 "due: 10bd, to: [client.executive], if_late: credit, late_credit: 1%}, alerts: "
		 "[{id: a, event: breach, after: 2h@desk, to: [client.it_lead]}], "},
		{"payment: {due: 30d}",
		 "payment: {due: 30d}\nclient_obligations: [{id: o, text: Access, within: 4h@desk, "
		 "excuses: [response]}]\nmaintenance: {windows: [{id: w, days: "
		 "sun, open: [\"02:00-06:00\"], timezone: UTC}], notice: {routine: 48h}, "
		 "change_record: {standard: approved}}\nforce_majeure: {events: [war, "
		 "pandemic], notice: 2bd, recovery_still_due: true}\nnotices: {methods: [email], "
		 "roll: to_business_day}\namendments: {windows: split}"},
		{"amount: 450 USD",
		 "amount: 450 USD, schedule: [{id: b, from: \"2028-01-01\", amount: 600 USD}, {id: "
		 "a, from: \"2027-01-01\", amount: 500 USD}], anchor: anniversary, "
		 "prorate: days_30, last_day: billed, bill: arrears, until: \"2029-01-01\""},
	};
	struct arena *a = arena_new((size_t)1 << 27);
	struct text file = text_of(tap_contract);

	for (size_t i = 0; i < ARRAY_SIZE(swaps); i++)
		file = tap_swap(a, file, swaps[i][0], swaps[i][1]);
	const struct promise *p = built(a, file);
	const struct metric *r = &p->metrics[0], *u = &p->metrics[1];
	const struct credits *c = &p->credits;

	ok(p->rounding == ROUND_DOWN && p->round_document && p->roll && p->amendments_split,
	   "choices of the contract");
	is_text(when(a, p->end), "2027-03-15T04:00:00Z",
		"FK-3: the term counts from the service's start");
	ok(r->n_targets == 2 && metric_target(r, 0) == &r->targets[0] &&
		   metric_target(r, 1) == &r->targets[1],
	   "targets by priority");
	ok(r->targets[0].by_min == 17 * 60 && r->targets[0].or_within.set &&
		   r->targets[0].or_within.calendar == NULL,
	   "two limits, and a time of day");
	ok(r->targets[1].within.duration.unit == UNIT_BD &&
		   r->targets[1].within.calendar == p->business,
	   "a bare bd counts on the business calendar");
	ok(r->comply && r->comply_at_least.units == 95 && r->min_sample == 5 &&
		   r->below_min == BELOW_CARRY && r->at_closing == AT_CLOSING_NEXT_OPEN &&
		   r->reopen == REOPEN_NEW_CYCLE && r->service == 0,
	   "a clock's choices");
	ok(r->n_pauses == 1 && r->pauses[0].while_event == EVENT_WAITING_CLIENT &&
		   r->pauses[0].max.set && r->pauses[0].proof == PAUSE_PROOF_CLIENT_MESSAGE,
	   "a pause");
	ok(u->group == GROUP_WEIGHTED && fraction_cmp(u->weights[0], fraction_of(1, 2)) == 0 &&
		   fraction_cmp(u->weights[1], fraction_of(3, 1)) == 0,
	   "weights by asset");
	ok(u->schedule == calendar_always() && u->min_outage_ms == 5 * MINUTE_MS &&
		   u->window == WINDOW_ROLLING_90D,
	   "schedule, outage, window");
	ok(u->n_excludes == 1 && u->excludes[0].cause == CAUSE_SCHEDULED_MAINTENANCE &&
		   u->excludes[0].per == WINDOW_CALENDAR_QUARTER &&
		   u->excludes[0].proof == PROOF_MAINTENANCE_NOTICE &&
		   u->excludes[0].max.duration.n == 6,
	   "an exclusion");
	ok(u->measured_by.interval_ms == DAY_MS && u->measured_by.down_after == 3 &&
		   u->measured_by.verified_by == 0,
	   "measured daily");
	ok(p->priority_final == FINAL_CLIENT && p->on_change == CHANGE_CARRY_ELAPSED,
	   "priority rules");
	ok(c->set && c->n_base_charges == 1 && c->base_charges[0] == 0 &&
		   c->base_of_month_of_credit && c->combine == COMBINE_FIRST && c->same_cause_sum,
	   "credits");
	ok(c->n_rules == 3 && c->rules[0].form == RULE_TIERS && c->rules[0].n_tiers == 1 &&
		   c->rules[0].tiers[0].credit.units == 5 && c->rules[0].metric == 1,
	   "tiers");
	ok(c->rules[1].form == RULE_EACH_BREACH && c->rules[1].priority == 1 &&
		   c->rules[1].edge == EDGE_AT_OR_BELOW && c->rules[1].each_breach.units == 2,
	   "each breach");
	ok(c->rules[2].form == RULE_PATTERN && c->rules[2].pattern_times == 2 &&
		   c->rules[2].pattern_in == 6 && c->rules[2].pattern_consecutive &&
		   c->rules[2].pattern_credit.units == 6 && c->rules[2].pattern_below.units == 99,
	   "a pattern");
	ok(c->n_caps == 1 && c->caps[0].per == CAP_CONTRACT_YEAR &&
		   c->caps[0].of == CAP_AVERAGE_MONTH_12MO && c->caps[0].pct.units == 100,
	   "a cap");
	ok(c->claim && c->claim_within.duration.n == 7 && c->claim_from_window_end &&
		   c->apply_to == 2 && c->if_no_invoice_expire,
	   "claims");
	ok(c->earn_back && c->earn_back_windows == 3 && c->bonus && c->bonus_metric == 1 &&
		   c->bonus_pct.units == 1,
	   "earn-back and bonus");
	ok(p->n_chronic == 1 && p->chronic[0].misses == 2 && p->chronic[0].out_of == 3 &&
		   p->chronic[0].notice.set && p->chronic[0].notice.duration.n == 0,
	   "chronic failure");
	ok(p->reporting.set && p->reporting.due.calendar == p->business && p->reporting.n_to == 1 &&
		   p->reporting.if_late == LATE_CREDIT,
	   "reports");
	ok(p->n_alerts == 1 && p->alerts[0].event == 1 && !p->alerts[0].at_set &&
		   p->alerts[0].after.calendar == p->business,
	   "alerts");
	ok(p->n_obligations == 1 && p->obligations[0].n_excuses == 1 &&
		   p->obligations[0].excuses[0] == 0,
	   "an obligation");
	ok(p->maintenance.set && p->maintenance.n_windows == 1 &&
		   p->maintenance.windows[0].days == 64 &&
		   p->maintenance.windows[0].open[0].to_min == 360 &&
		   text_is(zone_name(p->maintenance.windows[0].zone), "UTC") &&
		   p->maintenance.change_record && !p->maintenance.notice_emergency.set,
	   "maintenance");
	ok(p->force_majeure.set && p->force_majeure.events == (1u << 3 | 1u << 6) &&
		   p->force_majeure.recovery_still_due,
	   "events beyond control");
	ok(p->charges[0].n_schedule == 2 && p->charges[0].schedule[0].amount.minor == 50000 &&
		   p->charges[0].anchor_anniversary && p->charges[0].last_day_billed &&
		   p->charges[0].arrears && p->charges[0].prorate == PRORATE_DAYS_30 &&
		   p->charges[0].until == day_of(2029, 1, 1),
	   "a charge, its schedule by date");
	arena_free(a);
}

/* Closed days from every source a calendar may name. */
static void calendars(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	const struct promise *p = built(
		a, tap_swap(a, text_of(tap_contract), "hours: [",
			    "holidays: [{id: us, set: us_federal}, {id: ny, yearly: \"03-17\"}, "
			    "{id: d, date: \"2026-05-05\"}, {id: f, ics: days.ics}], replace: "
			    "[{id: r, date: \"2026-12-25\", open: [\"10:00-12:00\"]}], timezone: "
			    "Europe/Berlin, hours: ["));
	const struct calendar *c = p->business;
	static const struct {
		int month, day;
		bool open, holiday;
		const char *why;
	} rows[] = {
		{3, 16, true, false, "a Monday"},
		{3, 17, false, true, "each year"},
		{5, 5, false, true, "one date"},
		{7, 6, false, true, "a day of the file"},
		{7, 3, false, true, "a named set"},
		{12, 24, false, true, "the file, two days long"},
		{12, 25, true, true, "replaced hours"},
		{3, 21, false, false, "a Saturday"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		day d = day_of(2026, rows[i].month, rows[i].day);

		ok(calendar_working_day(c, d) == rows[i].open &&
			   calendar_is_holiday(c, d) == rows[i].holiday,
		   "2026-%02d-%02d: %s", rows[i].month, rows[i].day, rows[i].why);
	}
	ok(calendar_is_holiday(c, day_of(2027, 12, 24)) &&
		   !calendar_is_holiday(c, day_of(2028, 12, 26)),
	   "COUNT=2 is two years");
	ok(calendar_is_open(
		   c, zone_instant(calendar_zone(c), day_of(2026, 12, 25), 11 * HOUR_MS, NULL)),
	   "its zone is its own");
	arena_free(a);
}

/* Calendar files: what is listed, and what is refused. */
static void ics(void)
{
	static const struct {
		const char *name, *event; /* inside VEVENT */
		const char *days;         /* or what is wrong */
		bool right;
	} rows[] = {
		{"one day", "DTSTART;VALUE=DATE:20260101\r\n", "2026-01-01", true},
		{"three days, end exclusive",
		 "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20260104\r\n",
		 "2026-01-01 2026-01-02 2026-01-03", true},
		{"midnight", "DTSTART:20260101T000000\r\nDTEND:20260102T000000\r\n", "2026-01-01",
		 true},
		{"three years", "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;COUNT=3\r\n",
		 "2026-01-01 2027-01-01 2028-01-01", true},
		{"until", "DTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY;UNTIL=20260119\r\n",
		 "2026-01-05 2026-01-12 2026-01-19", true},
		{"without one",
		 "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:"
		 "20260102\r\n",
		 "2026-01-01 2026-01-03", true},
		{"and another", "DTSTART;VALUE=DATE:20260101\r\nRDATE;VALUE=DATE:20260601\r\n",
		 "2026-01-01 2026-06-01", true},
		{"the last Monday",
		 "DTSTART;VALUE=DATE:20260525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT="
		 "2\r\n",
		 "2026-05-25 2027-05-31", true},
		{"cancelled", "DTSTART;VALUE=DATE:20260101\r\nSTATUS:CANCELLED\r\n",
		 "the calendar lists no days", false},
		{"a time of day", "DTSTART:20260101T090000Z\r\n",
		 "the event of 2026-01-01 has a time of day: only whole days can be closed", false},
		{"no date", "SUMMARY:x\r\n", "an event has no date", false},
		{"a date that does not exist", "DTSTART;VALUE=DATE:20261350\r\n",
		 "an event has no date", false},
		{"an end that does not exist",
		 "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20260230\r\n",
		 "an event has no end that exists", false},
		{"every second",
		 "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n",
		 "an event recurs by hours, minutes or seconds: only YEARLY, MONTHLY, WEEKLY and "
		 "DAILY can be read",
		 false},
		{"by hour", "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY;BYHOUR=1,2\r\n",
		 "an event recurs by hours, minutes or seconds: only YEARLY, MONTHLY, WEEKLY and "
		 "DAILY can be read",
		 false},
		{"a day that never is",
		 "DTSTART;VALUE=DATE:20260228\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n",
		 "a rule of recurrence cannot be followed", false},
		{"too long", "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20290101\r\n",
		 "the event of 2026-01-01 lasts more than a year", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena *a = arena_new((size_t)1 << 26);
		struct text file =
			text_format(a,
				    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:"
				    "VEVENT\r\nUID:1\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
				    rows[i].event);
		const day *days = NULL;
		size_t n = 0;
		struct err err = {.line = 0};
		enum rc rc = ics_days(a, file, &days, &n, &err);
		struct buf b;

		buf_init(&b, 4096);
		for (size_t d = 0; d < n && rc == RC_OK; d++) {
			if (d > 0)
				buf_char(&b, ' ');
			day_print(&b, days[d]);
		}
		ok((rc == RC_OK) == rows[i].right, "%s: %s", rows[i].name,
		   rows[i].right ? "read" : "refused");
		is_text(rc == RC_OK ? buf_view(&b) : text_of(err.message), rows[i].days, "%s",
			rows[i].name);
		buf_free(&b);
		arena_free(a);
	}

	struct arena *a = arena_new((size_t)1 << 26);
	struct err err = {.line = 0};
	const day *days;
	size_t n;

	ok(ics_days(a, text_of("hello"), &days, &n, &err) != RC_OK &&
		   ics_days(a, text_of(""), &days, &n, &err) != RC_OK,
	   "no calendar file");
	arena_free(a);
}

static void accessors(void)
{
	struct arena *a = arena_new((size_t)1 << 26);
	struct contract *c = tap_read(a, tap_swap(a, text_of(tap_contract), "target: 99.5%",
						  "target: \"?goal=99.9%\", min_outage: 2min"));
	const struct node *uptime = node_at(c->root, "sla.metrics.uptime"),
			  *care = node_at(c->root, "charges.care"),
			  *services = node_at(c->root, "services");
	struct duration d;
	struct decimal x;
	struct money m;
	int64_t n;

	ok(c->valid, "a hole is no error (lint L-14 finds it)");
	ok(!term_decimal(uptime, "target", &x) && !term_is_set(uptime, "target") &&
		   node_at(uptime, "target")->hole,
	   "a hole has no value");
	ok(term_duration(uptime, "min_outage", &d) && d.n == 2 && term_is_set(uptime, "min_outage"),
	   "a value that is written");
	ok(term_int(uptime, "decimals", &n) && n == 4 && !term_is_set(uptime, "decimals"),
	   "a default");
	ok(!term_int(uptime, "k", &n), "neither");
	ok(term_money(care, "amount", &m) && m.minor == 45000 &&
		   !term_money(care, "min_amount", &m),
	   "money");
	ok(term_choice(uptime, "kind") == 1 && term_choice(uptime, "unknown") == 0 &&
		   term_choice(uptime, "window") == -1,
	   "words");
	ok(!term_truth(node_item(services, text_of("help")), "essential") &&
		   term_truth(node_at(c->root, "payment"), "expressly_agreed") == false,
	   "truth");
	is_text(term_text(uptime, "unknown"), "exclude", "text of a default");
	is_text(term_text(care, "amount"), "450.00 USD", "canonical text");
	ok(term_ref(node_item(services, text_of("help")), "calendar") ==
			   node_at(c->root, "calendars.desk") &&
		   term_ref(uptime, "schedule") == NULL,
	   "references");
	is_text(node_path(a, node_at(uptime, "scope")->child), "sla.metrics.uptime.scope",
		"the path of a member is that of its set");
	is_text(node_path(a, uptime), "sla.metrics.uptime", "the path of an item has its id");
	ok(node_item(services, text_of("HELP")) == NULL, "case counts");
	arena_free(a);
}

int main(void)
{
	defaults();
	choices();
	calendars();
	ics();
	accessors();
	if (tap_shared() != NULL) {
		struct arena *a = arena_new((size_t)1 << 27);
		struct text file = tap_file(
			a, text_format(a, "%s/reference/terms-example.yaml", tap_shared()).p);
		const struct promise *p = built(a, file);

		is_text(when(a, p->end), "2029-02-01T05:00:00Z",
			"the example ends 2029-02-01 00:00");
		is_i64((int64_t)p->n_metrics, 6, "and has six metrics");
		is_text(clause_label(a, node_clause(p->metrics[2].node)),
			"Service level schedule 4, Availability",
			"CL-21: Service level schedule, 4");
		arena_free(a);
	}
	return tap_done();
}

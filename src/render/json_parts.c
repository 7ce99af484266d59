/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of our JSON. Instants are RFC 3339 in UTC, spans of time are milliseconds (…_ms), percentages and amounts are
 * text without a sign of percent. A field that does not apply is absent.
 *
 * fact     id, kind, about, occurred_at, recorded_at, party, file, line, flags[]
 * clock    about, metric, priority, target, cycle, state, not_counted (why it is void), at_risk, censored, started, stopped, due,
 *          settled, goal_ms, used_ms, left_ms, start_fact, stop_fact, clause, term, and how it ran: unpaused_due, paused_ms,
 *          due_if_resumed, pieces[{from, to, kind: ran|closed|paused|excused|cut, waited_for, beyond_allowance, unproven, term}],
 *          priority_steps[{at, from, to, counts, due_before, due_after}], thresholds[{percent, at}],
 *          alerts[{id, at}]
 * window   metric, kind, label, from, to, judged{from, to}, verdict, why_not, running, deemed, held, value{exact, shown, unit},
 *          target, samples, in_time, carried, censored, priorities[{priority, target, samples, in_time, shown}], slots{...},
 *          alternative and contested[] of a held one (json_dispute.c),
 *          report{due, delivered}, availability{...}, cases[clock], clause, term
 * availability  window_ms, agreed_ms, removed_ms, excused_ms, as_up_ms, unknown_ms, dropped_ms, counted_ms (A'), down_ms (D'),
 *          down_degraded_up_ms, budget_ms, spent_ms, budget, outages[], excuses[], components[{asset, weight, counted_ms,
 *          down_ms, outages[]}]
 * outage   id, from, to, counted_ms, excused_ms, dropped, open, degraded, assets[], began_fact, ended_fact
 * excuse   cause, exclude, asked{from, to}, granted{from, to}, granted_ms, refused, notice_ms, needed_ms, allowance_left_ms,
 *          would_excuse_ms, fact, started_fact
 * credit   id, metric, window, rule, tier{id, below, credit}, breaches, pattern[], percent, base, exact, after_caps, amount,
 *          deemed, fate, other, dispute (json_dispute.c), causes[], cuts[{cap, amount}], claim{until, claimed}, clause, term
 */
#include "render/json_parts.h"

#include "facts/pack.h"

#include <assert.h>

/* --- keys --- */

#define KEY_OF(keys, i) (assert((size_t)(i) < ARRAY_SIZE(keys)), (keys)[i])

const char *verdict_key(enum verdict v)
{
	static const char *const keys[] = {"met", "missed", "not_judged"};

	return KEY_OF(keys, v);
}

const char *not_judged_key(enum not_judged n)
{
	static const char *const keys[] = {
		"judged",         "no_samples", "small_sample",   "carried",      "partial_window",
		"before_applies", "running",    "no_agreed_time", "outside_term", "no_target"};

	return KEY_OF(keys, n);
}

const char *clock_state_key(enum clock_state s)
{
	static const char *const keys[] = {"running",  "at_risk", "paused", "met",
					   "breached", "missed",  "void"};

	return KEY_OF(keys, s);
}

const char *void_key(enum void_reason v)
{
	static const char *const keys[] = {"none",           "cancelled",         "merged",
					   "out_of_scope",   "stop_before_start", "end_of_service",
					   "monitor_ticket", "no_priority",       "no_target",
					   "before_service"};

	return KEY_OF(keys, v);
}

const char *cause_key(enum excuse_cause c)
{
	static const char *const keys[] = {"scheduled_maintenance", "emergency_maintenance",
					   "force_majeure",         "client_obligation",
					   "client_request",        "third_party_network",
					   "third_party_service",   "suspension"};

	return KEY_OF(keys, c);
}

const char *refusal_key(enum excuse_refusal x)
{
	static const char *const keys[] = {
		"valid",         "notice_short",   "outside_window", "no_change_record",
		"cancelled",     "allowance_used", "unproven",       "not_listed",
		"subcontractor", "after_report",   "contested"};

	return KEY_OF(keys, x);
}

const char *fate_key(enum credit_fate f)
{
	static const char *const keys[] = {"due",       "same_cause", "not_combined", "claim_open",
					   "unclaimed", "cut",        "held"};

	return KEY_OF(keys, f);
}

const char *window_kind_key(enum window_kind k)
{
	static const char *const keys[] = {"calendar_month", "calendar_quarter", "calendar_year",
					   "rolling_30d",    "rolling_90d",      "rolling_12mo",
					   "unsaid"};

	return KEY_OF(keys, k);
}

const char *deadline_key(enum deadline_kind k)
{
	static const char *const keys[] = {"report", "claim", "right", "obligation", "non_renewal"};

	return KEY_OF(keys, k);
}

/* --- values --- */

enum { VALUE_MAX = 256, EXACT_PLACES = 9 };

void json_instant(struct json *j, const char *key, instant t)
{
	struct buf b;

	if (t == INSTANT_NONE || t == INSTANT_MIN || t == INSTANT_MAX)
		return;
	buf_init(&b, VALUE_MAX);
	instant_print(&b, t);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_span(struct json *j, const char *key, struct span s)
{
	json_key(j, key);
	json_open_object(j);
	json_instant(j, "from", s.from);
	json_instant(j, "to", s.to);
	json_end_object(j);
}

static void put_wide(struct buf *b, i128 v)
{
	char digits[48];
	size_t at = sizeof(digits);
	u128 u = v < 0 ? (u128)(-(v + 1)) + 1 : (u128)v;

	do {
		digits[--at] = (char)('0' + (int)(u % 10));
		u /= 10;
	} while (u > 0);
	if (v < 0)
		digits[--at] = '-';
	buf_add(b, digits + at, sizeof(digits) - at);
}

void json_exact(struct json *j, const char *key, struct fraction f)
{
	struct decimal d = fraction_round(f, EXACT_PLACES, ROUND_DOWN);
	struct buf b;

	buf_init(&b, VALUE_MAX);
	if (fraction_cmp(fraction_of_decimal(d), f) == 0) {
		decimal_print(&b, d);
	} else {
		put_wide(&b, f.num);
		buf_char(&b, '/');
		put_wide(&b, f.den);
	}
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_decimal(struct json *j, const char *key, struct decimal d)
{
	struct buf b;

	buf_init(&b, VALUE_MAX);
	decimal_print_places(&b, d, d.scale);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_money(struct json *j, const char *key, struct money m)
{
	struct buf b;

	buf_init(&b, VALUE_MAX);
	money_print(&b, m);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

static void json_duration(struct json *j, const char *key, const struct timing *t)
{
	struct buf b;

	if (!t->set)
		return;
	buf_init(&b, VALUE_MAX);
	duration_print(&b, t->duration);
	json_kv_text(j, key, buf_view(&b));
	buf_free(&b);
}

void json_node(struct json *j, const struct report *r, const struct node *n)
{
	const struct node *clause = n == NULL ? NULL : node_clause(n);

	if (n == NULL)
		return;
	if (clause != NULL)
		json_kv_text(j, "clause", clause_label(r->d->arena, clause));
	json_kv_text(j, "term", node_path(r->d->arena, n));
}

static void json_symbol(struct json *j, const struct report *r, const char *key, symbol y)
{
	if (y != 0)
		json_kv_text(j, key, symbol_text(r->o->in.facts->symbols, y));
}

void json_fact(struct json *j, const struct report *r, uint32_t fact)
{
	const struct fact *f = view_fact(r->o->view, fact);
	uint16_t flags = r->o->view->flags[fact];
	char room[UUID_TEXT + 1];
	struct text id = facts_id(r->o->in.facts, f, room);

	json_open_object(j);
	if (id.n > 0)
		json_kv_text(j, "id", id);
	json_kv_str(j, "kind", fact_row((enum fact_kind)f->kind)->kind);
	json_symbol(j, r, "about", f->subject);
	json_instant(j, "occurred_at", f->occurred_at);
	json_instant(j, "recorded_at", f->recorded_at);
	if (f->party != PARTY_UNKNOWN)
		json_kv_str(j, "party", party_word((enum party)f->party));
	if (f->source < r->o->in.facts->n_sources)
		json_kv_text(j, "file", r->o->in.facts->sources[f->source].name);
	if (f->line > 0)
		json_kv_int(j, "line", f->line);
	if (flags != 0) {
		json_key(j, "flags");
		json_open_array(j);
		for (unsigned bit = 0; bit < FACT_FLAG_BITS; bit++)
			if ((flags >> bit & 1) != 0)
				json_str(j, flag_word((enum fact_flag)(1 << bit)));
		json_end_array(j);
	}
	json_end_object(j);
}

static void json_fact_at(struct json *j, const struct report *r, const char *key, uint32_t fact)
{
	if (fact == NO_FACT)
		return;
	json_key(j, key);
	json_fact(j, r, fact);
}

static void json_flag(struct json *j, const char *key, bool v)
{
	if (v)
		json_kv_bool(j, key, true);
}

/* --- clocks --- */

static void json_pieces(struct json *j, const struct report *r, const struct clock_detail *detail)
{
	static const char *const kinds[] = {"ran", "closed", "paused", "excused", "cut"};

	json_key(j, "pieces");
	json_open_array(j);
	for (size_t i = 0; i < detail->n_pieces; i++) {
		const struct piece *p = &detail->pieces[i];

		json_open_object(j);
		json_instant(j, "from", p->span.from);
		json_instant(j, "to", p->span.to);
		json_kv_str(j, "kind", KEY_OF(kinds, p->kind));
		if (p->kind == PIECE_PAUSED)
			json_kv_str(j, "waited_for", event_row(p->event)->name);
		json_flag(j, "beyond_allowance", p->beyond_max);
		json_flag(j, "unproven", p->unproven);
		json_node(j, r, p->why);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_priority(struct json *j, const struct promise *p, const char *key, int priority)
{
	if (priority >= 0)
		json_kv_text(j, key, p->priorities[priority].id);
}

static void json_steps(struct json *j, const struct promise *p, const struct clock_detail *detail)
{
	if (detail->n_steps == 0)
		return;
	json_key(j, "priority_steps");
	json_open_array(j);
	for (size_t i = 0; i < detail->n_steps; i++) {
		const struct priority_step *s = &detail->steps[i];

		json_open_object(j);
		json_instant(j, "at", s->at);
		json_priority(j, p, "from", s->from);
		json_priority(j, p, "to", s->to);
		json_kv_bool(j, "counts", s->counts);
		json_instant(j, "due_before", s->deadline_before);
		json_instant(j, "due_after", s->deadline_after);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_detail(struct json *j, const struct report *r, const struct promise *p,
			uint32_t clock)
{
	/* Thrown away clock by clock: a month may have tens of thousands. */
	struct arena *scratch = arena_new((size_t)64 << 20);
	const struct clock_detail *detail = outcome_clock_detail(scratch, r->o, clock);

	json_instant(j, "unpaused_due", detail->unpaused_deadline);
	json_kv_int(j, "paused_ms", detail->paused_ms);
	json_instant(j, "due_if_resumed", detail->due_if_resumed);
	json_pieces(j, r, detail);
	json_steps(j, p, detail);
	json_key(j, "thresholds");
	json_open_array(j);
	for (size_t i = 0; i < ARRAY_SIZE(detail->thresholds); i++) {
		if (detail->thresholds[i].percent == 0)
			continue;
		json_open_object(j);
		json_kv_int(j, "percent", detail->thresholds[i].percent);
		json_instant(j, "at", detail->thresholds[i].at);
		json_end_object(j);
	}
	json_end_array(j);
	json_key(j, "alerts");
	json_open_array(j);
	for (size_t i = 0; i < detail->n_levels; i++) {
		json_open_object(j);
		json_kv_text(j, "id", p->alerts[detail->levels[i].rule].id);
		json_instant(j, "at", detail->levels[i].at);
		json_end_object(j);
	}
	json_end_array(j);
	arena_free(scratch);
}

static void json_target(struct json *j, const struct target *t)
{
	json_key(j, "target");
	json_open_object(j);
	json_kv_text(j, "id", t->id);
	json_duration(j, "within", &t->within);
	json_duration(j, "or_within", &t->or_within);
	if (t->by_min >= 0)
		json_kv_int(j, "by_min", t->by_min);
	json_end_object(j);
}

void json_clock(struct json *j, const struct report *r, uint32_t clock, bool pieces)
{
	const struct clock *c = &r->o->clocks[clock];
	const struct promise *p = report_promise(r, c->version);
	const struct metric *m = &p->metrics[c->metric];

	json_open_object(j);
	json_symbol(j, r, "about", c->subject);
	json_kv_text(j, "metric", m->id);
	json_priority(j, p, "priority", c->priority);
	if (c->target >= 0)
		json_target(j, &m->targets[c->target]);
	if (c->cycle > 0)
		json_kv_int(j, "cycle", c->cycle + 1);
	json_kv_str(j, "state", clock_state_key((enum clock_state)c->state));
	if (c->state == CLOCK_VOID)
		json_kv_str(j, "not_counted", void_key((enum void_reason)c->reason));
	json_flag(j, "at_risk", c->at_risk);
	json_flag(j, "censored", c->censored);
	json_flag(j, "or_within_binds", c->or_within);
	json_instant(j, "started", c->start);
	json_instant(j, "stopped", c->stop);
	json_instant(j, "due", c->deadline);
	json_instant(j, "settled", c->settled);
	json_kv_int(j, "goal_ms", c->goal_ms);
	json_kv_int(j, "used_ms", c->used_ms);
	json_kv_int(j, "left_ms", c->left_ms);
	json_fact_at(j, r, "start_fact", c->start_fact);
	json_fact_at(j, r, "stop_fact", c->stop_fact);
	json_node(j, r, c->target >= 0 ? m->targets[c->target].node : m->node);
	if (pieces && c->state != CLOCK_VOID)
		json_detail(j, r, p, clock);
	json_end_object(j);
}

/* --- availability --- */

static void json_assets(struct json *j, const struct promise *p, const int *assets, size_t n)
{
	json_key(j, "assets");
	json_open_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, p->assets[assets[i]].id);
	json_end_array(j);
}

void json_outage(struct json *j, const struct report *r, const struct promise *p,
		 const struct raw_outage *x)
{
	json_open_object(j);
	if (x->began_fact != NO_FACT)
		json_symbol(j, r, "id", view_fact(r->o->view, x->began_fact)->subject);
	json_instant(j, "from", x->span.from);
	json_instant(j, "to", x->span.to);
	json_kv_int(j, "counted_ms", x->counted_ms);
	json_kv_int(j, "excused_ms", x->excused_ms);
	json_flag(j, "dropped", x->dropped);
	json_flag(j, "open", x->open);
	json_flag(j, "degraded", x->degraded);
	json_assets(j, p, x->assets, x->n_assets);
	json_fact_at(j, r, "began_fact", x->began_fact);
	json_fact_at(j, r, "ended_fact", x->ended_fact);
	json_end_object(j);
}

void json_excuse(struct json *j, const struct report *r, const struct excuse *e)
{
	json_open_object(j);
	json_kv_str(j, "cause", cause_key(e->cause));
	json_span(j, "asked", e->asked);
	if (e->granted.from < e->granted.to)
		json_span(j, "granted", e->granted);
	json_kv_int(j, "granted_ms", e->granted_ms);
	if (e->refusal != EXCUSE_VALID)
		json_kv_str(j, "refused", refusal_key(e->refusal));
	if (e->notice_ms != 0 || e->needed_ms != 0) {
		json_kv_int(j, "notice_ms", e->notice_ms);
		json_kv_int(j, "needed_ms", e->needed_ms);
	}
	if (e->allowance)
		json_kv_int(j, "allowance_left_ms", e->allowance_left_ms);
	json_kv_int(j, "would_excuse_ms", e->would_excuse_ms);
	json_fact_at(j, r, "fact", e->fact);
	json_fact_at(j, r, "started_fact", e->actual_fact);
	json_end_object(j);
}

static void json_outages(struct json *j, const struct report *r, const struct promise *p,
			 const struct availability *av)
{
	json_key(j, "outages");
	json_open_array(j);
	for (size_t i = 0; i < av->n_outages; i++)
		json_outage(j, r, p, &av->outages[i]);
	json_end_array(j);
}

static void json_components(struct json *j, const struct report *r, const struct promise *p,
			    const struct metric *m, const struct availability *av)
{
	if (av->n_members == 0)
		return;
	json_key(j, "components");
	json_open_array(j);
	for (size_t i = 0; i < av->n_members; i++) {
		json_open_object(j);
		if (i < m->n_scope)
			json_kv_text(j, "asset", p->assets[m->scope[i]].id);
		if (m->group == GROUP_WEIGHTED && m->weights != NULL)
			json_exact(j, "weight", m->weights[i]);
		json_kv_int(j, "counted_ms", av->members[i].base_ms);
		json_kv_int(j, "down_ms", av->members[i].down_ms);
		json_outages(j, r, p, &av->members[i]);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_availability(struct json *j, const struct report *r, const struct promise *p,
			      const struct metric *m, const struct availability *av)
{
	static const char *const budgets[] = {"on_track", "at_risk", "lost"};

	json_key(j, "availability");
	json_open_object(j);
	json_kv_int(j, "window_ms", av->window_ms);
	json_kv_int(j, "agreed_ms", av->agreed_ms);
	json_kv_int(j, "removed_ms", av->removed_ms);
	json_kv_int(j, "excused_ms", av->excused_ms);
	json_kv_int(j, "as_up_ms", av->as_up_ms);
	json_kv_int(j, "unknown_ms", av->unknown_ms);
	json_kv_int(j, "dropped_ms", av->dropped_ms);
	json_kv_int(j, "counted_ms", av->base_ms);
	json_kv_int(j, "down_ms", av->down_ms);
	if (av->down_as_up_ms != av->down_ms)
		json_kv_int(j, "down_degraded_up_ms", av->down_as_up_ms);
	json_kv_int(j, "budget_ms", av->budget_ms);
	json_kv_int(j, "spent_ms", av->spent_ms);
	json_kv_str(j, "budget", KEY_OF(budgets, av->budget_state));
	json_outages(j, r, p, av);
	json_key(j, "excuses");
	json_open_array(j);
	for (size_t i = 0; i < av->n_excuses; i++)
		json_excuse(j, r, &av->excuses[i]);
	json_end_array(j);
	json_components(j, r, p, m, av);
	json_end_object(j);
}

/* --- windows --- */

static void json_priorities(struct json *j, const struct promise *p, const struct metric *m,
			    const struct window_result *w)
{
	if (w->priorities == NULL || m->kind != METRIC_ELAPSED)
		return;
	json_key(j, "priorities");
	json_open_array(j);
	for (size_t i = 0; i <= p->n_priorities; i++) {
		int priority = i < p->n_priorities ? (int)i : -1;
		const struct target *t = target_for(m, priority);
		const struct priority_share *s = &w->priorities[i];

		if (t == NULL || (s->samples == 0 && t->priority != priority))
			continue;
		json_open_object(j);
		json_priority(j, p, "priority", priority);
		json_target(j, t);
		json_kv_int(j, "samples", s->samples);
		json_kv_int(j, "in_time", s->in_time);
		if (s->samples > 0)
			json_decimal(j, "shown", s->shown);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_value(struct json *j, const struct metric *m, const struct window_result *w)
{
	bool share = m->kind == METRIC_ELAPSED || m->kind == METRIC_AVAILABILITY ||
		     m->kind == METRIC_RATIO;

	if (w->value_set) {
		json_key(j, "value");
		json_open_object(j);
		json_exact(j, "exact", w->value);
		json_decimal(j, "shown", w->shown);
		json_kv_str(j, "unit", share ? "percent" : "number");
		json_end_object(j);
	}
	if (w->target_set)
		json_decimal(j, "target", w->target);
}

static void json_verdict(struct json *j, const struct window_result *w)
{
	json_kv_str(j, "verdict", verdict_key(w->verdict));
	if (w->verdict == VERDICT_NOT_JUDGED)
		json_kv_str(j, "why_not", not_judged_key(w->why_not));
	json_flag(j, "running", w->running);
	json_flag(j, "deemed", w->deemed);
	json_flag(j, "held", w->held);
}

void json_result(struct json *j, const struct metric *m, const struct window_result *w)
{
	json_kv_str(j, "verdict", verdict_key(w->verdict));
	if (w->verdict == VERDICT_NOT_JUDGED)
		json_kv_str(j, "why_not", not_judged_key(w->why_not));
	json_value(j, m, w);
}

static void json_counts(struct json *j, const struct window_result *w)
{
	json_kv_int(j, "samples", w->samples);
	json_kv_int(j, "in_time", w->in_time);
	if (w->carried_samples > 0)
		json_kv_int(j, "carried", w->carried_samples);
	if (w->censored > 0)
		json_kv_int(j, "censored", w->censored);
	if (w->slots > 0) {
		json_key(j, "slots");
		json_open_object(j);
		json_kv_int(j, "all", w->slots);
		json_kv_int(j, "empty", w->empty_slots);
		json_kv_int(j, "left_out", w->left_out_slots);
		json_end_object(j);
	}
}

bool case_in_part(const struct report *r)
{
	struct cases_part *part = r->cases;
	size_t at;

	if (part == NULL)
		return true;
	at = part->seen++;
	return at >= part->from && at - part->from < part->most;
}

void json_window(struct json *j, const struct report *r, uint32_t window, bool cases)
{
	const struct window_result *w = &r->o->windows[window];
	const struct promise *p = report_promise(r, w->version);
	const struct metric *m = &p->metrics[w->metric];

	json_open_object(j);
	json_kv_text(j, "metric", m->id);
	json_kv_str(j, "role", m->role == ROLE_GOAL ? "goal" : "commitment");
	json_kv_str(j, "kind", window_kind_key(w->kind));
	json_kv_str(j, "label", w->label);
	json_instant(j, "from", w->window.from);
	json_instant(j, "to", w->window.to);
	json_span(j, "judged", w->judged);
	json_verdict(j, w);
	json_value(j, m, w);
	json_contested(j, r, window);
	if (m->kind != METRIC_AVAILABILITY)
		json_counts(j, w);
	json_priorities(j, p, m, w);
	if (w->report_due != INSTANT_NONE) {
		json_key(j, "report");
		json_open_object(j);
		json_instant(j, "due", w->report_due);
		json_instant(j, "delivered", w->report_delivered);
		json_end_object(j);
	}
	if (w->availability != NULL)
		json_availability(j, r, p, m, w->availability);
	if (cases && w->n_clocks > 0) {
		json_key(j, "cases");
		json_open_array(j);
		for (size_t i = 0; i < w->n_clocks; i++) {
			const struct clock *c = &r->o->clocks[w->clocks[i]];

			if (case_in_part(r))
				json_clock(j, r, w->clocks[i], c->detailed || clock_late(c));
		}
		json_end_array(j);
	}
	json_node(j, r, m->node);
	json_end_object(j);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects of our JSON about remedies; credit is described in json_parts.c.
 *
 * base        month, given, lines[{charge, exact, days, of_days, known}], exact
 * settlement  month, total, lapsed, bonus, earned_back, credits[id], caps[{cap, from, to, limit, of, months, used_before, used,
 *             cut}], term
 * right       id, metric, arose, until, exercised, missed[label], clause, term
 * deadline    kind, who, at, state: open|met|late, done, window, credit, right, about, clause, term
 */
#include "render/json_parts.h"

#include <assert.h>

void json_base(struct json *j, const struct report *r, uint32_t base, const struct promise *p)
{
	const struct base *b = &r->o->bases[base];

	json_open_object(j);
	json_span(j, "month", b->month);
	json_kv_bool(j, "given", b->given);
	json_key(j, "lines");
	json_open_array(j);
	for (size_t i = 0; i < b->n_lines; i++) {
		json_open_object(j);
		json_kv_text(j, "charge", p->charges[b->lines[i].charge].id);
		json_kv_bool(j, "known", b->lines[i].known);
		if (b->lines[i].known) {
			json_exact(j, "exact", b->lines[i].exact);
			json_kv_int(j, "days", b->lines[i].days);
			json_kv_int(j, "of_days", b->lines[i].of_days);
		}
		json_end_object(j);
	}
	json_end_array(j);
	json_exact(j, "exact", b->exact);
	json_end_object(j);
}

static void json_rule(struct json *j, const struct credit *c, const struct credits *credits)
{
	if (c->rule < 0) {
		json_kv_str(j, "rule", "late_report");
		return;
	}
	const struct credit_rule *rule = &credits->rules[c->rule];

	json_kv_text(j, "rule", rule->id);
	if (rule->form == RULE_TIERS && c->tier >= 0) {
		json_key(j, "tier");
		json_open_object(j);
		json_kv_text(j, "id", rule->tiers[c->tier].id);
		json_decimal(j, "below", rule->tiers[c->tier].below);
		json_decimal(j, "credit", rule->tiers[c->tier].credit);
		json_end_object(j);
	}
	if (rule->form == RULE_EACH_BREACH)
		json_kv_int(j, "breaches", c->breaches);
}

static void json_pattern(struct json *j, const struct report *r, const struct credit *c)
{
	if (c->n_pattern_windows == 0)
		return;
	json_key(j, "pattern");
	json_open_array(j);
	for (size_t i = 0; i < c->n_pattern_windows; i++)
		json_str(j, r->o->windows[c->pattern_windows[i]].label);
	json_end_array(j);
}

static void json_fate(struct json *j, const struct report *r, const struct credit *c,
		      const struct credits *credits)
{
	json_kv_str(j, "fate", fate_key(c->fate));
	if (c->other < r->o->n_credits)
		json_kv_str(j, "other", r->o->credits[c->other].id);
	json_key(j, "causes");
	json_open_array(j);
	for (size_t i = 0; i < c->n_causes; i++)
		json_text(j, symbol_text(r->o->in.facts->symbols, c->causes[i]));
	json_end_array(j);
	json_key(j, "cuts");
	json_open_array(j);
	for (size_t i = 0; i < c->n_cuts; i++) {
		json_open_object(j);
		json_kv_text(j, "cap", credits->caps[c->cuts[i].cap].id);
		json_exact(j, "amount", c->cuts[i].cut);
		json_end_object(j);
	}
	json_end_array(j);
	if (c->claim_until == INSTANT_NONE && c->claimed == INSTANT_NONE)
		return;
	json_key(j, "claim");
	json_open_object(j);
	json_instant(j, "until", c->claim_until);
	json_instant(j, "claimed", c->claimed);
	json_end_object(j);
}

void json_credit(struct json *j, const struct report *r, uint32_t credit)
{
	const struct credit *c = &r->o->credits[credit];
	const struct promise *p = report_promise(r, c->version);
	const struct window_result *w = &r->o->windows[c->window];

	json_open_object(j);
	json_kv_str(j, "id", c->id);
	json_kv_text(j, "metric", report_metric(r, w->version, w->metric)->id);
	json_kv_str(j, "window", w->label);
	json_rule(j, c, &p->credits);
	json_pattern(j, r, c);
	json_decimal(j, "percent", c->pct);
	if (c->base < r->o->n_bases) {
		json_key(j, "base");
		json_base(j, r, c->base, p);
	}
	json_exact(j, "exact", c->exact);
	json_exact(j, "after_caps", c->after_caps);
	json_money(j, "amount", c->amount);
	if (c->deemed)
		json_kv_bool(j, "deemed", true);
	json_fate(j, r, c, &p->credits);
	json_dispute(j, r, c);
	json_node(j, r, c->rule >= 0 ? p->credits.rules[c->rule].node : p->reporting.node);
	json_end_object(j);
}

void json_cap(struct json *j, const struct report *r, const struct cap_use *u)
{
	json_open_object(j);
	json_kv_text(j, "cap", report_promise(r, u->version)->credits.caps[u->cap].id);
	json_instant(j, "from", u->period.from);
	json_instant(j, "to", u->period.to);
	json_exact(j, "of", u->of);
	if (u->months > 0)
		json_kv_int(j, "months", u->months);
	json_exact(j, "limit", u->limit);
	json_exact(j, "used_before", u->used_before);
	json_exact(j, "used", u->used);
	json_exact(j, "cut", u->cut);
	json_end_object(j);
}

void json_settlement(struct json *j, const struct report *r, const struct settlement *s)
{
	json_open_object(j);
	json_span(j, "month", s->month);
	json_money(j, "total", s->total);
	json_money(j, "lapsed", s->lapsed);
	json_money(j, "bonus", s->bonus);
	json_money(j, "earned_back", s->earned_back);
	json_key(j, "credits");
	json_open_array(j);
	for (size_t i = 0; i < s->n_credits; i++)
		json_str(j, r->o->credits[s->credits[i]].id);
	json_end_array(j);
	json_key(j, "caps");
	json_open_array(j);
	for (size_t i = 0; i < s->n_caps; i++)
		json_cap(j, r, &s->caps[i]);
	json_end_array(j);
	json_node(j, r, s->applied);
	json_end_object(j);
}

void json_right(struct json *j, const struct report *r, uint32_t right)
{
	const struct right *x = &r->o->rights[right];
	const struct chronic_rule *rule = &report_promise(r, x->version)->chronic[x->chronic];

	json_open_object(j);
	json_kv_text(j, "id", rule->id);
	json_kv_text(j, "metric", report_metric(r, x->version, (uint16_t)rule->metric)->id);
	json_instant(j, "arose", x->arose);
	json_instant(j, "until", x->until);
	json_instant(j, "exercised", x->exercised);
	json_key(j, "missed");
	json_open_array(j);
	for (size_t i = 0; i < x->n_windows; i++)
		json_str(j, r->o->windows[x->windows[i]].label);
	json_end_array(j);
	json_node(j, r, rule->node);
	json_end_object(j);
}

void json_deadline(struct json *j, const struct report *r, const struct act_deadline *x)
{
	static const char *const states[] = {"open", "met", "late"};

	assert((size_t)x->state < ARRAY_SIZE(states));
	json_open_object(j);
	json_kv_str(j, "kind", deadline_key(x->kind));
	json_kv_str(j, "who", party_word(x->who));
	json_instant(j, "at", x->at);
	json_kv_str(j, "state", states[x->state]);
	json_instant(j, "done", x->done);
	if (x->window < r->o->n_windows)
		json_kv_str(j, "window", r->o->windows[x->window].label);
	if (x->kind == DEADLINE_CLAIM && x->item < r->o->n_credits)
		json_kv_str(j, "credit", r->o->credits[x->item].id);
	if (x->subject.n > 0)
		json_kv_text(j, "about", x->subject);
	json_node(j, r, x->why);
	json_end_object(j);
}

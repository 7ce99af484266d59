/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contested facts (sla.md R19): everything is settled a second time with the result that held windows have without them. What
 * both ways give is applied; the rest waits for dispute.settled, as credits of their own with fate CREDIT_HELD.
 */
#include "engine/remedy_work.h"

#include <assert.h>

/* All credits of one rule for one window, in either settlement. */
struct line {
	uint16_t version;
	int rule;
	uint32_t window;
};

static struct line line_of(const struct credit *c)
{
	return (struct line){c->version, c->rule, c->window};
}

static bool is_of(const struct credit *c, struct line line)
{
	return c->version == line.version && c->rule == line.rule && c->window == line.window;
}

/* What a line comes to among the first n drafts. */
static struct money line_total(const struct remedy *r, size_t n, struct line line)
{
	struct money sum = {0, promise_at(r->o, line.version)->currency};

	for (size_t i = 0; i < n; i++)
		if (r->drafts[i].c.fate == CREDIT_DUE && is_of(&r->drafts[i].c, line))
			sum = money_add(sum, r->drafts[i].c.amount);
	return sum;
}

static struct settlement *settlement_of_month(struct remedy *r, instant month)
{
	for (size_t i = 0; i < r->n_settlements; i++)
		if (r->settlements[i].month.from == month)
			return &r->settlements[i];
	return NULL;
}

/* Adds a held part as a credit of its own; `other` is the credit that keeps the applied part, or UINT32_MAX. */
static void add_held(struct remedy *r, struct settlement *s, struct draft d, struct money amount,
		     uint32_t other)
{
	uint32_t *credits = arena_array(r->arena, uint32_t, s->n_credits + 1);

	for (size_t i = 0; i < s->n_credits; i++)
		credits[i] = s->credits[i];
	credits[s->n_credits++] = (uint32_t)r->n_drafts;
	s->credits = credits;
	/* A difference is not what the rule gave: it stands for itself. */
	if (other != UINT32_MAX || d.c.amount.minor != amount.minor) {
		d.c.exact = d.c.after_caps = money_exact(amount);
		d.c.cuts = NULL;
		d.c.n_cuts = 0;
	}
	d.c.fate = CREDIT_HELD;
	d.c.amount = amount;
	d.c.other = other;
	r->drafts =
		arena_grow(r->arena, r->drafts, r->n_drafts, &r->drafts_cap, sizeof(*r->drafts));
	r->drafts[r->n_drafts++] = d;
}

/* The line gives more than both ways share: its credits, in order, keep up to that; what is beyond is held. */
static void keep_shared(struct remedy *r, size_t n, struct line line, struct money shared)
{
	struct settlement *s = NULL;

	for (uint32_t i = 0; i < n; i++) {
		struct credit *c = &r->drafts[i].c;

		if (c->fate != CREDIT_DUE || !is_of(c, line))
			continue;
		if (s == NULL)
			s = settlement_of_month(r, c->month);
		if (c->amount.minor <= shared.minor) {
			shared = money_sub(shared, c->amount);
			continue;
		}

		struct money held = money_sub(c->amount, shared);

		s->total = money_sub(s->total, held);
		if (shared.minor == 0) {
			c->fate = CREDIT_HELD;
			continue;
		}
		c->amount = shared;
		shared.minor = 0;
		add_held(r, s, r->drafts[i], held, i);
	}
}

/* The settlement of a month in which only the other way gives something. */
static struct settlement *settlement_like(struct remedy *r, const struct settlement *of)
{
	struct settlement *s = settlement_of_month(r, of->month.from);
	struct money nothing = {0, of->total.currency};

	if (s != NULL)
		return s;
	r->settlements = arena_grow(r->arena, r->settlements, r->n_settlements, &r->settlements_cap,
				    sizeof(*r->settlements));

	size_t at = r->n_settlements++;

	for (; at > 0 && r->settlements[at - 1].month.from > of->month.from; at--)
		r->settlements[at] = r->settlements[at - 1];
	r->settlements[at] = (struct settlement){.month = of->month,
						 .total = nothing,
						 .lapsed = nothing,
						 .bonus = nothing,
						 .earned_back = nothing,
						 .applied = of->applied};
	return &r->settlements[at];
}

/* The other way gives more for a line: the difference is held. */
static void hold_more(struct remedy *r, struct remedy *other, const struct draft *d,
		      struct money more)
{
	const struct settlement *theirs = settlement_of_month(other, d->c.month);
	const struct base_key *key = &other->base_keys[d->c.base];
	struct draft held = *d;

	/* A credit that is due was settled in its month. */
	assert(theirs != NULL);
	held.c.base = base_index(r, key->version, other->bases[d->c.base].month,
				 (struct days){key->from, key->to});
	add_held(r, settlement_like(r, theirs), held, more, UINT32_MAX);
}

/* Credits are by month, version, rule and window (credits_make), so those of one line lie together. */
static bool is_first_of_line(const struct remedy *r, size_t at)
{
	struct line line = line_of(&r->drafts[at].c);

	for (size_t i = at; i > 0 && is_of(&r->drafts[i - 1].c, line); i--)
		if (r->drafts[i - 1].c.fate == CREDIT_DUE)
			return false;
	return r->drafts[at].c.fate == CREDIT_DUE;
}

static void compare(struct remedy *r, struct remedy *other)
{
	size_t n = r->n_drafts;

	/* What the other way gives beyond this one, before this one is cut down to what both share. */
	for (size_t i = 0; i < other->n_drafts; i++) {
		const struct draft *d = &other->drafts[i];
		struct line line = line_of(&d->c);

		if (!is_first_of_line(other, i))
			continue;

		struct money theirs = line_total(other, other->n_drafts, line);
		struct money ours = line_total(r, n, line);

		if (theirs.minor > ours.minor)
			hold_more(r, other, d, money_sub(theirs, ours));
	}
	for (size_t i = 0; i < n; i++) {
		struct line line = line_of(&r->drafts[i].c);

		if (!is_first_of_line(r, i))
			continue;

		struct money theirs = line_total(other, other->n_drafts, line);

		if (theirs.minor < line_total(r, n, line).minor)
			keep_shared(r, n, line, theirs);
	}
}

/* The same outcome with the other result of its held windows, whose samples are known by number only. */
static enum rc other_outcome(struct arena *a, const struct outcome *o, struct outcome *out,
			     struct err *err)
{
	*out = *o;
	out->windows = arena_array(a, struct window_result, o->n_windows);
	for (size_t i = 0; i < o->n_windows; i++) {
		const struct window_result *w = &o->windows[i];
		struct window_result *x = &out->windows[i];
		enum rc rc;

		*x = *w;
		if (!w->held || w->alternative == NULL)
			continue;
		*x = *w->alternative;
		x->held = true;
		x->clocks = w->clocks;
		x->n_clocks = w->n_clocks;
		rc = report_judge(out, x, err);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc credits_hold(struct remedy *r, struct err *err)
{
	struct outcome *o = arena_one(r->arena, struct outcome);
	struct remedy other = {.arena = r->arena, .o = o, .other_way = true, .index = r->index};
	bool any = false;

	for (size_t i = 0; i < r->o->n_windows && !any; i++)
		any = r->o->windows[i].held && r->o->windows[i].alternative != NULL;
	if (!any)
		return RC_OK;

	enum rc rc = other_outcome(r->arena, r->o, o, err);

	if (rc == RC_OK)
		rc = credits_make(&other, err);
	if (rc != RC_OK)
		return rc;
	credits_settle(&other);
	compare(r, &other);
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which adjustments there are and what they do (money.md R52 to R59): months, published values, bounds, notice, choice. Facts known in
 * the view decide; a later publication, notice or choice is found again at the next evaluation.
 */
#include "engine/index.h"

#include "engine/charging_parts.h"
#include "money/indexation.h"

#include <assert.h>

enum { MONTHS_A_YEAR = 12 };

struct maker {
	struct charging *c;
	int32_t ahead;
	struct adjustment *v;
	size_t n, cap;
	/* R54: the month that the last adjustment really used, and of which series */
	day used;
	struct text used_series;
	struct err *err;
};

static struct text fact_text(const struct charging *c, const struct fact *f, enum fact_field field)
{
	return symbol_text(c->view->facts->symbols, fact_word(f, field));
}

static bool fact_decimal(const struct fact *f, enum fact_field field, struct decimal *out)
{
	const struct fact_value *v = fact_value(f, field);

	if (v == NULL)
		return false;
	*out = (struct decimal){v->number, (uint8_t)v->scale};
	return true;
}

static day month_of(day d)
{
	struct civil c = civil_of(d);

	return day_of(c.year, c.month, 1);
}

/* --- published values (R56, R57) --- */

struct published {
	day month;
	struct decimal value;
	uint32_t fact;
};

/* The value published first for a month (R57); or, near: of the last month before it, of the first after it. */
enum which_month { THE_MONTH, LAST_BEFORE, FIRST_AFTER };

static bool published_for(struct maker *m, struct text series, day month, enum which_month which,
			  struct published *out)
{
	struct fact_run run = charging_facts(m->c, FACT_INDEX_PUBLISHED, series);
	bool found = false;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(m->c->view, run.v[i]);
		struct published p = {.fact = run.v[i]};

		if (!month_parse(fact_text(m->c, f, FIELD_INDEX_MONTH), &p.month) ||
		    !fact_decimal(f, FIELD_VALUE, &p.value) || p.value.units <= 0)
			continue;

		bool fits = which == THE_MONTH     ? p.month == month
			    : which == LAST_BEFORE ? p.month < month
						   : p.month > month;
		bool nearer = !found || (which == LAST_BEFORE   ? p.month > out->month
					 : which == FIRST_AFTER ? p.month < out->month
								: false);

		if (fits && nearer) {
			*out = p;
			found = true;
		}
	}
	return found;
}

/* The value for a wanted month. `come`: the day on which it is needed has come. false: it is not known yet, or waited for. */
static bool find_value(struct maker *m, const struct indexation *x, day month, bool come,
		       struct published *out)
{
	struct published later = {0, {0, 0}, 0};

	if (published_for(m, x->series, month, THE_MONTH, out))
		return true;
	/* Ahead of the day a month may still be published, unless a later one was. */
	if (!come && !published_for(m, x->series, month, FIRST_AFTER, &later))
		return false;
	switch (x->if_missing) {
	case MISSING_PREVIOUS:
		return published_for(m, x->series, month, LAST_BEFORE, out);
	case MISSING_NEXT:
		return published_for(m, x->series, month, FIRST_AFTER, out);
	case MISSING_WAIT:
		break;
	}
	return false;
}

/* R57: what one point of the old base is in the new one, over all links after `from` up to and with `to`. */
static bool linked_base(struct maker *m, struct text series, day from, day to, struct decimal base,
			struct fraction *out)
{
	struct fact_run run = charging_facts(m->c, FACT_INDEX_LINKED, series);
	struct fraction f = fraction_of_decimal(base);

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *link = view_fact(m->c->view, run.v[i]);
		struct decimal old = {0, 0}, new = {0, 0};
		struct fraction step = {1, 1};
		day month = 0;

		if (!month_parse(fact_text(m->c, link, FIELD_INDEX_MONTH), &month) ||
		    month <= from || month > to || !fact_decimal(link, FIELD_OLD_VALUE, &old) ||
		    !fact_decimal(link, FIELD_VALUE, &new) || old.units <= 0 || new.units <= 0)
			continue;
		if (!fraction_try_div(fraction_of_decimal(new), fraction_of_decimal(old), &step) ||
		    !fraction_try_mul(f, step, &f))
			return false;
	}
	*out = f;
	return true;
}

/* --- the ratio (R53 to R55) --- */

static struct decimal shown(struct fraction f)
{
	struct decimal d = {0, 0};

	if (!fraction_try_round(f, 9, ROUND_HALF_UP, &d))
		return d;
	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

static enum rc beyond(struct maker *m)
{
	return err_set(m->err, RC_LIMIT, "amount too large: an index ratio beyond 64 bits");
}

static day lagged(const struct indexation *x, day d)
{
	return day_add_months(month_of(d), (int32_t)-x->lag_months);
}

/* R133: an adjustment ahead of the last day of which anything is known. */
static bool is_ahead(const struct charging *c, day date)
{
	return c->unknown != INDEX_AS_KNOWN && date > c->today;
}

/* R133: one that is not published yet, at the floor; or at the cap, if there is one. */
static enum rc assume(struct maker *m, const struct indexation *x, struct adjustment *a)
{
	struct decimal pct = m->c->unknown == INDEX_AT_CAP && x->cap_set ? x->cap : x->floor;
	struct fraction r = {1, 1};

	if (!fraction_try_div(fraction_of_decimal(pct), fraction_of(100, 1), &r) ||
	    !fraction_try_add(r, fraction_of(1, 1), &r))
		return beyond(m);
	a->ratio = shown(r);
	a->assumed = true;
	a->state = ADJUSTED;
	return RC_OK;
}

/* Fills months, values, ratio; ADJUST_WAITS where one is not there. */
static enum rc read_index(struct maker *m, const struct priced_version *v,
			  const struct indexation *x, struct adjustment *a)
{
	const struct promise *p = v->pricing->promise;
	day signing = p->effective_day != DAY_NONE ? p->effective_day : p->service_start_day;
	bool chained = !x->from_signing && m->used != DAY_NONE;
	struct published now = {0, {0, 0}, 0}, base = {0, {0, 0}, 0};
	struct fraction linked = {1, 1};
	struct indexation before;
	const struct indexation *of_base = x;

	a->month_wanted = lagged(x, a->date);
	a->base_month = chained ? m->used : signing == DAY_NONE ? DAY_NONE : lagged(x, signing);
	a->state = ADJUST_WAITS;
	/* R57: another series needs its link to be compared with the old one */
	if (chained && !text_eq(m->used_series, x->series) &&
	    charging_facts(m->c, FACT_INDEX_LINKED, x->series).n == 0)
		return RC_OK;
	/* the base may be of another series, which is asked for the month that was really used */
	if (chained && !text_eq(m->used_series, x->series)) {
		before = (struct indexation){.series = m->used_series};
		of_base = &before;
	}
	if (a->base_month == DAY_NONE ||
	    !find_value(m, x, a->month_wanted, a->date <= m->c->on && !is_ahead(m->c, a->date),
			&now) ||
	    !find_value(m, of_base, a->base_month, true, &base))
		return RC_OK;
	a->month_used = now.month;
	a->base_month = base.month;
	a->value_now = now.value;
	a->value_base = base.value;
	a->entry_now = entry_of(m->c, now.fact);
	a->entry_base = entry_of(m->c, base.fact);
	if (!linked_base(m, x->series, base.month, now.month, base.value, &linked))
		return beyond(m);

	struct fraction ratio = {1, 1};

	if (!fraction_try_div(fraction_of_decimal(now.value), linked, &ratio) ||
	    !fraction_try_round(ratio, x->ratio_decimals, ROUND_HALF_UP, &a->ratio))
		return beyond(m);
	a->state = ADJUSTED;
	return RC_OK;
}

/* R53, R55: between floor and cap. A rise that the floor alone leaves at nothing is none. */
static enum rc bound(struct maker *m, const struct indexation *x, struct adjustment *a,
		     struct fraction *applied)
{
	struct index_bounds bounds = {.has_cap = x->cap_set, .cap = x->cap, .floor = x->floor};
	enum index_effect effect = INDEX_FREE;

	if (!index_clamp(a->ratio, &bounds, applied, &effect))
		return beyond(m);
	a->capped = effect == INDEX_CAP;
	a->floored = effect == INDEX_FLOOR;
	if (a->floored && !x->original_price && fraction_cmp(*applied, fraction_of(1, 1)) == 0)
		a->state = ADJUST_NOTHING;
	return RC_OK;
}

/* --- notice and choice (R58) --- */

static bool is_announcement(const struct maker *m, const struct fact *f, day date)
{
	day d = 0;

	return f->party != PARTY_CLIENT && day_parse(fact_text(m->c, f, FIELD_DATE), &d) &&
	       d == date;
}

/* The first announcement of that date; NO_FACT. With choice: the last one, whose share holds. */
static uint32_t announced(const struct maker *m, day date, bool last)
{
	struct fact_run run = m->c->view->kinds[FACT_PRICE_ANNOUNCED];
	uint32_t found = NO_FACT;

	for (size_t i = 0; i < run.n; i++)
		if (is_announcement(m, view_fact(m->c->view, run.v[i]), date) &&
		    (found == NO_FACT || last))
			found = run.v[i];
	return found;
}

/* R58: at most the computed price, by a fact. */
static bool choose(struct maker *m, const struct indexation *x, struct adjustment *a,
		   struct fraction *applied)
{
	uint32_t i;
	struct decimal pct = {0, 0};
	struct fraction chosen = {1, 1};

	if (!x->provider_choice || a->state != ADJUSTED)
		return true;
	i = announced(m, a->date, true);
	/* R133: what the provider may choose at most */
	if (i == NO_FACT && is_ahead(m->c, a->date) && m->c->unknown == INDEX_AT_CAP)
		return true;
	if (i == NO_FACT) {
		a->state = ADJUST_CHOICE;
		return true;
	}
	a->entry_notice = entry_of(m->c, i);
	if (!fact_decimal(view_fact(m->c->view, i), FIELD_PCT, &pct))
		return true;
	if (!fraction_try_div(fraction_of_decimal(pct), fraction_of(100, 1), &chosen) ||
	    !fraction_try_add(chosen, fraction_of(1, 1), &chosen))
		return false;
	if (fraction_cmp(chosen, *applied) < 0)
		*applied = chosen;
	return true;
}

/* When notice must be given for a rise on its date, and to which day a late one moves it. */
static enum rc check_notice(struct maker *m, const struct priced_version *v,
			    const struct indexation *x, struct adjustment *a,
			    struct fraction applied)
{
	const struct promise *p = v->pricing->promise;
	struct duration_context ctx = promise_duration(p, &x->notice);
	uint32_t i = announced(m, a->date, false);
	instant moved = 0;
	enum rc rc;

	if (!x->notice.set)
		return RC_OK;
	rc = duration_add(x->notice.duration, -1, ANCHOR_EDGE, zone_midnight(p->zone, a->date),
			  &ctx, &a->notice_due, m->err);
	/* only a rise has to be announced */
	if (rc != RC_OK || a->state != ADJUSTED || fraction_cmp(applied, fraction_of(1, 1)) <= 0)
		return rc;
	day told = m->c->today;

	if (i == NO_FACT && !is_ahead(m->c, a->date)) {
		a->state = ADJUST_NOTICE;
		return RC_OK;
	}
	if (i != NO_FACT) {
		const struct fact *f = view_fact(m->c->view, i);

		a->entry_notice = entry_of(m->c, i);
		told = zone_day(p->zone, f->occurred_at);
		if (f->occurred_at <= a->notice_due)
			return RC_OK;
	} else if (zone_midnight(p->zone, told) <= a->notice_due) {
		return RC_OK; /* R133: there is time for it yet; else it is given today */
	}
	rc = duration_add(x->notice.duration, 1, ANCHOR_DATE, zone_midnight(p->zone, told), &ctx,
			  &moved, m->err);
	if (rc != RC_OK)
		return rc;

	day d = zone_day(p->zone, moved);

	if (zone_midnight(p->zone, d) < moved)
		d++;
	a->effective = later_day(a->date, d);
	return RC_OK;
}

/* R59: the last day on which the client can say that it leaves: for convenience before the rise, else at the end of the term. */
static day last_day_to_leave(const struct promise *p, day effective, struct err *err)
{
	const struct node *root = p->contract->root;
	const struct node *list = node_at(root, "termination.convenience");
	const struct node *renewal = node_at(root, "term.renewal.non_renewal_notice");
	struct duration_context ctx = {.zone = p->zone, .business = p->business, .roll = p->roll};
	const struct node *notice = NULL;
	instant edge = zone_midnight(p->zone, effective), at = 0;

	for (const struct node *n = list == NULL ? NULL : list->child; n != NULL && notice == NULL;
	     n = n->next)
		if (!text_is(term_text(n, "by"), "provider") &&
		    text_is(term_text(n, "fee"), "none"))
			notice = node_at(n, "notice");
	if (notice == NULL && renewal != NULL && !text_is(term_text(renewal, "by"), "provider")) {
		notice = node_at(renewal, "at_least");
		edge = p->end;
	}
	if (notice == NULL || notice->hole || edge == INSTANT_MAX)
		return DAY_NONE;
	if (notice->value.duration.calendar.n > 0)
		ctx.calendar = promise_calendar(p, notice->value.duration.calendar);
	else
		ctx.calendar = p->business;
	if (duration_add(notice->value.duration, -1, ANCHOR_EDGE, edge, &ctx, &at, err) != RC_OK)
		return DAY_NONE;
	return zone_day(p->zone, at - 1);
}

/* --- what it does to the slots --- */

static bool applies_to(const struct charging *c, const struct indexation *x, uint16_t version,
		       size_t slot)
{
	for (size_t i = 0; i < x->applies_to.n; i++)
		if (c->slots[slot].of_version[version] == x->applies_to.v[i])
			return true;
	return false;
}

/* The first edge of the slot's periods that is not before d (R56, R58). */
static day first_edge(struct charging *c, size_t slot, day d)
{
	const struct priced_charge *x = slot_charge(c, slot, slot_version_on(c, slot, d));
	struct duration month = {.n = 1, .unit = UNIT_MO};
	struct grid g = grid_of(x->base->period_set ? x->base->period : month,
				!x->base->anchor_anniversary, slot_life(c, slot).from);
	struct days around = grid_around(&g, d);

	return around.from == d ? d : around.to;
}

struct change_list {
	struct price_change *v;
	size_t n, cap;
};

static void add_change(struct charging *c, struct change_list *to, struct price_change change)
{
	size_t k = to->n;

	to->v = arena_grow(c->arena, to->v, to->n, &to->cap, sizeof(*to->v));
	for (; k > 0 && to->v[k - 1].from > change.from; k--)
		to->v[k] = to->v[k - 1];
	to->v[k] = change;
	to->n++;
}

/* One adjustment of a version's clause, judged. applied is what prices are multiplied by where it is ADJUSTED. */
static enum rc judge(struct maker *m, uint16_t version, day date, struct adjustment *a,
		     struct fraction *applied)
{
	const struct priced_version *v = &m->c->versions[version];
	const struct indexation *x = &v->pricing->indexation;
	enum rc rc = RC_OK;

	*a = (struct adjustment){.date = date,
				 .effective = date,
				 .version = version,
				 .month_wanted = DAY_NONE,
				 .month_used = DAY_NONE,
				 .base_month = DAY_NONE,
				 .notice_due = INSTANT_NONE,
				 .last_day_to_leave = DAY_NONE,
				 .entry_now = -1,
				 .entry_base = -1,
				 .entry_notice = -1};
	if (x->fixed) {
		/* NF-7: r = 1 + pct */
		struct fraction pct = fraction_of_decimal(x->pct), r = {1, 1};

		if (!fraction_try_div(pct, fraction_of(100, 1), &r) ||
		    !fraction_try_add(r, fraction_of(1, 1), &r))
			return beyond(m);
		a->ratio = shown(r);
	} else {
		rc = read_index(m, v, x, a);
	}
	if (rc == RC_OK && a->state == ADJUST_WAITS && is_ahead(m->c, date))
		rc = assume(m, x, a);
	if (rc == RC_OK && a->state == ADJUSTED)
		rc = bound(m, x, a, applied);
	if (rc != RC_OK)
		return rc;
	if (!choose(m, x, a, applied))
		return beyond(m);
	rc = check_notice(m, v, x, a, *applied);
	if (rc != RC_OK)
		return rc;
	a->applied = shown(*applied);
	a->last_day_to_leave = last_day_to_leave(v->pricing->promise, a->effective, m->err);
	err_clear(m->err);
	return RC_OK;
}

/* R56 `wait`: what was published after the date counts from then on, never backwards. */
static void wait_for_publication(struct maker *m, const struct indexation *x, struct adjustment *a)
{
	const struct fact *f;
	struct published now = {0, {0, 0}, 0};
	day d;

	if (x->fixed || a->assumed || x->if_missing != MISSING_WAIT || a->state != ADJUSTED ||
	    !published_for(m, x->series, a->month_used, THE_MONTH, &now))
		return;
	f = view_fact(m->c->view, now.fact);
	d = zone_day(m->c->zone, f->occurred_at);
	if (d > a->effective)
		a->effective = d;
}

static int64_t yearly(const struct charging *c, const struct priced_charge *x, struct decimal old,
		      struct decimal new)
{
	struct fraction diff = {0, 1};
	int64_t minor = 0, months;

	if (!x->base->amount_set || !x->base->period_set)
		return 0;
	months = x->base->period.unit == UNIT_MO  ? x->base->period.n
		 : x->base->period.unit == UNIT_Y ? x->base->period.n * MONTHS_A_YEAR
						  : 0;
	if (months <= 0 ||
	    !fraction_try_sub(fraction_of_decimal(new), fraction_of_decimal(old), &diff) ||
	    !fraction_try_mul(diff, fraction_of(MONTHS_A_YEAR, months), &diff) ||
	    !charge_round(c, diff, &minor))
		return 0;
	return minor;
}

/* R59: what it changes, read off the pieces made. */
static void tell_prices(struct charging *c, struct adjustment *a)
{
	struct adjusted_price *v = arena_array(c->arena, struct adjusted_price, c->n_slots);
	size_t n = 0;

	for (size_t s = 0; s < c->n_slots; s++) {
		for (size_t i = 1; i < c->n_prices[s]; i++) {
			const struct price_piece *was = &c->prices[s][i - 1],
						 *is = &c->prices[s][i];
			const struct priced_charge *x = slot_charge(c, s, is->version);
			struct adjusted_price p = {
				.slot = s, .old_price = was->amount, .new_price = is->amount};

			/* what is paid once has no price that a client could leave before */
			if (is->adjustment != a || was->adjustment == a ||
			    x->base->type == CHARGE_ONE_TIME)
				continue;
			if (is->card != NULL && is->card->n_tiers > 0 && was->card != NULL &&
			    was->card->n_tiers > 0) {
				p.old_price = was->card->tiers[0].price;
				p.new_price = is->card->tiers[0].price;
			}
			p.yearly_effect = yearly(c, x, was->amount, is->amount);
			v[n++] = p;
			break;
		}
	}
	a->prices = v;
	a->n_prices = n;
}

/* --- all of them --- */

struct judged {
	struct fraction *applied; /* of each adjustment */
	size_t cap;
};

static enum rc judge_version(struct maker *m, uint16_t version, struct judged *j)
{
	const struct priced_version *v = &m->c->versions[version];
	const struct indexation *x = &v->pricing->indexation;
	day last = m->c->on > INT32_MAX - m->ahead ? INT32_MAX : m->c->on + m->ahead;
	struct grid g;

	if (!x->set || x->first == DAY_NONE || x->every.n <= 0)
		return RC_OK;
	g = grid_of(x->every, false, x->first);
	for (int64_t k = 0;; k++) {
		day date = grid_edge(&g, k);
		struct adjustment a;
		struct fraction applied = {1, 1};
		enum rc rc;

		if (date > last || date >= v->to || date >= m->c->stop)
			return RC_OK;
		if (date < v->from)
			continue;
		rc = judge(m, version, date, &a, &applied);
		if (rc != RC_OK)
			return rc;
		wait_for_publication(m, x, &a);
		if (a.state == ADJUSTED && a.effective > m->c->on)
			a.state = ADJUST_ANNOUNCED;
		if (!a.assumed && (a.state == ADJUSTED || a.state == ADJUST_ANNOUNCED)) {
			m->used = a.month_used;
			m->used_series = x->series;
		}
		m->v = arena_grow(m->c->arena, m->v, m->n, &m->cap, sizeof(*m->v));
		j->applied =
			arena_grow(m->c->arena, j->applied, m->n, &j->cap, sizeof(*j->applied));
		j->applied[m->n] = applied;
		m->v[m->n++] = a;
	}
}

static void slot_changes(struct maker *m, const struct judged *j, size_t slot,
			 struct change_list *to)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct adjustment *a = &m->v[i];
		const struct indexation *x = &m->c->versions[a->version].pricing->indexation;
		struct price_change change = {.from = a->effective,
					      .applied = j->applied[i],
					      .original = x->original_price,
					      .why = a};

		if ((a->state != ADJUSTED && a->state != ADJUST_ANNOUNCED) ||
		    !applies_to(m->c, x, a->version, slot))
			continue;
		if (a->effective > a->date)
			change.from = first_edge(m->c, slot, a->effective);
		add_change(m->c, to, change);
	}
}

enum rc index_prices(struct charging *c, int32_t ahead, struct err *err)
{
	struct maker m = {.c = c, .ahead = ahead, .used = DAY_NONE, .err = err};
	struct judged j = {NULL, 0};
	const struct price_piece **prices =
		arena_array(c->arena, const struct price_piece *, c->n_slots);
	size_t *n_prices = arena_array(c->arena, size_t, c->n_slots);

	for (size_t v = 0; v < c->n_versions; v++) {
		enum rc rc = judge_version(&m, (uint16_t)v, &j);

		if (rc != RC_OK)
			return rc;
	}

	day *edges = arena_array(c->arena, day, m.n);

	for (size_t i = 0; i < m.n; i++)
		edges[i] = INT32_MAX;
	for (size_t s = 0; s < c->n_slots; s++) {
		struct change_list changes = {NULL, 0, 0};
		enum rc rc;

		slot_changes(&m, &j, s, &changes);
		rc = prices_make(c, s, changes.v, changes.n, &prices[s], &n_prices[s], err);
		if (rc != RC_OK)
			return rc;
		for (size_t i = 0; i < changes.n; i++) {
			size_t k = (size_t)(changes.v[i].why - m.v);

			edges[k] = earlier_day(edges[k], changes.v[i].from);
		}
	}
	/* a moved one takes effect where the first of its prices does */
	for (size_t i = 0; i < m.n; i++)
		if (edges[i] != INT32_MAX && edges[i] > m.v[i].effective)
			m.v[i].effective = edges[i];
	c->prices = prices;
	c->n_prices = n_prices;
	for (size_t i = 0; i < m.n; i++)
		tell_prices(c, &m.v[i]);
	c->adjustments = m.v;
	c->n_adjustments = m.n;
	return RC_OK;
}

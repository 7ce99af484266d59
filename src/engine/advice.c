/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suggestions as re-runs (money.md R136): the versions with one thing changed, the same view of the facts, the charges of all periods
 * again. Nothing is estimated; what is not priced by somebody is not suggested. Idle units are advice_units.c.
 */
#include "engine/advice_parts.h"

#include "engine/ledger.h"

#include <assert.h>
#include <stdlib.h>

enum { MONTHS_A_YEAR = 12 };

const char *advice_word(enum advice_kind k)
{
	static const char *const words[] = {[ADVICE_UNITS] = "unused_units",
					    [ADVICE_HOURS] = "prepaid_size",
					    [ADVICE_NO_HOURS] = "no_prepaid",
					    [ADVICE_AHEAD] = "pay_ahead",
					    [ADVICE_OFFER] = "offer"};

	assert((size_t)k < ARRAY_SIZE(words));
	return words[k];
}

const char *advice_verdict_word(enum advice_verdict v)
{
	static const char *const words[] = {[ADVICE_SAVES] = "saves",
					    [ADVICE_TOO_LITTLE] = "too_little",
					    [ADVICE_COMMITTED] = "commitment"};

	assert((size_t)v < ARRAY_SIZE(words));
	return words[v];
}

/* --- nets --- */

enum rc advice_nets(struct arena *a, const struct advice_input *in, struct charging *c,
		    struct month_net **out, size_t *n, struct err *err)
{
	struct billing_input bill = {.charging = c,
				     .settings = in->settings,
				     .date = in->window.to,
				     .as_of = in->as_of,
				     .known_as_of = in->known_as_of};

	*out = NULL;
	*n = 0;
	return billing_nets(a, &bill, out, n, err);
}

/* Straight-line by day, rounded from the beginning, so that windows side by side add up (as ledger_earned has it). */
enum rc advice_share(const struct advice_input *in, const struct month_net *net, int64_t *out,
		     struct err *err)
{
	const struct charging *c = in->charging;
	enum rounding mode = c->versions[c->n_versions - 1].pricing->promise->rounding;
	int64_t before = 0, until = 0;

	*out = 0;
	if (days_empty(net->service))
		return RC_OK;
	if (!ledger_earned(net->net, net->service, in->window.from, mode, &before) ||
	    !ledger_earned(net->net, net->service, in->window.to, mode, &until))
		return err_set(err, RC_LIMIT, "amount too large: a share of a period");
	*out = until - before;
	return RC_OK;
}

static enum rc charge_sum(const struct advice_input *in, struct text charge,
			  const struct month_net *nets, size_t n, int64_t *out, struct err *err)
{
	enum rc rc = RC_OK;

	*out = 0;
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		int64_t share = 0;

		if (!text_eq(nets[i].charge, charge))
			continue;
		rc = advice_share(in, &nets[i], &share, err);
		if (rc == RC_OK && __builtin_add_overflow(*out, share, out))
			rc = err_set(err, RC_LIMIT, "amount too large: the sum of a charge");
	}
	return rc;
}

/* --- the list --- */

struct advice *advice_add(struct advising *x, enum advice_kind kind, struct text charge)
{
	x->v = arena_grow(x->arena, x->v, x->n, &x->cap, sizeof(*x->v));
	x->v[x->n] = (struct advice){.kind = kind, .charge = charge};
	return &x->v[x->n++];
}

void advice_judge(struct advice *v, int64_t of)
{
	v->verdict = v->saving > 0 && of > 0 && v->saving >= (of + 99) / 100 ? ADVICE_SAVES
									     : ADVICE_TOO_LITTLE;
}

/* Charges of both runs, those of the contract first; only what differs. */
static enum rc add_rows(struct advising *x, struct advice *v, const struct charging *c,
			const struct month_net *nets, size_t n)
{
	const struct charging *base = x->in->charging;
	size_t room = base->n_slots + c->n_slots;
	struct advice_row *rows = arena_array(x->arena, struct advice_row, room);
	enum rc rc = RC_OK;

	v->rows = rows;
	for (size_t i = 0; rc == RC_OK && i < room; i++) {
		bool own = i < base->n_slots, seen = false;
		struct advice_row r = {.charge = own ? base->slots[i].id
						     : c->slots[i - base->n_slots].id};

		for (size_t k = 0; !own && k < base->n_slots; k++)
			seen = seen || text_eq(base->slots[k].id, r.charge);
		if (seen)
			continue;
		rc = charge_sum(x->in, r.charge, x->nets, x->n_nets, &r.now, x->err);
		if (rc == RC_OK)
			rc = charge_sum(x->in, r.charge, nets, n, &r.then, x->err);
		if (rc == RC_OK && (__builtin_add_overflow(v->now, r.now, &v->now) ||
				    __builtin_add_overflow(v->then, r.then, &v->then)))
			rc = err_set(x->err, RC_LIMIT, "amount too large: the sum of a run");
		if (r.now != r.then)
			rows[v->n_rows++] = r;
	}
	v->saving = v->now - v->then;
	return rc;
}

static bool counts(const struct commitment *k, int charge)
{
	for (size_t i = 0; i < k->counts.n; i++)
		if (k->counts.v[i] == charge)
			return true;
	return k->counts.n == 0;
}

/* R136: a suggestion that leaves less than was committed to is none: the difference would be billed. */
static enum rc below_commitment(struct advising *x, const struct charging *c,
				const struct month_net *nets, size_t n, bool *below)
{
	const struct pricing *p = c->versions[c->n_versions - 1].pricing;
	const struct commitment *k = &p->commitment;
	int64_t per = k->per.unit == UNIT_Y ? k->per.n * MONTHS_A_YEAR : k->per.n, sum = 0;
	int64_t months = periods_whole(x->in->window.from, x->in->window.to, 1, 0);
	enum rc rc = RC_OK;

	*below = false;
	if (!k->set || per <= 0 || (k->per.unit != UNIT_Y && k->per.unit != UNIT_MO))
		return RC_OK;
	for (size_t s = 0; rc == RC_OK && s < c->n_slots; s++) {
		int64_t part = 0;
		int at = c->slots[s].of_version[c->n_versions - 1];

		if (at < 0 || !counts(k, at))
			continue;
		rc = charge_sum(x->in, c->slots[s].id, nets, n, &part, x->err);
		if (rc == RC_OK && __builtin_add_overflow(sum, part, &sum))
			rc = err_set(x->err, RC_LIMIT, "amount too large: what is committed");
	}
	*below = (i128)sum * per < (i128)k->amount.minor * months;
	return rc;
}

/* --- a run under other terms --- */

static enum rc run_under(struct advising *x, const struct priced_version *versions, size_t n,
			 struct advice *v)
{
	const struct charging *base = x->in->charging;
	struct charging *c = arena_one(x->arena, struct charging);
	struct month_net *nets = NULL;
	size_t n_nets = 0;
	bool below = false;
	enum rc rc;

	*c = (struct charging){.arena = x->arena,
			       .versions = versions,
			       .n_versions = n,
			       .view = base->view,
			       .fact_entries = base->fact_entries,
			       .on = base->on,
			       .stop = base->stop};
	rc = charging_begin(c, x->err);
	if (rc == RC_OK)
		rc = charging_run(c, x->err);
	if (rc == RC_OK)
		rc = advice_nets(x->arena, x->in, c, &nets, &n_nets, x->err);
	if (rc == RC_OK)
		rc = add_rows(x, v, c, nets, n_nets);
	if (rc == RC_OK)
		rc = below_commitment(x, c, nets, n_nets, &below);
	if (rc != RC_OK)
		return rc;
	advice_judge(v, v->now);
	if (v->verdict == ADVICE_SAVES && below)
		v->verdict = ADVICE_COMMITTED;
	return RC_OK;
}

/* What may be changed of one version: charges and what the promise says of them, each a copy. */
struct changed {
	struct pricing *pricing;
	struct priced_charge *charges;
	struct charge *bases;
};

static struct changed copy_version(struct arena *a, struct priced_version *v)
{
	const struct pricing *old = v->pricing;
	struct promise *promise = arena_one(a, struct promise);
	struct changed out = {arena_one(a, struct pricing),
			      arena_array(a, struct priced_charge, old->promise->n_charges),
			      arena_array(a, struct charge, old->promise->n_charges)};

	*promise = *old->promise;
	*out.pricing = *old;
	for (size_t i = 0; i < promise->n_charges; i++) {
		out.bases[i] = old->promise->charges[i];
		out.charges[i] = old->charges[i];
		out.charges[i].base = &out.bases[i];
	}
	promise->charges = out.bases;
	out.pricing->promise = promise;
	out.pricing->charges = out.charges;
	v->pricing = out.pricing;
	return out;
}

static struct priced_version *copy_versions(struct arena *a, const struct charging *c,
					    struct changed **changed)
{
	struct priced_version *v = arena_array(a, struct priced_version, c->n_versions);

	*changed = arena_array(a, struct changed, c->n_versions);
	for (size_t i = 0; i < c->n_versions; i++) {
		v[i] = c->versions[i];
		(*changed)[i] = copy_version(a, &v[i]);
	}
	return v;
}

static const struct pricing *newest(const struct advising *x)
{
	const struct charging *c = x->in->charging;

	return c->versions[c->n_versions - 1].pricing;
}

/* --- prepaid hours of another size (X59) --- */

static bool same_draws(const struct index_list *p, const struct index_list *q)
{
	if (p->n == 0 || q->n == 0)
		return true;
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < q->n; k++)
			if (p->v[i] == q->v[k])
				return true;
	return false;
}

static bool is_prepaid(const struct pricing *p, size_t i)
{
	return p->charges[i].base->type == CHARGE_PREPAID && p->charges[i].base->amount_set;
}

/* The charge sells those hours for that amount from the beginning; later prices are of its own size and give way. */
static void resize(struct changed *k, size_t i, const struct priced_charge *to)
{
	k->charges[i].hours = to->hours;
	k->bases[i].amount = to->base->amount;
	k->bases[i].schedule = NULL;
	k->bases[i].n_schedule = 0;
	k->charges[i].prices = NULL;
	k->charges[i].n_prices = 0;
}

static enum rc try_size(struct advising *x, size_t at, const struct priced_charge *to)
{
	const struct charging *c = x->in->charging;
	const struct priced_charge *own = &newest(x)->charges[at];
	struct changed *changed;
	struct priced_version *versions = copy_versions(x->arena, c, &changed);
	struct advice *v =
		advice_add(x, to == NULL ? ADVICE_NO_HOURS : ADVICE_HOURS, own->base->id);

	for (size_t i = 0; i < c->n_versions; i++) {
		int k = pricing_charge(c->versions[i].pricing, own->base->id);

		if (k < 0)
			continue;
		if (to != NULL)
			resize(&changed[i], (size_t)k, to);
		else /* it never begins */
			changed[i].bases[k].until = changed[i].bases[k].from =
				c->versions[0].pricing->promise->effective_day;
	}
	v->hours = own->hours;
	if (to != NULL) {
		v->hours_then = to->hours;
		v->option = to->base->id;
	}
	return run_under(x, versions, c->n_versions, v);
}

/* Hours that are bought every month: other sizes of the price list, and none at all. */
static enum rc hours(struct advising *x)
{
	const struct pricing *p = newest(x);
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < p->promise->n_charges; i++) {
		if (!is_prepaid(p, i) || !p->charges[i].base->period_set)
			continue;
		for (size_t k = 0; rc == RC_OK && k < p->promise->n_charges; k++)
			if (k != i && is_prepaid(p, k) && !p->charges[k].base->period_set &&
			    same_draws(&p->charges[i].draws_for, &p->charges[k].draws_for))
				rc = try_size(x, i, &p->charges[k]);
		if (rc == RC_OK)
			rc = try_size(x, i, NULL);
	}
	return rc;
}

/* --- a year paid ahead (R51) --- */

static enum rc ahead(struct advising *x)
{
	const struct charging *c = x->in->charging;
	const struct pricing *p = newest(x);
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < p->promise->n_charges; i++) {
		struct changed *changed;
		struct priced_version *versions;

		if (p->charges[i].base->type != CHARGE_DISCOUNT ||
		    p->charges[i].when != DISCOUNT_PAID_YEAR_AHEAD)
			continue;
		versions = copy_versions(x->arena, c, &changed);
		for (size_t v = 0; v < c->n_versions; v++) {
			int k = pricing_charge(c->versions[v].pricing, p->charges[i].base->id);

			if (k >= 0)
				changed[v].charges[k].when = DISCOUNT_ALWAYS;
		}
		rc = run_under(x, versions, c->n_versions,
			       advice_add(x, ADVICE_AHEAD, p->charges[i].base->id));
	}
	return rc;
}

/* --- offers --- */

static enum rc offers(struct advising *x)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < x->in->n_offers; i++) {
		struct priced_version *one = arena_one(x->arena, struct priced_version);
		struct advice *v = advice_add(x, ADVICE_OFFER, (struct text){"", 0});

		*one = (struct priced_version){
			.pricing = x->in->offers[i].pricing, .from = INT32_MIN, .to = INT32_MAX};
		v->option = x->in->offers[i].name;
		rc = run_under(x, one, 1, v);
	}
	return rc;
}

/* --- all --- */

static int by_saving(const void *p, const void *q)
{
	const struct advice *x = p, *y = q;
	bool xs = x->verdict == ADVICE_SAVES, ys = y->verdict == ADVICE_SAVES;
	int order;

	if (xs != ys)
		return xs ? -1 : 1;
	if (x->saving != y->saving)
		return x->saving > y->saving ? -1 : 1;
	order = (x->kind > y->kind) - (x->kind < y->kind);
	if (order == 0)
		order = text_cmp(x->charge, y->charge);
	return order != 0 ? order : text_cmp(x->option, y->option);
}

enum rc advice_make(struct arena *a, const struct advice_input *in, struct advices *out,
		    struct err *err)
{
	struct advising x = {.arena = a, .in = in, .err = err};
	struct month_net *nets = NULL;
	struct advices all = {.total = 0};
	enum rc rc = advice_nets(a, in, in->charging, &nets, &x.n_nets, err);

	x.nets = nets;
	for (size_t i = 0; rc == RC_OK && i < x.n_nets; i++) {
		int64_t share = 0;

		rc = advice_share(in, &nets[i], &share, err);
		if (rc == RC_OK && __builtin_add_overflow(all.total, share, &all.total))
			rc = err_set(err, RC_LIMIT, "amount too large: all charges");
	}
	if (rc == RC_OK)
		rc = advice_units(&x);
	if (rc == RC_OK)
		rc = hours(&x);
	if (rc == RC_OK)
		rc = ahead(&x);
	if (rc == RC_OK)
		rc = offers(&x);
	if (rc != RC_OK)
		return rc;
	if (x.n > 1)
		qsort(x.v, x.n, sizeof(*x.v), by_saving);
	for (size_t i = 0; i < x.n; i++)
		all.n_saves += x.v[i].verdict == ADVICE_SAVES;
	all.v = x.v;
	all.n = x.n;
	*out = all;
	return RC_OK;
}

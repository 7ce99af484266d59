/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Managed against break-fix (money.md R137, X60): the work that a service covers, rated by the time charges as if nothing covered it, with
 * their increments, minimum and factors, beside what the services of that work cost in fixed fees. Hours included or bought ahead do not
 * count: they are part of the contract that is compared. Work that was billed anyway is on neither side.
 */
#include "engine/advice_parts.h"
#include "engine/work_parts.h"

#include <string.h>

struct comparing {
	struct arena *arena;
	const struct advice_input *in;
	struct charging *c;
	struct err *err;
	struct break_fix out;
	struct rated_work *work;
	size_t work_cap;
	struct fixed_fee *fees;
	symbol *services; /* whose work it was */
	size_t n_services;
};

static bool in_window(const struct comparing *x, day d)
{
	return d >= x->in->window.from && d < x->in->window.to;
}

/* --- work --- */

static struct text multiplier_id(const struct comparing *x, const struct work_group *g,
				 const struct work_piece *p)
{
	const struct priced_charge *charge = slot_charge(x->c, g->slot, g->version);

	return p->multiplier < 0 ? (struct text){"", 0} : charge->multipliers[p->multiplier].id;
}

static struct rated_work *row_for(struct comparing *x, const struct work_group *g,
				  const struct work_piece *p)
{
	struct text charge = x->c->slots[g->slot].id, multiplier = multiplier_id(x, g, p);
	struct rated_work *r;

	for (size_t i = 0; i < x->out.n_work; i++) {
		r = &x->work[i];
		if (text_eq(r->charge, charge) && text_eq(r->multiplier, multiplier) &&
		    decimal_cmp(r->price, p->price->amount) == 0 &&
		    decimal_cmp(r->factor, p->factor) == 0)
			return r;
	}
	x->work = arena_grow(x->arena, x->work, x->out.n_work, &x->work_cap, sizeof(*x->work));
	r = &x->work[x->out.n_work++];
	*r = (struct rated_work){.charge = charge,
				 .name = slot_charge(x->c, g->slot, g->version)->name,
				 .multiplier = multiplier,
				 .factor = p->factor,
				 .price = p->price->amount,
				 .minutes = {0, 1}};
	return r;
}

static bool add_group(struct comparing *x, const struct work_group *g)
{
	for (size_t i = 0; i < g->n_pieces; i++) {
		struct rated_work *r;

		if (g->pieces[i].price == NULL)
			continue;
		r = row_for(x, g, &g->pieces[i]);
		if (!fraction_try_add(r->minutes, g->pieces[i].minutes, &r->minutes))
			return false;
		if (i == 0)
			r->worked += g->worked;
	}
	return true;
}

static bool rate(struct comparing *x, struct rated_work *r)
{
	return fraction_try_div(r->minutes, fraction_of(60, 1), &r->exact) &&
	       fraction_try_mul(r->exact, fraction_of_decimal(r->price), &r->exact) &&
	       fraction_try_mul(r->exact, fraction_of_decimal(r->factor), &r->exact) &&
	       charge_round(x->c, r->exact, &r->net) &&
	       !__builtin_add_overflow(x->out.rated, r->net, &x->out.rated);
}

static void add_service(struct comparing *x, symbol service)
{
	for (size_t i = 0; i < x->n_services; i++)
		if (x->services[i] == service)
			return;
	x->services[x->n_services++] = service;
}

static enum rc rate_work(struct comparing *x)
{
	struct charging *c = x->c;
	struct work w = {.c = c,
			 .periods = arena_array(x->arena, struct service_periods, c->n_slots),
			 .rate_covered = true};
	enum rc rc;

	memset(w.periods, 0, c->n_slots * sizeof(*w.periods));
	for (size_t s = 0; s < c->n_slots; s++)
		if (slot_charge(c, s, slot_version_on(c, s, INT32_MAX))->base->type == CHARGE_TIME)
			w.periods[s] =
				slot_periods(c, s, (struct days){INT32_MIN, x->in->window.to});
	rc = work_read(&w, x->err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < w.n_groups; i++) {
		const struct work_group *g = &w.groups[i];

		if (in_window(x, zone_day(c->zone, g->start)) && !add_group(x, g))
			return err_set(x->err, RC_LIMIT, "amount too large: work");
	}
	for (size_t i = 0; i < w.n_covered; i++) /* no time charge fits them */
		if (in_window(x, fact_day(c, w.covered[i].fact))) {
			x->out.unrated++;
			x->out.unrated_minutes += w.covered[i].minutes;
		}
	for (size_t i = 0; i < x->out.n_work; i++)
		if (!rate(x, &x->work[i]))
			return err_set(x->err, RC_LIMIT, "amount too large: work");
	x->out.work = x->work;
	return RC_OK;
}

/* --- what the work is about --- */

static bool worked_on(const struct comparing *x, symbol ticket)
{
	const struct fact_run *run = &x->c->view->kinds[FACT_WORK_RECORDED];

	for (size_t i = 0; i < run->n; i++)
		if (fact_word(view_fact(x->c->view, run->v[i]), FIELD_TICKET) == ticket)
			return true;
	return false;
}

static void count_facts(struct comparing *x)
{
	const struct view *view = x->c->view;
	struct fact_run run = view->kinds[FACT_WORK_RECORDED],
			tickets = view->kinds[FACT_TICKET_LOGGED];

	x->services = arena_array(x->arena, symbol, run.n);
	for (size_t i = 0; i < run.n; i++) {
		symbol service = fact_word(view_fact(view, run.v[i]), FIELD_COVERED);

		if (service == 0 || !in_window(x, fact_day(x->c, run.v[i])))
			continue;
		x->out.entries++;
		add_service(x, service);
	}
	for (size_t i = 0; i < tickets.n; i++) {
		const struct fact *f = view_fact(view, tickets.v[i]);

		if (!in_window(x, zone_day(x->c->zone, f->occurred_at)))
			continue;
		x->out.tickets++;
		x->out.unworked += !worked_on(x, f->subject);
	}
}

/* --- fixed fees --- */

static bool is_fixed(const struct comparing *x, size_t slot)
{
	uint16_t version = slot_version_on(x->c, slot, x->in->window.to - 1);
	const struct priced_charge *charge = slot_charge(x->c, slot, version);
	const struct promise *p = x->c->versions[version].pricing->promise;

	if (charge == NULL ||
	    (charge->base->type != CHARGE_RECURRING && charge->base->type != CHARGE_PER_UNIT))
		return false;
	for (size_t i = 0; charge->service >= 0 && i < x->n_services; i++)
		if (text_eq(p->services[charge->service].id,
			    symbol_text(x->c->view->facts->symbols, x->services[i])))
			return true;
	return charge->service < 0; /* it pays for all of them */
}

static enum rc add_fees(struct comparing *x)
{
	struct month_net *nets = NULL;
	size_t n = 0;
	enum rc rc = advice_nets(x->arena, x->in, x->c, &nets, &n, x->err);

	x->fees = arena_array(x->arena, struct fixed_fee, x->c->n_slots);
	x->out.fees = x->fees;
	for (size_t s = 0; rc == RC_OK && s < x->c->n_slots; s++) {
		struct fixed_fee fee = {.charge = x->c->slots[s].id};
		bool any = false;

		if (!is_fixed(x, s))
			continue;
		fee.name = slot_charge(x->c, s, slot_version_on(x->c, s, x->in->window.to))->name;
		for (size_t i = 0; rc == RC_OK && i < n; i++) {
			int64_t share = 0;

			if (!text_eq(nets[i].charge, fee.charge))
				continue;
			rc = advice_share(x->in, &nets[i], &share, x->err);
			any = any || share != 0;
			if (rc == RC_OK && __builtin_add_overflow(fee.net, share, &fee.net))
				rc = err_set(x->err, RC_LIMIT, "amount too large: fixed fees");
		}
		if (any)
			x->fees[x->out.n_fees++] = fee;
		if (__builtin_add_overflow(x->out.fixed, fee.net, &x->out.fixed) && rc == RC_OK)
			rc = err_set(x->err, RC_LIMIT, "amount too large: fixed fees");
	}
	return rc;
}

enum rc break_fix_make(struct arena *a, const struct advice_input *in, struct break_fix *out,
		       struct err *err)
{
	struct comparing x = {.arena = a, .in = in, .c = in->charging, .err = err};
	enum rc rc;

	count_facts(&x);
	rc = rate_work(&x);
	if (rc == RC_OK)
		rc = add_fees(&x);
	if (rc == RC_OK)
		*out = x.out;
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an invoice shows beside its money (money.md R26, R35, R59, R75): hours bought ahead, units counted, what waits, what lies
 * ahead in the next 90 days, until when it can be disputed.
 */
#include "engine/billing_parts.h"
#include "engine/index.h"

#include <assert.h>

enum { AHEAD_DAYS = 90, PLACES = 9 };

/* --- hours bought ahead --- */

/* Sums of all grants of a charge that began by then, and of what documents showed. */
struct hours {
	struct fraction bought, drawn, lapsed, expiring;
	day next;
};

static bool add_grant(struct hours *h, const struct grant *g, day date)
{
	struct fraction left;

	if (!fraction_try_add(h->bought, g->bought, &h->bought) ||
	    !fraction_try_add(h->drawn, g->drawn, &h->drawn) ||
	    !fraction_try_add(h->lapsed, g->lapsed, &h->lapsed) ||
	    !fraction_try_sub(g->bought, g->drawn, &left) ||
	    !fraction_try_sub(left, g->lapsed, &left))
		return false;
	if (left.num <= 0 || g->expiry == INT32_MAX || g->expiry < date)
		return true;
	if (h->next == DAY_NONE || g->expiry < h->next) {
		h->next = g->expiry;
		h->expiring = left;
		return true;
	}
	return g->expiry > h->next || fraction_try_add(h->expiring, left, &h->expiring);
}

static bool shown(const struct biller *b, struct text charge, struct hours *h)
{
	for (size_t i = 0; i < b->in->n_issued; i++) {
		const struct invoice *doc = b->in->issued[i].invoice;

		for (size_t k = 0; k < doc->n_balances; k++) {
			const struct invoice_balance *x = &doc->balances[k];

			if (!text_eq(x->charge, charge))
				continue;
			if (!fraction_try_add(h->bought, fraction_of_decimal(x->bought),
					      &h->bought) ||
			    !fraction_try_add(h->drawn, fraction_of_decimal(x->drawn), &h->drawn) ||
			    !fraction_try_add(h->lapsed, fraction_of_decimal(x->lapsed),
					      &h->lapsed))
				return false;
		}
	}
	return true;
}

/* A decimal of at most nine places: what a factor or a minute makes longer is rounded in print. */
static bool decimal_of_hours(struct fraction f, struct decimal *out)
{
	if (!fraction_try_round(f, PLACES, ROUND_HALF_UP, out))
		return false;
	while (out->scale > 0 && out->units % 10 == 0) {
		out->units /= 10;
		out->scale--;
	}
	return true;
}

static bool balance_of(const struct hours *now, const struct hours *before,
		       struct invoice_balance *out)
{
	struct fraction opening, closing, bought, drawn, lapsed;

	return fraction_try_sub(before->bought, before->drawn, &opening) &&
	       fraction_try_sub(opening, before->lapsed, &opening) &&
	       fraction_try_sub(now->bought, now->drawn, &closing) &&
	       fraction_try_sub(closing, now->lapsed, &closing) &&
	       fraction_try_sub(now->bought, before->bought, &bought) &&
	       fraction_try_sub(now->drawn, before->drawn, &drawn) &&
	       fraction_try_sub(now->lapsed, before->lapsed, &lapsed) &&
	       decimal_of_hours(opening, &out->opening) && decimal_of_hours(bought, &out->bought) &&
	       decimal_of_hours(drawn, &out->drawn) && decimal_of_hours(lapsed, &out->lapsed) &&
	       decimal_of_hours(closing, &out->closing) &&
	       decimal_of_hours(now->expiring, &out->expiring);
}

static enum rc balances(struct biller *b)
{
	struct invoice_balance *v = arena_array(b->arena, struct invoice_balance, b->c->n_slots);
	size_t n = 0;

	for (size_t s = 0; s < b->c->n_slots; s++) {
		struct fraction none = {0, 1};
		struct hours now = {none, none, none, none, DAY_NONE}, before = now;
		struct text charge = b->c->slots[s].id;
		bool any = false, fits = true;

		for (size_t i = 0; i < b->c->n_grants && fits; i++) {
			const struct grant *g = &b->c->grants[i];

			if (g->slot != s || g->start > b->in->date)
				continue;
			any = true;
			fits = add_grant(&now, g, b->in->date);
		}
		if (!any)
			continue;
		v[n].charge = charge;
		v[n].name = slot_charge(b->c, s, slot_version_on(b->c, s, b->in->date))->name;
		v[n].next_expiry = now.next;
		if (!fits || !shown(b, charge, &before) || !balance_of(&now, &before, &v[n]))
			return billing_too_large(b, charge);
		n++;
		if (now.next != DAY_NONE && now.next <= b->in->date + AHEAD_DAYS)
			note_add(b, (struct invoice_note){.kind = NOTE_AHEAD,
							  .what = STEP_EXPIRING,
							  .subject = charge,
							  .date = now.next,
							  .entry = -1});
	}
	b->draft->balances = v;
	b->draft->n_balances = n;
	return RC_OK;
}

/* --- annexes and notes --- */

static void annexes(struct biller *b)
{
	struct invoice_annex *v = arena_array(b->arena, struct invoice_annex, b->n_dues);
	size_t n = 0;

	for (size_t i = 0; i < b->n_dues; i++)
		if (b->dues[i].n_on_paper > 0 && b->dues[i].from != NULL &&
		    b->dues[i].from->annex != NULL)
			v[n++] = *b->dues[i].from->annex;
	b->draft->annexes = v;
	b->draft->n_annexes = n;
}

static void waits(struct biller *b)
{
	for (size_t i = 0; i < b->c->n_waits; i++) {
		const struct waiting *w = &b->c->waits[i];

		note_add(b, (struct invoice_note){w->kind, w->what, w->subject, w->date, w->amount,
						  w->entry});
	}
	for (size_t i = 0; i < b->n_waiting; i++)
		note_add(b, (struct invoice_note){
				    .kind = NOTE_WAITS,
				    .what = STEP_CREDIT,
				    .subject = text_format(b->arena, "%.*s %.*s",
							   TEXT_ARG(b->waiting[i].rule),
							   TEXT_ARG(b->waiting[i].month)),
				    .date = b->waiting[i].expires,
				    .amount = b->waiting[i].amount,
				    .entry = -1});
}

static bool is_ahead(const struct biller *b, day d)
{
	return d > b->in->date && d <= b->in->date + AHEAD_DAYS;
}

static void price_changes(struct biller *b)
{
	for (size_t s = 0; s < b->c->n_slots; s++)
		for (size_t i = 1; i < b->c->n_prices[s]; i++) {
			const struct price_piece *p = &b->c->prices[s][i];
			int64_t entry = p->why == PRICE_INDEX && p->adjustment != NULL
						? p->adjustment->entry_now
						: -1;

			if (is_ahead(b, p->days.from))
				note_add(b, (struct invoice_note){.kind = NOTE_AHEAD,
								  .what = STEP_NEW_PRICE,
								  .subject = b->c->slots[s].id,
								  .date = p->days.from,
								  .entry = entry});
		}
	for (size_t i = 0; i < b->c->n_adjustments; i++) {
		const struct adjustment *a = &b->c->adjustments[i];

		if (a->last_day_to_leave != DAY_NONE && a->effective > b->in->date &&
		    is_ahead(b, a->last_day_to_leave))
			note_add(b, (struct invoice_note){.kind = NOTE_AHEAD,
							  .what = STEP_NOTICE_DEADLINE,
							  .subject = text_of("indexation"),
							  .date = a->last_day_to_leave,
							  .entry = a->entry_notice});
	}
}

static void notices(struct biller *b)
{
	for (size_t i = 0; i < b->in->n_deadlines; i++) {
		const struct act_deadline *d = &b->in->deadlines[i];
		/* the instant is the end of its last day */
		day last = zone_day(b->c->zone, d->at - 1);

		if (d->state == DEADLINE_OPEN &&
		    (d->kind == DEADLINE_NON_RENEWAL || d->kind == DEADLINE_RIGHT) &&
		    is_ahead(b, last))
			note_add(b, (struct invoice_note){.kind = NOTE_AHEAD,
							  .what = STEP_NOTICE_DEADLINE,
							  .subject = d->subject,
							  .date = last,
							  .entry = -1});
	}
}

/* R75: until when, from the document's date; where it counts from receipt, that is the earliest. */
static enum rc dates(struct biller *b)
{
	const struct payment_terms *p = &b->pricing->payment;
	enum rc rc = RC_OK;

	if (p->set && p->due.set)
		rc = day_after(b, b->pricing, &p->due, b->in->date, &b->draft->due);
	if (rc == RC_OK && p->dispute_set && p->dispute_within.set)
		rc = day_after(b, b->pricing, &p->dispute_within, b->in->date,
			       &b->draft->dispute_until);
	return rc;
}

enum rc rest_make(struct biller *b)
{
	enum rc rc = balances(b);

	if (rc == RC_OK)
		rc = dates(b);
	if (rc != RC_OK)
		return rc;
	annexes(b);
	waits(b);
	price_changes(b);
	notices(b);
	b->draft->notes = b->notes;
	b->draft->n_notes = b->n_notes;
	return RC_OK;
}

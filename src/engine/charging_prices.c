/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The price of a slot on each day of its life: what the words in force say, later amounts of a schedule, amendments, and what an index
 * made of them (money.md R15, R22, R52, R53). When an index changes what, index.c says.
 */
#include "engine/charging_parts.h"
#include "engine/index.h"
#include "money/indexation.h"

#include <assert.h>
#include <string.h>

static struct decimal of_money(struct money m)
{
	return (struct decimal){m.minor, m.currency.decimals};
}

struct written_price price_written(const struct priced_charge *x, day d)
{
	const struct charge *base = x->base;
	unsigned places = base->amount.currency.decimals;
	struct written_price w = {x->price, x->price_decimals, false};

	if (!base->amount_set) {
		for (size_t i = 0; i < x->n_prices && x->prices[i].from <= d; i++)
			w = (struct written_price){x->prices[i].price, x->prices[i].decimals, true};
		return w;
	}
	w = (struct written_price){of_money(base->amount), places, false};
	for (size_t i = 0; i < base->n_schedule && base->schedule[i].from <= d; i++)
		w = (struct written_price){of_money(base->schedule[i].amount), places, true};
	return w;
}

/* The first day after d from which a schedule says otherwise; INT32_MAX: none. */
static day next_schedule(const struct priced_charge *x, day d)
{
	for (size_t i = 0; i < x->n_prices; i++)
		if (x->prices[i].from > d)
			return x->prices[i].from;
	for (size_t i = 0; i < x->base->n_schedule; i++)
		if (x->base->schedule[i].from > d)
			return x->base->schedule[i].from;
	return INT32_MAX;
}

static bool starts_schedule(const struct priced_charge *x, day d)
{
	return next_schedule(x, d - 1) == d;
}

/* Where a walk over the days of a slot stands. */
struct walk {
	struct charging *c;
	size_t slot;
	const struct price_change *changes;
	size_t n_changes, next_change;
	struct price_piece *v;
	size_t n, cap;
	/* the price now */
	const struct priced_charge *words;
	uint16_t version;
	struct decimal amount, original;
	unsigned decimals;
	const struct rate_card *card, *card_original;
	enum price_why why;
	const struct adjustment *adjustment;
};

/* --- rate cards with another price --- */

static struct rate_card *card_copy(struct charging *c, const struct rate_card *card)
{
	struct rate_card *copy = arena_one(c->arena, struct rate_card);
	struct rate_tier *tiers = arena_array(c->arena, struct rate_tier, card->n_tiers);

	*copy = *card;
	if (card->n_tiers > 0)
		memcpy(tiers, card->tiers, card->n_tiers * sizeof(*tiers));
	copy->tiers = tiers;
	return copy;
}

static const struct rate_card *card_priced(struct walk *w, struct decimal price)
{
	const struct rate_card *card = &w->words->card;

	if (card->n_tiers > 0 || card->pct || decimal_cmp(card->price, price) == 0)
		return card;

	struct rate_card *copy = card_copy(w->c, card);

	copy->price = price;
	return copy;
}

/* NF-7: every price of the card, at the decimals that the contract writes it with. */
static bool card_indexed(struct walk *w, const struct rate_card *of, struct fraction applied,
			 const struct rate_card **out)
{
	enum rounding mode = w->c->versions[w->version].pricing->promise->rounding;
	const struct rate_card *written = &w->words->card;
	struct rate_card *card = card_copy(w->c, of);
	struct rate_tier *tiers = arena_array(w->c->arena, struct rate_tier, of->n_tiers);
	unsigned places = w->c->currency.decimals;

	for (size_t i = 0; i < of->n_tiers; i++) {
		unsigned fine = written->tiers[i].price.scale;

		tiers[i] = of->tiers[i];
		if (!index_price(of->tiers[i].price, fine > places ? fine : places, applied, mode,
				 &tiers[i].price) ||
		    !index_price(of->tiers[i].flat, places, applied, mode, &tiers[i].flat))
			return false;
	}
	card->tiers = tiers;
	if (of->n_tiers == 0 && !of->pct &&
	    !index_price(of->price, w->decimals, applied, mode, &card->price))
		return false;
	*out = card;
	return true;
}

/* --- the walk --- */

static void take_words(struct walk *w, uint16_t version, day d)
{
	const struct priced_charge *x = slot_charge(w->c, w->slot, version);
	struct written_price price = price_written(x, d);

	w->words = x;
	w->version = version;
	w->amount = w->original = price.amount;
	w->decimals = price.decimals;
	w->card = w->card_original = card_priced(w, price.amount);
	w->why = price.scheduled ? PRICE_SCHEDULE : version > 0 ? PRICE_AMENDED : PRICE_CONTRACT;
	w->adjustment = NULL;
}

/* The card of new words, at prices that an index made of the same written ones. */
static const struct rate_card *card_carried(struct walk *w, const struct rate_card *words,
					    const struct rate_card *indexed)
{
	struct rate_card *card = card_copy(w->c, words);

	card->price = indexed->price;
	card->tiers = indexed->tiers;
	return card;
}

/* A new version that writes the same price leaves an indexed one as it is. True: the price changed. */
static bool change_words(struct walk *w, uint16_t version, day d)
{
	const struct priced_charge *x = slot_charge(w->c, w->slot, version);
	struct written_price was = price_written(w->words, d), is = price_written(x, d);
	struct walk before = *w;

	if (decimal_cmp(was.amount, is.amount) == 0 &&
	    card_same_prices(&w->words->card, &x->card)) {
		take_words(w, version, d);
		w->why = before.why;
		if (before.adjustment == NULL)
			return false;
		w->amount = before.amount;
		w->original = before.original;
		w->card = card_carried(w, &x->card, before.card);
		w->card_original = card_carried(w, &x->card, before.card_original);
		w->adjustment = before.adjustment;
		return false;
	}
	take_words(w, version, d);
	return true;
}

static bool apply_change(struct walk *w, const struct price_change *change)
{
	enum rounding mode = w->c->versions[w->version].pricing->promise->rounding;
	struct decimal of = change->original ? w->original : w->amount;

	if (!card_indexed(w, change->original ? w->card_original : w->card, change->applied,
			  &w->card) ||
	    !index_price(of, w->decimals, change->applied, mode, &w->amount))
		return false;
	w->why = PRICE_INDEX;
	w->adjustment = change->why;
	return true;
}

static enum rc two_changes(const struct walk *w, day d, const char *what, struct err *err)
{
	struct civil at = civil_of(d);
	struct text id = w->c->slots[w->slot].id;

	err_key(err, id);
	return err_set(err, RC_INVALID,
		       "two price changes of '%.*s' on %04d-%02d-%02d: %s and indexation: keep one",
		       TEXT_ARG(id), (int)at.year, (int)at.month, (int)at.mday, what);
}

static void add_piece(struct walk *w, struct days days)
{
	struct price_piece *last = w->n == 0 ? NULL : &w->v[w->n - 1];

	/* Nothing changes on the day: the piece goes on. */
	if (last != NULL && last->days.to == days.from && last->adjustment == w->adjustment &&
	    decimal_cmp(last->amount, w->amount) == 0 && card_same(last->card, w->card) &&
	    slot_same_words(w->c, w->slot, last->version, w->version)) {
		last->days.to = days.to;
		return;
	}
	w->v = arena_grow(w->c->arena, w->v, w->n, &w->cap, sizeof(*w->v));
	w->v[w->n++] = (struct price_piece){.days = days,
					    .version = w->version,
					    .amount = w->amount,
					    .decimals = w->decimals,
					    .card = w->card,
					    .why = w->why,
					    .adjustment = w->adjustment};
}

/* What happens to the price on the first day of `days`, and until when nothing else does. */
static enum rc one_stretch(struct walk *w, const struct slot_segment *seg, day d, day *end,
			   struct err *err)
{
	const char *changed = NULL;
	struct price_change const *change = NULL;

	if (w->words == NULL)
		take_words(w, seg->version, d);
	else if (seg->version != w->version && change_words(w, seg->version, d))
		changed = "amendment";
	if (d > w->c->work[w->slot].life.from && starts_schedule(w->words, d) && changed == NULL) {
		take_words(w, seg->version, d);
		changed = "schedule";
	}
	while (w->next_change < w->n_changes && w->changes[w->next_change].from <= d) {
		change = &w->changes[w->next_change++];
		if (changed != NULL && change->from == d)
			return two_changes(w, d, changed, err);
		if (!apply_change(w, change))
			return too_large(w->c, w->slot, err);
	}
	*end = earlier_day(seg->days.to, next_schedule(w->words, d));
	if (w->next_change < w->n_changes)
		*end = earlier_day(*end, w->changes[w->next_change].from);
	return RC_OK;
}

enum rc prices_make(struct charging *c, size_t slot, const struct price_change *changes, size_t n,
		    const struct price_piece **out, size_t *n_out, struct err *err)
{
	const struct slot_work *work = &c->work[slot];
	struct walk w = {.c = c, .slot = slot, .changes = changes, .n_changes = n};

	/* most have one price, and no room is kept for more */
	w.v = arena_one(c->arena, struct price_piece);
	w.cap = 1;

	for (size_t i = 0; i < work->n_segments; i++) {
		const struct slot_segment *seg = &work->segments[i];

		for (day d = seg->days.from; d < seg->days.to;) {
			day end = seg->days.to;
			enum rc rc = one_stretch(&w, seg, d, &end, err);

			if (rc != RC_OK)
				return rc;
			assert(end > d);
			add_piece(&w, (struct days){d, end});
			d = end;
		}
	}
	*out = w.v;
	*n_out = w.n;
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/suppose.h"

#include "engine/charging_parts.h"

struct horizon {
	day since, on;
};

/* From the period that the fact is in, up to the due edge of the one after that under way. Without periods: from its day to today. */
static struct horizon horizon_of(struct charging *c, size_t slot, day told, day today)
{
	enum { TWO_OF_THE_LONGEST = 2 * 366 + 1 };
	day last = later_day(told, today);
	struct horizon h = {told, last};
	struct service_periods all =
		slot_periods(c, slot, (struct days){told, last + TWO_OF_THE_LONGEST});

	for (size_t i = 0; i < all.n; i++) {
		if (i == 0)
			h.since = earlier_day(h.since, item_due(c, slot, all.v[i].own));
		h.on = later_day(h.on, item_due(c, slot, all.v[i].own));
		if (all.v[i].own.from > last)
			break;
	}
	return h;
}

static enum rc run(const struct charging *now, const struct horizon *h, const uint32_t *approved,
		   struct charging *out, struct err *err)
{
	enum rc rc;

	*out = (struct charging){.arena = now->arena,
				 .versions = now->versions,
				 .n_versions = now->n_versions,
				 .view = now->view,
				 .fact_entries = now->fact_entries,
				 .on = h->on,
				 .stop = now->stop,
				 .since = h->since,
				 .unknown = INDEX_AS_KNOWN,
				 .today = now->on,
				 .approved = approved};
	rc = charging_begin(out, err);
	return rc == RC_OK ? charging_run(out, err) : rc;
}

struct differences {
	struct arena *arena;
	const struct charging *c;
	struct supposed *v;
	size_t n, cap;
};

static bool add(struct differences *d, const struct item *it, int64_t amount)
{
	struct text charge = d->c->slots[it->slot].id;

	for (size_t i = 0; i < d->n; i++)
		if (text_eq(d->v[i].charge, charge) && days_same(d->v[i].service, it->service))
			return !__builtin_add_overflow(d->v[i].amount, amount, &d->v[i].amount);
	d->v = arena_grow(d->arena, d->v, d->n, &d->cap, sizeof(*d->v));
	d->v[d->n++] = (struct supposed){charge, it->service, amount};
	return true;
}

enum rc suppose_approved(const struct charging *now, const struct waiting *w, struct supposed **out,
			 size_t *n, struct err *err)
{
	struct charging *as_is = arena_one(now->arena, struct charging),
			*with = arena_one(now->arena, struct charging);
	struct differences d = {.arena = now->arena, .c = with};
	size_t slot = 0, kept = 0;
	struct horizon h;
	enum rc rc;

	while (slot < now->n_slots && !text_eq(now->slots[slot].id, w->charge))
		slot++;
	*out = NULL;
	*n = 0;
	if (slot == now->n_slots)
		return RC_OK;
	*as_is = *now;
	h = horizon_of(as_is, slot, fact_day(now, w->fact), now->on);
	rc = run(now, &h, NULL, as_is, err);
	if (rc == RC_OK)
		rc = run(now, &h, &w->fact, with, err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < with->n_items; i++)
		if (!add(&d, &with->items[i], with->items[i].total))
			return too_large(with, with->items[i].slot, err);
	for (size_t i = 0; i < as_is->n_items; i++)
		if (!add(&d, &as_is->items[i], -as_is->items[i].total))
			return too_large(with, as_is->items[i].slot, err);
	for (size_t i = 0; i < d.n; i++)
		if (d.v[i].amount != 0)
			d.v[kept++] = d.v[i];
	*out = d.v;
	*n = kept;
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of charging: which facts there are for a charge, what has fallen due, in which order. Slots are charging_slots.c, pieces
 * and lines charging_lines.c, prices index.c; what a charge of a type comes to is charge_*.c.
 */
#include "engine/charging_parts.h"
#include "engine/index.h"
#include "engine/view_order.h"

#include <assert.h>
#include <string.h>

/* --- facts by what they are about --- */

struct fact_group {
	symbol word;
	uint32_t n, place; /* how many; where the next one goes, or the first one is */
};

/* One kind's facts in view, those of one word together. */
struct fact_index {
	struct fact_group *groups; /* open addressing by word; word 0 with n 0: empty */
	size_t n_groups, size;     /* size: a power of two */
	uint32_t *facts;
};

static enum fact_field group_field(enum fact_kind kind)
{
	const struct fact_row *row = fact_row(kind);
	static const enum fact_field by[] = {FIELD_COUNT_OF, FIELD_CHARGE};

	/* purchases of a supplier and orders that are approved have no charge and are found by their subject */
	for (size_t b = 0; b < ARRAY_SIZE(by); b++)
		for (size_t i = 0; i < row->n_fields; i++)
			if (row->fields[i].field == by[b])
				return by[b];
	return row->subject;
}

static size_t slot_in(const struct fact_index *x, symbol word)
{
	const uint64_t mix = 0x9E3779B1;
	size_t at = (size_t)((word * mix) >> 16) & (x->size - 1);

	while (x->groups[at].n > 0 && x->groups[at].word != word)
		at = (at + 1) & (x->size - 1);
	return at;
}

static void grow_groups(struct charging *c, struct fact_index *x)
{
	enum { FIRST = 16 };
	struct fact_group *old = x->groups;
	size_t n = x->size;

	x->size = n == 0 ? FIRST : 2 * n;
	x->groups = arena_array(c->arena, struct fact_group, x->size);
	for (size_t i = 0; i < n; i++)
		if (old[i].n > 0)
			x->groups[slot_in(x, old[i].word)] = old[i];
}

static symbol word_of(const struct fact *f, bool by_subject, enum fact_field field)
{
	return by_subject ? f->subject : fact_word(f, field);
}

static void make_index(struct charging *c, enum fact_kind kind, struct fact_index *x)
{
	struct fact_run run = c->view->kinds[kind];
	enum fact_field field = group_field(kind);
	bool by_subject = field == fact_row(kind)->subject;
	uint32_t place = 0;

	grow_groups(c, x);
	for (size_t i = 0; i < run.n; i++) {
		symbol word = word_of(view_fact(c->view, run.v[i]), by_subject, field);
		size_t at = slot_in(x, word);

		if (x->groups[at].n++ > 0)
			continue;
		x->groups[at].word = word;
		if (2 * ++x->n_groups > x->size)
			grow_groups(c, x);
	}
	for (size_t g = 0; g < x->size; g++) {
		x->groups[g].place = place;
		place += x->groups[g].n;
	}
	x->facts = arena_array(c->arena, uint32_t, run.n);
	for (size_t i = 0; i < run.n; i++) {
		symbol word = word_of(view_fact(c->view, run.v[i]), by_subject, field);

		x->facts[x->groups[slot_in(x, word)].place++] = run.v[i];
	}
	for (size_t g = 0; g < x->size; g++)
		x->groups[g].place -= x->groups[g].n;
}

struct fact_run charging_facts(struct charging *c, enum fact_kind kind, struct text word)
{
	struct fact_run none = {NULL, 0};
	struct fact_index *x;

	if (c->view->kinds[kind].n == 0)
		return none;

	symbol y = symbol_find(c->view->facts->symbols, word);

	if (y == 0)
		return none;
	x = c->indexes[kind];
	if (x == NULL) {
		x = c->indexes[kind] = arena_one(c->arena, struct fact_index);
		make_index(c, kind, x);
	}

	const struct fact_group *g = &x->groups[slot_in(x, y)];

	return g->n == 0 ? none : (struct fact_run){x->facts + g->place, g->n};
}

int64_t entry_of(const struct charging *c, uint32_t fact)
{
	return c->fact_entries == NULL ? (int64_t)fact : c->fact_entries[fact];
}

day fact_day(const struct charging *c, uint32_t fact)
{
	return zone_day(c->zone, view_fact(c->view, fact)->occurred_at);
}

static bool client_side(const struct charging *c, const struct fact *f)
{
	struct text by = symbol_text(c->view->facts->symbols, fact_word(f, FIELD_BY_ROLE));

	return f->party == PARTY_CLIENT || text_starts(by, "client");
}

bool charging_supposes(const struct charging *c, uint32_t fact)
{
	return c->approved != NULL && *c->approved == fact;
}

bool order_approved(struct charging *c, uint32_t order)
{
	const struct fact *f = view_fact(c->view, order);
	struct text id = symbol_text(c->view->facts->symbols, f->subject);
	struct fact_run run = charging_facts(c, FACT_ORDER_APPROVED, id);

	if (client_side(c, f) || charging_supposes(c, order))
		return true;
	/* Who reports an approval without saying whose it was, reports the client's. */
	for (size_t i = 0; i < run.n; i++) {
		const struct fact *a = view_fact(c->view, run.v[i]);

		if (client_side(c, a) || fact_word(a, FIELD_BY_ROLE) == 0)
			return true;
	}
	return false;
}

/* --- pauses --- */

/* R18: agreed by both, that is reported by one and accepted by the other. */
static void find_pauses(struct charging *c, size_t slot)
{
	struct slot_work *w = &c->work[slot];
	struct fact_run run = charging_facts(c, FACT_PAUSE_AGREED, c->slots[slot].id);
	struct days *v = arena_array(c->arena, struct days, run.n);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < run.n; i++) {
		const struct fact *f = view_fact(c->view, run.v[i]);
		const struct symbols *s = c->view->facts->symbols;
		struct days d = {0, 0};
		size_t k = n;

		if (!c->view->accepted[run.v[i]] ||
		    !day_parse(symbol_text(s, fact_word(f, FIELD_FROM_DATE)), &d.from) ||
		    !day_parse(symbol_text(s, fact_word(f, FIELD_TO_DATE)), &d.to) || days_empty(d))
			continue;
		for (; k > 0 && v[k - 1].from > d.from; k--)
			v[k] = v[k - 1];
		v[k] = d;
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && v[kept - 1].to >= v[i].from)
			v[kept - 1].to = later_day(v[kept - 1].to, v[i].to);
		else
			v[kept++] = v[i];
	}
	w->pauses = v;
	w->n_pauses = kept;
	w->pauses_known = true;
}

size_t slot_pauses(struct charging *c, size_t slot, struct days days, const struct days **out)
{
	struct slot_work *w = &c->work[slot];
	size_t first = 0, n;

	if (!w->pauses_known)
		find_pauses(c, slot);
	while (first < w->n_pauses && w->pauses[first].to <= days.from)
		first++;
	for (n = first; n < w->n_pauses && w->pauses[n].from < days.to;)
		n++;

	struct days *v = arena_array(c->arena, struct days, n - first);

	for (size_t i = first; i < n; i++)
		v[i - first] = days_both(w->pauses[i], days);
	*out = v;
	return n - first;
}

/* --- the run --- */

static void ask_for(const void *from, size_t n)
{
	enum { LINE = 64 };

	for (size_t i = 0; i < n; i += LINE)
		__builtin_prefetch((const char *)from + i);
}

/*
 * The words of a contract may lie far from the processor, as those of thousands do: its first charges are asked for together, before one is
 * waited for. Nothing but time depends on it.
 */
static void ask_for_charges(const struct pricing *p)
{
	enum { FEW = 16 };
	size_t n = p->promise->n_charges < FEW ? p->promise->n_charges : FEW;

	ask_for(p->charges, n * sizeof(*p->charges));
	ask_for(p->promise->charges, n * sizeof(*p->promise->charges));
}

enum rc charging_begin(struct charging *c, struct err *err)
{
	enum { AHEAD_DAYS = 366 };
	const struct promise *p;
	enum rc rc;

	assert(c->n_versions > 0);
	ask_for_charges(c->versions[c->n_versions - 1].pricing);
	p = c->versions[c->n_versions - 1].pricing->promise;
	c->zone = p->zone;
	c->currency = p->currency;
	c->indexes = arena_array(c->arena, struct fact_index *, FACT_COUNT);
	rc = slots_make(c, err);
	if (rc != RC_OK)
		return rc;
	return index_prices(c, AHEAD_DAYS, err);
}

static enum charge_type slot_type(const struct charging *c, size_t slot)
{
	return slot_charge(c, slot, slot_version_on(c, slot, c->on))->base->type;
}

static enum rc charge_slot(struct charging *c, size_t slot, bool *work, struct err *err)
{
	switch (slot_type(c, slot)) {
	case CHARGE_ONE_TIME:
		return charge_one_time(c, slot, err);
	case CHARGE_RECURRING:
		return charge_recurring(c, slot, err);
	case CHARGE_PER_UNIT:
		return charge_per_unit(c, slot, err);
	case CHARGE_USAGE:
		return charge_usage(c, slot, err);
	case CHARGE_MILESTONE:
		return charge_milestone(c, slot, err);
	case CHARGE_PASS_THROUGH:
		return charge_pass_through(c, slot, err);
	case CHARGE_TIME:
	case CHARGE_PREPAID:
		*work = true;
		break;
	case CHARGE_DISCOUNT:
		break; /* R50: on what the others come to, by engine/billing.h */
	}
	return RC_OK;
}

/* Few are put in their place one by one; the counting sort has a table to clear first. */
static void sort_keys(struct charging *c, struct timed *v, size_t n)
{
	enum { FEW = 48 };

	if (n > FEW) {
		timed_sort(c->arena, v, n);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct timed x = v[i];
		size_t k = i;

		for (; k > 0 && v[k - 1].at > x.at; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/* By (due, order in the contract, service period); those of one charge and day keep the order in which they were made. */
static void sort_items(struct charging *c)
{
	struct timed *keys = arena_array(c->arena, struct timed, c->n_items);
	struct item *sorted;
	bool in_order = true;

	for (size_t i = 0; i < c->n_items; i++) {
		const struct item *it = &c->items[i];

		keys[i] = (struct timed){((int64_t)it->due << 16) + (int64_t)it->slot, (uint32_t)i};
		in_order = in_order && (i == 0 || keys[i - 1].at <= keys[i].at);
	}
	if (in_order)
		return;
	sort_keys(c, keys, c->n_items);
	sorted = arena_array(c->arena, struct item, c->n_items);
	for (size_t i = 0; i < c->n_items; i++)
		sorted[i] = c->items[keys[i].i];
	memcpy(c->items, sorted, c->n_items * sizeof(*sorted));
}

enum rc charging_run(struct charging *c, struct err *err)
{
	bool work = false;
	enum rc rc = RC_OK;

	for (size_t s = 0; s < c->n_slots && rc == RC_OK; s++)
		rc = charge_slot(c, s, &work, err);
	if (rc == RC_OK && work)
		rc = charge_work(c, err);
	if (rc == RC_OK && c->n_items > 1)
		sort_items(c);
	return rc;
}

/* --- items and what waits --- */

struct item *item_add(struct charging *c, size_t slot, struct days service, struct days full)
{
	struct item *it;

	c->items = arena_grow(c->arena, c->items, c->n_items, &c->items_cap, sizeof(*c->items));
	it = &c->items[c->n_items++];
	*it = (struct item){
		.slot = slot, .service = service, .full = full, .due = item_due(c, slot, service)};
	it->version = slot_version_on(c, slot, it->due);
	return it;
}

void wait_add(struct charging *c, struct waiting w)
{
	c->waits = arena_grow(c->arena, c->waits, c->n_waits, &c->waits_cap, sizeof(*c->waits));
	c->waits[c->n_waits++] = w;
}

enum rc too_large(struct charging *c, size_t slot, struct err *err)
{
	err_key(err, c->slots[slot].id);
	return err_set(err, RC_LIMIT, "amount too large: '%.*s': more than 64 bits of minor units",
		       TEXT_ARG(c->slots[slot].id));
}

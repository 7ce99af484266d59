/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What charges came to, a month (money.md R120): nets of whole service periods by day, as documents print them or, where none was written,
 * as the facts give them with the contract's discounts. Service credits, tax and stubs are out.
 */
#include "engine/exit_parts.h"

#include <assert.h>

static bool add(struct fraction *sum, struct fraction more)
{
	return fraction_try_add(*sum, more, sum);
}

/* Of a period's net the days that lie in the window. */
static bool query_add(const struct net_query *q, size_t slot, struct days period,
		      struct fraction net, struct fraction *sum)
{
	struct days both = days_both(period, q->window);
	struct fraction share = {0, 1};

	if (days_empty(both))
		return true;
	if (!fraction_try_mul(net, fraction_of(both.to - both.from, period.to - period.from),
			      &share))
		return false;
	return add(sum, share) && (q->by_slot == NULL || add(&q->by_slot[slot], share));
}

static struct fraction minor(const struct exit_work *x, int64_t n)
{
	return money_exact((struct money){n, x->c->currency});
}

static size_t slot_named(const struct exit_work *x, struct text id)
{
	for (size_t s = 0; s < x->c->n_slots; s++)
		if (text_eq(x->c->slots[s].id, id))
			return s;
	return NOWHERE;
}

/* --- documents --- */

/* What discounts and maxima took off a line of its document. */
static int64_t line_shares(const struct invoice *i, const struct invoice_line *l)
{
	int64_t sum = 0;

	for (size_t k = 0; k < i->n_reductions; k++)
		for (size_t m = 0;
		     i->reductions[k].kind != REDUCTION_CREDIT && m < i->reductions[k].n_lines; m++)
			if (i->reductions[k].lines[m] == l->number)
				sum += i->reductions[k].shares[m]; /* within the document's sums */
	return sum;
}

static bool is_item_line(const struct invoice_line *l)
{
	return l->role == LINE_CHARGE || l->role == LINE_CORRECTION || l->role == LINE_MINIMUM ||
	       l->role == LINE_COVERED;
}

int64_t exit_line_net(const struct invoice *i, const struct invoice_line *l)
{
	int64_t net = l->net - line_shares(i, l);

	if (i->kind == DOCUMENT_CREDIT_NOTE)
		return l->counts ? -net : 0;
	return net;
}

bool exit_carried(const struct exit_work *x, struct text charge, struct text part, struct days item)
{
	for (size_t i = 0; i < x->in->n_issued; i++) {
		const struct invoice *doc = x->in->issued[i].invoice;

		for (size_t k = 0; doc->kind == DOCUMENT_INVOICE && k < doc->n_lines; k++) {
			const struct invoice_line *l = &doc->lines[k];

			if (is_item_line(l) && l->item.from == item.from && l->item.to == item.to &&
			    text_eq(l->charge, charge) && text_eq(l->item_part, part))
				return true;
		}
	}
	return false;
}

/* R5: no stub, by the grid of the charge. */
static bool is_whole(const struct exit_work *x, size_t slot, struct days item)
{
	struct service_periods all = slot_periods(x->c, slot, item);

	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].own.from == item.from && all.v[i].own.to == item.to)
			return all.v[i].full.from == item.from && all.v[i].full.to == item.to;
	/* what has no grid, a purchase or a piece of work, is a stub of nothing */
	return true;
}

bool exit_documents(struct exit_work *x, const struct net_query *q, struct fraction *sum)
{
	for (size_t i = 0; i < x->in->n_issued; i++) {
		const struct invoice *doc = x->in->issued[i].invoice;

		for (size_t k = 0; doc->kind != DOCUMENT_INTEREST && k < doc->n_lines; k++) {
			const struct invoice_line *l = &doc->lines[k];
			size_t slot = slot_named(x, l->charge);

			if (slot == NOWHERE || !q->slots[slot] || !is_item_line(l) ||
			    (q->whole && !is_whole(x, slot, l->item)))
				continue;
			if (!query_add(q, slot, l->item, minor(x, exit_line_net(doc, l)), sum))
				return false;
		}
	}
	return true;
}

/* --- items --- */

static struct fraction without_tax(const struct exit_work *x, const struct priced_charge *ch,
				   struct fraction gross)
{
	struct fraction rate = {0, 1}, whole = {100, 1}, net = gross;

	if (!x->pricing->prices_include_tax || ch == NULL || ch->category < 0)
		return gross;
	rate = fraction_of_decimal(x->pricing->categories[ch->category].rate);
	if (!fraction_try_add(whole, rate, &whole) || !fraction_try_div(gross, whole, &net) ||
	    !fraction_try_mul(net, (struct fraction){100, 1}, &net))
		return gross;
	return net;
}

static bool in_list(const struct index_list *list, int charge)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == charge)
			return true;
	return list->n == 0;
}

/* R50: the base of bands, without discounts: of the same period, or of the 12 months before it. */
static bool band_base(struct exit_work *x, const struct priced_charge *d, struct days item,
		      struct fraction *base)
{
	bool *slots = arena_array(x->arena, bool, x->c->n_slots);
	struct net_query q = {.slots = slots, .window = item};

	for (size_t s = 0; s < x->c->n_slots; s++) {
		int at = x->c->slots[s].of_version[x->version];
		enum charge_type type =
			at < 0 ? CHARGE_DISCOUNT : x->pricing->promise->charges[at].type;

		slots[s] = at >= 0 && type != CHARGE_DISCOUNT &&
			   (d->bands_of == BANDS_NET_12MO ? type != CHARGE_PASS_THROUGH
							  : in_list(&d->applies_to, at));
	}
	if (d->bands_of == BANDS_NET_12MO)
		q.window = (struct days){day_add_months(item.from, -12), item.from};
	*base = (struct fraction){0, 1};
	return exit_items(x, &q, false, base) && exit_documents(x, &q, base);
}

static bool discount_rate(struct exit_work *x, const struct priced_charge *d, struct days item,
			  struct decimal *pct)
{
	struct fraction base = {0, 1};

	*pct = d->pct;
	if (d->pct_set)
		return true;
	*pct = (struct decimal){0, 0};
	if (!band_base(x, d, item, &base))
		return false;
	for (size_t i = 0; i < d->n_bands; i++)
		if (fraction_cmp(money_exact(d->bands[i].from), base) <= 0)
			*pct = d->bands[i].pct;
	return true;
}

/* What discounts leave of an item that no document carries, each of what the one before left. Their bases ask for items without any. */
static bool discounted(struct exit_work *x, int charge, struct days item, struct fraction *net)
{
	const struct promise *p = x->pricing->promise;

	for (size_t i = 0; i < p->n_charges; i++) {
		const struct priced_charge *d = &x->pricing->charges[i];
		struct decimal pct = {0, 0};
		struct fraction left = {1, 1}, share = {0, 1};

		/* R51: one for paying ahead needs the payment, which a year ahead has none of */
		if (p->charges[i].type != CHARGE_DISCOUNT || d->when != DISCOUNT_ALWAYS ||
		    !in_list(&d->applies_to, charge) ||
		    (p->charges[i].from != DAY_NONE && item.from < p->charges[i].from) ||
		    (p->charges[i].until != DAY_NONE && item.from >= p->charges[i].until))
			continue;
		if (!discount_rate(x, d, item, &pct) ||
		    !fraction_try_div(fraction_of_decimal(pct), (struct fraction){100, 1},
				      &share) ||
		    !fraction_try_sub(left, share, &left) || !fraction_try_mul(*net, left, net))
			return false;
	}
	return true;
}

bool exit_items(struct exit_work *x, const struct net_query *q, bool discounts,
		struct fraction *sum)
{
	for (size_t i = 0; i < x->c->n_items; i++) {
		const struct item *it = &x->c->items[i];
		int charge = x->c->slots[it->slot].of_version[x->version];
		struct fraction net = {0, 1};

		if (!q->slots[it->slot] ||
		    (q->whole &&
		     (it->full.from != it->service.from || it->full.to != it->service.to)) ||
		    days_empty(days_both(it->service, q->window)) ||
		    exit_carried(x, x->c->slots[it->slot].id, it->part, it->service))
			continue;
		net = without_tax(x, slot_charge(x->c, it->slot, it->version), minor(x, it->total));
		if (discounts && charge >= 0 && !discounted(x, charge, it->service, &net))
			return false;
		if (!query_add(q, it->slot, it->service, net, sum))
			return false;
	}
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the contract alone gives for months ahead (money.md R133): charging ahead of today with the facts frozen. An adjustment that is not
 * known yet is taken at its floor or its cap; what is counted comes from a trend or from `covers` (R134), not from here.
 */
#include "engine/forecast_parts.h"

#include "engine/acceptance.h"

bool charge_is_certain(const struct priced_charge *x)
{
	switch (x->base->type) {
	case CHARGE_RECURRING:
	case CHARGE_ONE_TIME:
	case CHARGE_MILESTONE:
		return true;
	case CHARGE_PREPAID:
		return x->base->period_set; /* else somebody orders it */
	case CHARGE_PER_UNIT:
	case CHARGE_USAGE:
	case CHARGE_TIME:
	case CHARGE_PASS_THROUGH:
	case CHARGE_DISCOUNT:
		break;
	}
	return false;
}

bool without_tax(const struct pricing *p, const struct priced_charge *x, int64_t amount,
		 int64_t *out)
{
	struct fraction whole = {100, 1}, f = fraction_of(amount, 1);
	struct decimal d = {0, 0};

	*out = amount;
	if (!p->prices_include_tax || x == NULL || x->category < 0)
		return true;
	if (!fraction_try_add(whole, fraction_of_decimal(p->categories[x->category].rate),
			      &whole) ||
	    !fraction_try_mul(f, (struct fraction){100, 1}, &f) ||
	    !fraction_try_div(f, whole, &f) || !fraction_try_round(f, 0, p->promise->rounding, &d))
		return false;
	*out = d.units;
	return true;
}

/* --- planned quantities --- */

/* The word of services[].covers[].unit for what a charge counts; NULL: nothing that is planned. */
static const char *planned_unit(enum count_of c)
{
	switch (c) {
	case COUNT_ACTIVE_USERS:
		return "user";
	case COUNT_DEVICES:
		return "device";
	case COUNT_SERVERS:
		return "server";
	case COUNT_MAILBOXES:
		return "mailbox";
	case COUNT_SITES:
		return "site";
	case COUNT_NONE:
	case COUNT_LICENCES:
	case COUNT_ORDERS:
		break;
	}
	return NULL;
}

static const struct node *first_item(const struct node *map, const char *key)
{
	const struct node *list = node_at(map, key);

	return list == NULL ? NULL : list->child;
}

bool planned_quantity(const struct pricing *p, const struct priced_charge *x, int64_t *out)
{
	const char *unit = x->base->type == CHARGE_PER_UNIT ? planned_unit(x->count) : NULL;
	int64_t sum = 0;
	bool found = false;

	if (unit == NULL)
		return false;
	for (size_t i = 0; i < p->promise->n_services; i++) {
		const struct node *service = p->promise->services[i].node;

		if (x->service >= 0 && (size_t)x->service != i)
			continue;
		for (const struct node *n = first_item(service, "covers"); n != NULL; n = n->next) {
			int64_t qty = 0;

			if (!text_is(term_text(n, "unit"), unit) || !term_int(n, "qty", &qty))
				continue;
			found = true;
			if (!sum_add(&sum, qty))
				return false;
		}
	}
	*out = sum;
	return found;
}

/* How many of its periods a month has; false: one that is counted in days. */
static bool periods_a_month(const struct priced_charge *x, struct days month, struct fraction *out)
{
	struct duration d = {.n = 1, .unit = UNIT_MO};

	if (x->base->period_set)
		d = x->base->period;
	switch (d.unit) {
	case UNIT_MO:
		*out = fraction_of(1, d.n);
		return true;
	case UNIT_Y:
		*out = fraction_of(1, (i128)12 * d.n);
		return true;
	case UNIT_W:
		*out = fraction_of(month.to - month.from, (i128)7 * d.n);
		return true;
	case UNIT_D:
		*out = fraction_of(month.to - month.from, d.n);
		return true;
	case UNIT_MIN:
	case UNIT_H:
	case UNIT_BD:
		break;
	}
	return false;
}

bool planned_month(struct charging *c, size_t slot, struct days month, int64_t qty, int64_t *minor,
		   struct fraction *quantity)
{
	struct days both = days_both(slot_life(c, slot), month);
	const struct price_piece *pieces = NULL;
	const struct priced_charge *x;
	struct fraction amount = {0, 1}, units = {0, 1}, share = {1, 1}, part = {0, 1};
	int64_t gross = 0;

	*minor = 0;
	if (quantity != NULL)
		*quantity = part;
	if (days_empty(both) || slot_prices(c, slot, both, &pieces) == 0 || pieces[0].card == NULL)
		return true;
	x = slot_charge(c, slot, pieces[0].version);
	part = fraction_of(both.to - both.from, month.to - month.from);
	if (!periods_a_month(x, month, &share) || !fraction_try_mul(share, part, &share) ||
	    !rate_amount(pieces[0].card, fraction_of(qty, 1), &amount) ||
	    !rate_billed(pieces[0].card, fraction_of(qty, 1), &units) ||
	    !fraction_try_mul(amount, share, &amount) || !fraction_try_mul(units, share, &units) ||
	    !charge_round(c, amount, &gross))
		return false;
	if (quantity != NULL)
		*quantity = units;
	return without_tax(c->versions[pieces[0].version].pricing, x, gross, minor);
}

/* --- fees ahead --- */

static bool add_net(struct arena *a, struct charging *c, struct month_table *t,
		    const struct month_net *net)
{
	for (size_t s = 0; s < c->n_slots; s++) {
		uint16_t v = slot_version_on(c, s, net->service.from);
		const struct priced_charge *x = slot_charge(c, s, v);
		const struct pricing *p = c->versions[v].pricing;
		struct month_row *row;
		int64_t amount = 0;

		if (!text_eq(c->slots[s].id, net->charge))
			continue;
		if (!charge_is_certain(x) || days_empty(net->service) ||
		    net->service.to <= t->first.from)
			return true;
		row = month_row_for(a, t, net->charge, x->name, (int)s);
		return without_tax(p, x, net->net, &amount) &&
		       month_spread(t, net->service, amount, p->promise->rounding, row->net);
	}
	return true; /* a true-up: told on its own */
}

/* R48 counts what is printed, before discounts. */
static bool add_printed(struct arena *a, struct charging *c, struct month_table *t,
			const struct item *it)
{
	const struct priced_charge *x = slot_charge(c, it->slot, it->version);
	const struct pricing *p = c->versions[it->version].pricing;
	struct month_row *row;
	int64_t amount = 0;

	if (!charge_is_certain(x) || days_empty(it->service) || it->service.to <= t->first.from)
		return true;
	row = month_row_for(a, t, c->slots[it->slot].id, x->name, (int)it->slot);
	return without_tax(p, x, it->total, &amount) &&
	       month_spread(t, it->service, amount, p->promise->rounding, row->printed);
}

enum rc certain_by_month(struct arena *a, const struct certain_input *in, struct month_table *t,
			 struct charging **out, struct err *err)
{
	enum { LONGEST_PERIOD_DAYS = 366 };
	struct charging *c = arena_one(a, struct charging);
	struct billing_input bill = {.charging = c, .settings = in->settings};
	struct month_net *nets = NULL;
	size_t n = 0;
	enum rc rc;

	/* what is billed at its end is due after the months asked for */
	*c = (struct charging){.arena = a,
			       .versions = in->versions,
			       .n_versions = in->n_versions,
			       .view = in->view,
			       .fact_entries = in->fact_entries,
			       .on = t->months[t->n - 1].to + LONGEST_PERIOD_DAYS,
			       .stop = in->stop,
			       .unknown = in->unknown,
			       .today = in->today};
	bill.date = c->on;
	rc = charging_begin(c, err);
	if (rc == RC_OK)
		rc = charging_run(c, err);
	if (rc == RC_OK)
		rc = billing_nets(a, &bill, &nets, &n, err);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		if (!add_net(a, c, t, &nets[i]))
			rc = err_set(err, RC_LIMIT, "amount too large: a month's charges");
	for (size_t i = 0; i < c->n_items && rc == RC_OK; i++)
		if (!add_printed(a, c, t, &c->items[i]))
			rc = err_set(err, RC_LIMIT, "amount too large: a month's charges");
	*out = c;
	return rc;
}

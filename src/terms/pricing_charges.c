/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a pricing about charges: rate cards, counting, hours, milestones, discounts. What lint only warns of but no number can be
 * computed from is refused here (money.md section 16).
 */
#include "terms/pricing_parts.h"

#include <assert.h>

static unsigned decimals_of(const struct pricer *p, struct decimal d)
{
	unsigned least = p->m.p->currency.decimals;

	return d.scale > least ? d.scale : least;
}

static bool is_counted(const struct priced_charge *c)
{
	return c->base->type == CHARGE_PER_UNIT || c->base->type == CHARGE_USAGE;
}

/* --- rate cards --- */

static struct decimal money_decimal(struct money m)
{
	struct decimal d = {m.minor, m.currency.decimals};

	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

/* F-11: a quantity without a price cannot be billed. */
static enum rc price_tiers(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	size_t count = items_count(n, "tiers");
	struct rate_tier *v = arena_array(p->m.a, struct rate_tier, count);
	struct text *ids = arena_array(p->m.a, struct text, count);
	struct decimal before = {0, 0};

	for (const struct node *t = items_first(n, "tiers"); t != NULL; t = t->next) {
		struct rate_tier *tier = &v[c->card.n_tiers];
		const struct node *price = get(t, "price"), *flat = get(t, "flat");

		ids[c->card.n_tiers++] = t->key;
		tier->open = !get_decimal(t, "up_to", &tier->up_to);
		if (tier->open != (t->next == NULL) ||
		    (!tier->open && decimal_cmp(tier->up_to, before) <= 0))
			return refuse(p, t, "rule.tiers",
				      "tiers of '%.*s' leave a gap at '%.*s': up_to must rise, and "
				      "only the last tier has none",
				      TEXT_ARG(n->key), TEXT_ARG(t->key));
		before = tier->up_to;
		if (price != NULL)
			tier->price = price->value.price.amount;
		if (flat != NULL)
			tier->flat = money_decimal(flat->value.money);
	}
	c->card.tiers = v;
	c->tier_ids = ids;
	return RC_OK;
}

/* FK-23: a begun package is whole, unless nothing is said of packages at all. */
static void price_block(const struct node *n, struct priced_charge *c)
{
	enum { BLOCK_UP, BLOCK_EXACT };
	int64_t block = 1;
	int rounding = get_choice(n, "block_rounding", -1);

	(void)get_int(n, "block", &block);
	if (block == 1 && rounding != BLOCK_UP)
		return;
	c->card.block = decimal_of(block);
	c->card.block_exact = rounding == BLOCK_EXACT;
}

static int64_t months_in(struct duration d)
{
	return d.unit == UNIT_Y ? 12 * d.n : d.unit == UNIT_MO ? d.n : 0;
}

/* Free hours and summed usage are used up, so a rest can be kept. A level, as the number of users is one, has none. */
static enum rc check_included(struct pricer *p, const struct node *n, const struct priced_charge *c)
{
	struct duration per = c->included_per, period = c->base->period;
	bool other = c->included_per_set && (per.unit != period.unit || per.n != period.n) &&
		     (months_in(per) == 0 || months_in(per) != months_in(period));
	bool level = c->base->type == CHARGE_PER_UNIT ||
		     (c->base->type == CHARGE_USAGE && c->aggregate != AGGREGATE_SUM);

	if (!level || (!other && c->included_rollover_max.units == 0))
		return RC_OK;
	return refuse(p, n, "rule.included",
		      "included quantity of '%.*s' cannot be kept: only hours and sums are used up",
		      TEXT_ARG(n->key));
}

static enum rc price_card(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	const struct node *price = get(n, "price");
	enum rc rc = price_tiers(p, n, c);

	if (rc != RC_OK)
		return rc;
	if (price != NULL) {
		c->price_set = true;
		c->price = price->value.price.amount;
		c->price_decimals = decimals_of(p, c->price);
	}
	if (!is_counted(c))
		return RC_OK;
	c->card.price = c->price;
	c->card.pct = get_decimal(n, "pct", &c->card.price);
	c->card.volume = get_choice(n, "tier_mode", 0) == 1;
	c->card.count_all = get_choice(n, "tiers_count", 0) == 1;
	price_block(n, c);
	if (c->included.units > 0)
		c->card.included = fraction_of_decimal(c->included);
	if (!c->price_set && !c->card.pct && c->card.n_tiers == 0)
		return refuse(p, n, "rule.price",
			      "charge has no price: '%.*s': write price or tiers",
			      TEXT_ARG(n->key));
	return RC_OK;
}

/* R52; amounts of a schedule are the promise's. */
static enum rc price_schedule(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	struct later_price *v = arena_array(p->m.a, struct later_price, items_count(n, "schedule"));

	for (const struct node *s = items_first(n, "schedule"); s != NULL; s = s->next) {
		const struct node *price = get(s, "price"), *from = get(s, "from");
		size_t k = c->n_prices;
		struct later_price later = {.from = from == NULL ? DAY_NONE : from->value.date};

		if (from == NULL || (price == NULL && get(s, "amount") == NULL))
			continue;
		if (price == NULL ? !c->base->amount_set : !c->price_set)
			return refuse(p, s, "rule.schedule",
				      "schedule of '%.*s' replaces %s it does not have: give the "
				      "charge one, or amend its tiers",
				      TEXT_ARG(n->key), price == NULL ? "an amount" : "a price");
		if (price == NULL)
			continue;
		later.price = price->value.price.amount;
		later.decimals = decimals_of(p, later.price);
		c->n_prices++;
		for (; k > 0 && v[k - 1].from > later.from; k--)
			v[k] = v[k - 1];
		v[k] = later;
	}
	c->prices = v;
	return RC_OK;
}

/* --- hours --- */

/* Minutes of a duration in min or h; -1 where it is in another unit. */
static int64_t minutes_of(const struct node *n)
{
	int64_t ms = 0;

	if (n == NULL)
		return 0;
	if (n->value.duration.calendar.n > 0 || !duration_exact_ms(n->value.duration, &ms))
		return -1;
	return ms / MINUTE_MS;
}

static enum rc price_increments(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	const struct node *increment = get(n, "increment"), *minimum = get(n, "minimum");

	c->increment_min = minutes_of(increment);
	c->minimum_min = minutes_of(minimum);
	if (c->increment_min < 0 || c->minimum_min < 0) {
		const struct node *at = c->increment_min < 0 ? increment : minimum;

		assert(at != NULL);
		return refuse(p, at, "rule.increment",
			      "work is not counted in '%.*s': write minutes or hours, without a "
			      "calendar",
			      TEXT_ARG(at->text));
	}
	c->increment_nearest = get_choice(n, "increment_rounding", 0) == 1;
	c->increment_per = (enum increment_per)get_choice(n, "increment_per", PER_ENTRY);
	return RC_OK;
}

static void price_multipliers(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	struct multiplier *v =
		arena_array(p->m.a, struct multiplier, items_count(n, "multipliers"));

	for (const struct node *m = items_first(n, "multipliers"); m != NULL; m = m->next) {
		struct multiplier *x = &v[c->n_multipliers++];

		*x = (struct multiplier){.id = m->key,
					 .factor = {1, 0},
					 .outside = get_calendar(&p->m, m, "outside"),
					 .holiday_of = get_calendar(&p->m, m, "holiday_of"),
					 .node = m};
		(void)get_decimal(m, "factor", &x->factor);
	}
	c->multipliers = v;
}

static void price_prepaid(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	(void)get_decimal(n, "hours", &c->hours);
	c->draws_for = get_list(p, n, "draws_for");
	c->burn = (enum burn)get_choice(n, "burn", BURN_EARLIEST_EXPIRY);
	c->rollover_set = get(n, "rollover") != NULL;
	c->rollover_max_set = get_decimal(n, "rollover.max", &c->rollover_max);
	c->rollover_expires_set = get_duration(p, n, "rollover.expires", &c->rollover_expires);
	c->at_end = (enum at_end)get_choice(n, "at_end", END_UNSAID);
}

/* --- milestones, pass-through, discounts --- */

static void print_sum(struct buf *out, struct fraction sum)
{
	struct decimal d = {0, 0};

	if (fraction_try_round(sum, 9, ROUND_DOWN, &d)) {
		while (d.scale > 0 && d.units % 10 == 0) {
			d.units /= 10;
			d.scale--;
		}
		decimal_print(out, d);
	}
}

static enum rc price_milestones(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	const struct node *total = get(n, "total");
	struct milestone *v = arena_array(p->m.a, struct milestone, items_count(n, "milestones"));
	struct fraction sum = fraction_of(0, 1);

	if (total != NULL)
		c->total = total->value.money;
	for (const struct node *m = items_first(n, "milestones"); m != NULL; m = m->next) {
		struct milestone *x = &v[c->n_milestones++];

		*x = (struct milestone){.id = m->key,
					.name = get_text(m, "name"),
					.due = get_day(m, "due"),
					.node = m};
		(void)get_decimal(m, "pct", &x->pct);
		sum = fraction_add(sum, fraction_of_decimal(x->pct));
	}
	c->milestones = v;
	if (c->base->type != CHARGE_MILESTONE)
		return RC_OK;
	if (fraction_cmp(sum, fraction_of(100, 1)) != 0) {
		struct buf b;
		enum rc rc;

		buf_init(&b, 64);
		print_sum(&b, sum);
		rc = refuse(p, n, "rule.milestones",
			    "milestones sum to '%.*s%%': they must sum to 100%%",
			    TEXT_ARG(buf_view(&b)));
		buf_free(&b);
		return rc;
	}
	if (total == NULL)
		return refuse(p, n, "rule.price", "charge has no total: '%.*s': write total",
			      TEXT_ARG(n->key));
	return RC_OK;
}

static void price_acceptance(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	c->acceptance.set = get(n, "acceptance") != NULL;
	c->acceptance.reject_within = get_timing(&p->m, n, "acceptance.reject_within");
	c->acceptance.resubmit_within = get_timing(&p->m, n, "acceptance.resubmit_within");
	c->acceptance.silence_rejects = get_choice(n, "acceptance.silence", 0) == 1;
}

static void price_discount(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	struct band *v = arena_array(p->m.a, struct band, items_count(n, "bands"));

	if (c->base->type == CHARGE_DISCOUNT)
		c->pct_set = get_decimal(n, "pct", &c->pct);
	c->applies_to = get_list(p, n, "applies_to");
	c->when = (enum discount_when)get_choice(n, "when", DISCOUNT_ALWAYS);
	c->bands_of = (enum bands_of)get_choice(n, "bands_of", BANDS_UNSAID);
	for (const struct node *b = items_first(n, "bands"); b != NULL; b = b->next) {
		const struct node *from = get(b, "from");
		struct band band = {.from = {0, p->m.p->currency}};
		size_t k = c->n_bands++;

		if (from != NULL)
			band.from = from->value.money;
		(void)get_decimal(b, "pct", &band.pct);
		for (; k > 0 && v[k - 1].from.minor > band.from.minor; k--)
			v[k] = v[k - 1];
		v[k] = band;
	}
	c->bands = v;
}

/* --- all of one charge --- */

/* What a type cannot do without (F-01 tells whoever writes it; here nothing could be computed). */
static enum rc check_complete(struct pricer *p, const struct node *n, const struct priced_charge *c)
{
	const char *lacks = NULL;

	switch (c->base->type) {
	case CHARGE_ONE_TIME:
		lacks = c->base->amount_set ? NULL : "amount";
		break;
	case CHARGE_RECURRING:
		lacks = !c->base->amount_set ? "amount" : !c->base->period_set ? "period" : NULL;
		break;
	case CHARGE_PER_UNIT:
		lacks = c->count == COUNT_NONE ? "count" : !c->base->period_set ? "period" : NULL;
		break;
	case CHARGE_USAGE:
		lacks = c->meter.n == 0 ? "meter" : !c->base->period_set ? "period" : NULL;
		break;
	case CHARGE_TIME:
		lacks = c->price_set ? NULL : "price";
		break;
	case CHARGE_PREPAID:
		lacks = !c->base->amount_set ? "amount" : c->hours.units <= 0 ? "hours" : NULL;
		break;
	case CHARGE_MILESTONE:
	case CHARGE_PASS_THROUGH:
	case CHARGE_DISCOUNT:
		break;
	}
	if (lacks == NULL)
		return RC_OK;
	return refuse(p, n, "rule.price", "charge has no %s: '%.*s': write %s", lacks,
		      TEXT_ARG(n->key), lacks);
}

static void price_counting(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	c->unit = get_text(n, "unit");
	c->meter = get_text(n, "meter");
	c->count = (enum count_of)get_choice(n, "count", COUNT_NONE);
	c->count_at = (enum count_at)get_choice(n, "count_at", AT_PERIOD_END);
	c->aggregate = (enum aggregate)get_choice(n, "aggregate", AGGREGATE_SUM);
	(void)get_decimal(n, "included.qty", &c->included);
	c->included_per_set = get_duration(p, n, "included.per", &c->included_per);
	(void)get_decimal(n, "included.rollover_max", &c->included_rollover_max);
	c->min_amount = get_maybe_money(n, "min_amount");
	c->max_amount = get_maybe_money(n, "max_amount");
	c->due = (enum due_of)get_choice(n, "due", DUE_SERVICE_START);
	(void)get_decimal(n, "markup", &c->markup);
	c->needs_supplier_invoice = get_choice(n, "evidence", 1) == 0;
	c->approval_above = get_maybe_money(n, "approval_above");
}

static enum rc price_charge(struct pricer *p, const struct node *n, struct priced_charge *c)
{
	static const enum day_count counts[] = {[PRORATE_ACTUAL_DAYS] = DAY_COUNT_ACTUAL,
						[PRORATE_DAYS_30] = DAY_COUNT_30,
						[PRORATE_NONE] = DAY_COUNT_NONE};
	enum rc rc;

	c->node = n;
	c->name = c->base->name.n > 0 ? c->base->name : n->key;
	if (node_clause(n) != NULL)
		c->clause = clause_label(p->m.a, node_clause(n));
	c->service = get_place(n, "service");
	c->category = get_place(n, "tax");
	c->advance = !c->base->arrears;
	c->day_count = counts[c->base->prorate];
	price_counting(p, n, c);
	price_multipliers(p, n, c);
	price_prepaid(p, n, c);
	price_acceptance(p, n, c);
	price_discount(p, n, c);
	rc = price_increments(p, n, c);
	if (rc == RC_OK)
		rc = price_card(p, n, c);
	if (rc == RC_OK)
		rc = check_included(p, n, c);
	if (rc == RC_OK)
		rc = price_schedule(p, n, c);
	if (rc == RC_OK)
		rc = price_milestones(p, n, c);
	if (rc == RC_OK)
		rc = check_complete(p, n, c);
	return rc;
}

enum rc price_charges(struct pricer *p)
{
	size_t n = p->m.p->n_charges, i = 0;
	struct priced_charge *v = arena_array(p->m.a, struct priced_charge, n);

	for (const struct node *c = items_first(p->m.root, "charges"); c != NULL;
	     c = c->next, i++) {
		v[i].base = &p->m.p->charges[i];
		assert(v[i].base->node == c);

		enum rc rc = price_charge(p, c, &v[i]);

		if (rc != RC_OK)
			return rc;
	}
	p->out->charges = v;
	return RC_OK;
}

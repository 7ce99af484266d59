/* SPDX-License-Identifier: Apache-2.0 */
/* Billing kinds of tenor calc about quantities: rates, events, aggregates, prepaid hours (money.md R25, R32, R33, R37 to R41). */
#include "app/calc_kinds.h"
#include "money/rating.h"

static struct fraction zero(void)
{
	return (struct fraction){0, 1};
}

static enum rc read_tier(const struct calc_reader *r, size_t i, bool pct, struct rate_tier *t)
{
	static const struct text words[] = {{"up_to", 5}, {"price", 5}, {"pct", 3}, {"flat", 4}};
	struct calc_reader e;
	enum rc rc = calc_element(r, "tiers", i, words, ARRAY_SIZE(words), &e);

	if (rc != RC_OK)
		return rc;
	t->open = !calc_has(&e, "up_to");
	rc = calc_decimal_if(&e, "up_to", &t->up_to);
	if (rc == RC_OK)
		rc = pct ? calc_decimal(&e, "pct", &t->price)
			 : calc_decimal_if(&e, "price", &t->price);
	if (rc == RC_OK)
		rc = calc_decimal_if(&e, "flat", &t->flat);
	return rc;
}

static enum rc read_tiers(const struct calc_reader *r, struct rate_card *card)
{
	const json_t *first = json_array_get(json_object_get(r->item, "tiers"), 0);
	struct rate_tier *v;
	size_t n = 0;
	enum rc rc = calc_list(r, "tiers", true, &n);

	if (rc != RC_OK)
		return rc;
	v = arena_array(r->a, struct rate_tier, n);
	card->pct = json_object_get(first, "pct") != NULL;
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		rc = read_tier(r, i, card->pct, &v[i]);
		if (rc == RC_OK && i + 1 < n && v[i].open)
			return calc_wrong(r, "tiers",
					  "tiers with up_to; only the last may be without");
		if (rc == RC_OK && !v[i].open &&
		    (v[i].up_to.units <= 0 ||
		     (i > 0 && decimal_cmp(v[i].up_to, v[i - 1].up_to) <= 0)))
			return calc_wrong(r, "tiers", "tiers with rising up_to, above 0");
	}
	card->tiers = v;
	card->n_tiers = n;
	return rc;
}

static enum rc read_card(const struct calc_reader *r, struct rate_card *card)
{
	static const char *const modes[] = {"graduated", "volume"},
				 *const counts[] = {"billable", "all"},
				 *const blocks[] = {"up", "exact"};
	size_t mode = 0, count = 0, exact = 0;
	enum rc rc = calc_choice_if(r, "tier_mode", modes, 2, &mode);

	if (rc == RC_OK)
		rc = calc_choice_if(r, "tiers_count", counts, 2, &count);
	if (rc == RC_OK)
		rc = calc_choice_if(r, "block_rounding", blocks, 2, &exact);
	if (rc == RC_OK)
		rc = calc_fraction_if(r, "included", &card->included);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "included", card->included.num < 0);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "block", &card->block);
	if (rc == RC_OK && calc_has(r, "block") && card->block.units <= 0)
		return calc_wrong(r, "block", "a number above 0");
	card->volume = mode == 1;
	card->count_all = count == 1;
	card->block_exact = exact == 1;
	if (rc != RC_OK)
		return rc;
	if ((calc_has(r, "price") ? 1 : 0) + (calc_has(r, "pct") ? 1 : 0) +
		    (calc_has(r, "tiers") ? 1 : 0) !=
	    1)
		return calc_wrong(r, "price", "alone: exactly one of price, pct and tiers");
	if (calc_has(r, "tiers"))
		return read_tiers(r, card);
	card->pct = calc_has(r, "pct");
	return calc_decimal(r, card->pct ? "pct" : "price", &card->price);
}

static void put_parts(struct json *j, const struct rate_parts *parts)
{
	json_key(j, "parts");
	json_open_array(j);
	for (size_t i = 0; i < parts->n; i++) {
		const struct rate_part *p = &parts->v[i];

		json_open_object(j);
		json_kv_int(j, "tier", (int64_t)p->tier + 1);
		json_kv_str(j, "kind", p->flat ? "flat" : "units");
		put_exact(j, "quantity", p->quantity);
		put_decimal(j, "rate", p->rate);
		put_exact(j, "amount", p->amount);
		json_end_object(j);
	}
	json_end_array(j);
}

static enum rc put_rounded(const struct calc_reader *r, struct json *j, const struct calc_terms *t,
			   struct fraction exact)
{
	struct money amount;

	if (!money_try_round(exact, t->currency, t->rounding, &amount))
		return calc_too_large(r);
	put_exact(j, "exact", exact);
	put_money(j, "amount", amount);
	return RC_OK;
}

enum rc calc_rate(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct rate_card card = {.n_tiers = 0};
	struct rate_parts parts = {NULL, 0, {0, 1}};
	struct fraction quantity = {0, 1}, before = {0, 0}, exact = {0, 1}, billed = {0, 1};
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = read_card(r, &card);
	if (rc == RC_OK)
		rc = calc_fraction(r, "quantity", &quantity);
	if (rc == RC_OK)
		rc = calc_fraction_if(r, "before", &before);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "quantity", quantity.num < 0);
	if (rc == RC_OK)
		rc = calc_not_negative(r, "before", before.num < 0);
	if (rc != RC_OK)
		return rc;
	if (!rate_more(&card, before, quantity, &exact) ||
	    !rate_parts(r->a, &card, before, quantity, &parts) ||
	    !rate_billed(&card, quantity, &billed))
		return err_set(
			r->err, RC_INVALID,
			"the quantity cannot be rated: it is too large, or beyond the last tier");
	put_exact(j, "billed", billed);
	put_parts(j, &parts);
	return put_rounded(r, j, &terms, exact);
}

enum rc calc_rate_events(const struct calc_reader *r, struct json *j)
{
	struct calc_terms terms;
	struct event_rate rate = {.has_min = calc_has(r, "min"), .has_max = calc_has(r, "max")};
	struct decimal *bases = NULL;
	struct fraction exact = {0, 1};
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = calc_decimal(r, "pct", &rate.pct);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "fixed", &rate.fixed);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "min", &rate.min);
	if (rc == RC_OK)
		rc = calc_decimal_if(r, "max", &rate.max);
	if (rc == RC_OK)
		rc = calc_decimals(r, "bases", &bases, &n);
	if (rc != RC_OK)
		return rc;
	if (!rate_events(&rate, bases, n, &exact))
		return calc_too_large(r);
	return put_rounded(r, j, &terms, exact);
}

/* --- tiers by a running count (R25): only here, no contract says it --- */

struct running {
	struct fraction count, sum;
	bool *used; /* a tier, by a change */
};

static bool in_tier(const struct rate_card *c, struct fraction position, size_t *tier)
{
	for (*tier = 0; *tier < c->n_tiers; ++*tier)
		if (c->tiers[*tier].open ||
		    fraction_cmp(position, fraction_of_decimal(c->tiers[*tier].up_to)) <= 0)
			return true;
	return false;
}

/* The count after an addition, before a removal, says in which tier all of the change lies. */
static bool run_change(const struct rate_card *c, struct running *run, struct fraction change,
		       struct fraction weighted)
{
	struct fraction was = run->count, cost = {0, 1};
	size_t tier = 0;

	if (!fraction_try_add(was, change, &run->count) ||
	    !in_tier(c, change.num < 0 ? was : run->count, &tier) ||
	    !fraction_try_mul(weighted, fraction_of_decimal(c->tiers[tier].price), &cost) ||
	    !fraction_try_add(run->sum, cost, &run->sum))
		return false;
	if (run->used[tier])
		return true;
	run->used[tier] = true;
	return fraction_try_add(run->sum, fraction_of_decimal(c->tiers[tier].flat), &run->sum);
}

enum rc calc_rate_running(const struct calc_reader *r, struct json *j)
{
	static const struct text words[] = {{"change", 6}, {"weighted", 8}};
	struct calc_terms terms;
	struct rate_card card = {.n_tiers = 0};
	struct running run = {{0, 1}, {0, 1}, NULL};
	size_t n = 0;
	enum rc rc = calc_terms(r, &terms);

	if (rc == RC_OK)
		rc = read_tiers(r, &card);
	if (rc == RC_OK)
		rc = calc_list(r, "changes", true, &n);
	run.used = arena_array(r->a, bool, card.n_tiers);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct calc_reader e;
		struct fraction change = {0, 1}, weighted = {0, 1};

		rc = calc_element(r, "changes", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_fraction(&e, "change", &change);
		if (rc == RC_OK)
			rc = calc_fraction(&e, "weighted", &weighted);
		if (rc == RC_OK && !run_change(&card, &run, change, weighted))
			return err_set(r->err, RC_INVALID, "change %zu cannot be rated", i + 1);
	}
	return rc == RC_OK ? put_rounded(r, j, &terms, run.sum) : rc;
}

/* --- aggregates (R39) --- */

enum aggregate { SUM, MAX, AVERAGE, LAST, UNIQUE, TIME_WEIGHTED };

struct reading {
	day on;
	struct fraction quantity;
	struct text subject;
};

struct readings {
	struct reading *v;
	size_t n;
	struct days period;
	struct fraction previous;
};

static enum rc read_readings(const struct calc_reader *r, bool subjects, struct readings *out)
{
	static const struct text words[] = {{"on", 2}, {"quantity", 8}, {"subject", 7}};
	enum rc rc = calc_list(r, "readings", false, &out->n);

	out->v = arena_array(r->a, struct reading, out->n);
	for (size_t i = 0; i < out->n && rc == RC_OK; i++) {
		struct calc_reader e;

		rc = calc_element(r, "readings", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_day(&e, "on", &out->v[i].on);
		if (rc == RC_OK)
			rc = subjects ? calc_text(&e, "subject", &out->v[i].subject)
				      : calc_fraction(&e, "quantity", &out->v[i].quantity);
		if (rc == RC_OK &&
		    (out->v[i].on < out->period.from || out->v[i].on >= out->period.to ||
		     (i > 0 && out->v[i].on < out->v[i - 1].on)))
			return calc_wrong(r, "readings", "readings within the period, by date");
	}
	return rc;
}

static size_t count_subjects(const struct readings *in)
{
	size_t count = 0;

	for (size_t i = 0; i < in->n; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = text_eq(in->v[k].subject, in->v[i].subject);
		count += seen ? 0 : 1;
	}
	return count;
}

/* Each reading holds until the next; before the first, the last of the period before. */
static bool time_weighted(const struct readings *in, struct fraction *out)
{
	struct fraction held = in->previous, sum = {0, 1}, part = {0, 1};
	day from = in->period.from;

	for (size_t i = 0; i <= in->n; i++) {
		day to = i < in->n ? in->v[i].on : in->period.to;

		if (!fraction_try_mul(held, fraction_of(to - from, 1), &part) ||
		    !fraction_try_add(sum, part, &sum))
			return false;
		from = to;
		if (i < in->n)
			held = in->v[i].quantity;
	}
	return fraction_try_mul(sum, fraction_of(1, in->period.to - in->period.from), out);
}

static bool aggregate(enum aggregate how, const struct readings *in, struct fraction *out)
{
	struct fraction sum = {0, 1}, most = in->n > 0 ? in->v[0].quantity : zero();

	if (how == UNIQUE) {
		*out = fraction_of((i128)count_subjects(in), 1);
		return true;
	}
	if (how == TIME_WEIGHTED)
		return time_weighted(in, out);
	for (size_t i = 0; i < in->n; i++) {
		if (fraction_cmp(in->v[i].quantity, most) > 0)
			most = in->v[i].quantity;
		if (!fraction_try_add(sum, in->v[i].quantity, &sum))
			return false;
	}
	*out = how == MAX ? most : how == LAST && in->n > 0 ? in->v[in->n - 1].quantity : sum;
	if (how == AVERAGE && in->n > 0)
		return fraction_try_mul(sum, fraction_of(1, (i128)in->n), out);
	return true;
}

enum rc calc_aggregate(const struct calc_reader *r, struct json *j)
{
	static const char *const words[] = {"sum",  "max",    "average",
					    "last", "unique", "time_weighted"};
	struct readings in = {.previous = {0, 1}};
	struct fraction quantity = {0, 1};
	size_t how = SUM;
	enum rc rc = calc_choice_if(r, "aggregate", words, ARRAY_SIZE(words), &how);

	if (rc == RC_OK)
		rc = calc_days(r, "period", &in.period);
	if (rc == RC_OK)
		rc = calc_fraction_if(r, "previous", &in.previous);
	if (rc == RC_OK)
		rc = read_readings(r, how == UNIQUE, &in);
	if (rc != RC_OK)
		return rc;
	if (!aggregate((enum aggregate)how, &in, &quantity))
		return calc_too_large(r);
	put_exact(j, "quantity", quantity);
	json_kv_bool(j, "no_data", in.n == 0);
	return RC_OK;
}

/* --- prepaid hours (R32, R33); a carried overage only here --- */

enum burn { EARLIEST_EXPIRY, OLDEST, PRIORITY };

struct grant {
	struct fraction left;
	day start, expires;
	int64_t priority;
};

struct prepaid {
	struct grant *v;
	size_t n;
	enum burn burn;
};

static enum rc read_grants(const struct calc_reader *r, struct prepaid *p)
{
	static const struct text words[] = {
		{"quantity", 8}, {"start", 5}, {"expires", 7}, {"priority", 8}};
	enum rc rc = calc_list(r, "grants", true, &p->n);

	p->v = arena_array(r->a, struct grant, p->n);
	for (size_t i = 0; i < p->n && rc == RC_OK; i++) {
		struct grant *g = &p->v[i];
		struct calc_reader e;

		*g = (struct grant){{0, 1}, INT32_MIN, INT32_MAX, 0};
		rc = calc_element(r, "grants", i, words, ARRAY_SIZE(words), &e);
		if (rc == RC_OK)
			rc = calc_fraction(&e, "quantity", &g->left);
		if (rc == RC_OK)
			rc = calc_not_negative(&e, "quantity", g->left.num < 0);
		if (rc == RC_OK)
			rc = calc_day_if(&e, "start", &g->start);
		if (rc == RC_OK)
			rc = calc_day_if(&e, "expires", &g->expires);
		if (rc == RC_OK)
			rc = calc_int_if(&e, "priority", -1000000, 1000000, &g->priority);
	}
	return rc;
}

/* Does x burn before y? Among equals the earlier in the list. */
static bool burns_before(const struct grant *x, const struct grant *y, enum burn burn)
{
	if (burn == PRIORITY && x->priority != y->priority)
		return x->priority < y->priority;
	if (burn == OLDEST)
		return x->start < y->start;
	return x->expires != y->expires ? x->expires < y->expires : x->start < y->start;
}

/* Takes from what is usable on a day; *quantity is then what no grant covers. */
static bool take(struct prepaid *p, day on, struct fraction *quantity)
{
	while (quantity->num > 0) {
		struct grant *best = NULL;

		for (size_t i = 0; i < p->n; i++) {
			struct grant *g = &p->v[i];

			if (g->left.num > 0 && g->start <= on && on < g->expires &&
			    (best == NULL || burns_before(g, best, p->burn)))
				best = g;
		}
		if (best == NULL)
			return true;

		struct fraction part =
			fraction_cmp(best->left, *quantity) < 0 ? best->left : *quantity;

		if (!fraction_try_sub(best->left, part, &best->left) ||
		    !fraction_try_sub(*quantity, part, quantity))
			return false;
	}
	return true;
}

struct draws {
	bool carry;
	day last;
	struct fraction owed, billed; /* carried, and billed so far */
};

static enum rc one_draw(const struct calc_reader *r, struct prepaid *p, size_t i, struct draws *d,
			struct json *j)
{
	static const struct text words[] = {{"on", 2}, {"quantity", 8}};
	struct calc_reader e;
	struct fraction quantity = {0, 1};
	day on = d->last;
	enum rc rc = calc_element(r, "draws", i, words, ARRAY_SIZE(words), &e);

	if (rc == RC_OK)
		rc = calc_day_if(&e, "on", &on);
	if (rc == RC_OK)
		rc = calc_fraction(&e, "quantity", &quantity);
	if (rc == RC_OK)
		rc = calc_not_negative(&e, "quantity", quantity.num < 0);
	if (rc != RC_OK)
		return rc;
	if (on < d->last)
		return calc_wrong(r, "draws", "draws in order of the day of work");
	d->last = on;
	if (!take(p, on, &d->owed) || !take(p, on, &quantity) ||
	    !fraction_try_add(d->carry ? d->owed : d->billed, quantity,
			      d->carry ? &d->owed : &d->billed))
		return calc_too_large(r);
	json_open_object(j);
	put_exact(j, "overage", quantity);
	json_end_object(j);
	return RC_OK;
}

static enum rc put_grants(const struct calc_reader *r, const struct prepaid *p, day until,
			  struct json *j)
{
	struct fraction open = {0, 1};

	json_key(j, "grants");
	json_open_array(j);
	for (size_t i = 0; i < p->n; i++) {
		bool over = p->v[i].expires <= until;

		json_open_object(j);
		put_exact(j, "balance", over ? zero() : p->v[i].left);
		put_exact(j, "lapsed", over ? p->v[i].left : zero());
		json_end_object(j);
		if (!over && !fraction_try_add(open, p->v[i].left, &open))
			return calc_too_large(r);
	}
	json_end_array(j);
	put_exact(j, "balance", open);
	return RC_OK;
}

enum rc calc_prepaid(const struct calc_reader *r, struct json *j)
{
	static const char *const burns[] = {"earliest_expiry", "oldest", "priority"},
				 *const overages[] = {"bill", "carry"};
	struct prepaid p = {NULL, 0, EARLIEST_EXPIRY};
	struct draws d = {false, INT32_MIN, {0, 1}, {0, 1}};
	size_t burn = EARLIEST_EXPIRY, carry = 0, n = 0;
	day until = INT32_MIN;
	enum rc rc = read_grants(r, &p);

	if (rc == RC_OK)
		rc = calc_choice_if(r, "burn", burns, ARRAY_SIZE(burns), &burn);
	if (rc == RC_OK)
		rc = calc_choice_if(r, "overage", overages, 2, &carry);
	if (rc == RC_OK)
		rc = calc_list(r, "draws", false, &n);
	if (rc == RC_OK)
		rc = calc_day_if(r, "until", &until);
	if (rc != RC_OK)
		return rc;
	p.burn = (enum burn)burn;
	d.carry = carry == 1;
	json_key(j, "draws");
	json_open_array(j);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = one_draw(r, &p, i, &d, j);
	json_end_array(j);
	if (until < d.last)
		until = d.last;
	/* What is owed takes from a later grant as soon as it starts. */
	if (rc == RC_OK && !take(&p, until, &d.owed))
		return calc_too_large(r);
	if (rc == RC_OK)
		rc = put_grants(r, &p, until, j);
	put_exact(j, "overage", d.billed);
	put_exact(j, "owed", d.owed);
	return rc;
}

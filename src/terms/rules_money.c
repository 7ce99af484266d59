/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors of the charges (money.md section 16, as far as they are about the file). What a charge lacks, sums of milestones,
 * gaps in tiers and dates outside the term are lint (F-01, F-10, F-11, T-05).
 */
#include "terms/read.h"

#include <assert.h>

static const struct node *sound(const struct node *map, const char *key)
{
	const struct node *n = node_at(map, key);

	return n == NULL || n->broken || n->hole ? NULL : n;
}

/* Months of mo and y; 0 for other units. */
static int64_t months_of(struct duration d)
{
	if (d.unit == UNIT_MO)
		return d.n;
	return d.unit == UNIT_Y ? d.n * 12 : 0;
}

/* money.md R4: edges on the 1st, or on Mondays, exist only for periods that divide the year, or a week. */
static void check_anchor(struct reader *r, const struct node *charge)
{
	const struct node *period = sound(charge, "period"), *anchor = node_at(charge, "anchor");

	if (period == NULL || (anchor != NULL && !text_is(anchor->text, "calendar")))
		return;
	struct duration d = period->value.duration;
	int64_t months = months_of(d);

	if ((months > 0 && months <= 12 && 12 % months == 0) || (d.unit == UNIT_W && d.n == 1))
		return;
	problem_node(r, "rule.anchor", period,
		     "calendar anchor does not fit period \"%.*s\": use anniversary, or 1mo, 3mo, "
		     "6mo, 12mo",
		     TEXT_ARG(period->text));
}

/* R6: what is measured cannot be billed before it exists. */
static void check_bill(struct reader *r, const struct node *charge)
{
	const struct node *type = sound(charge, "type"), *bill = sound(charge, "bill");

	if (type == NULL || bill == NULL || !text_is(bill->text, "advance") ||
	    (!text_is(type->text, "usage") && !text_is(type->text, "time")))
		return;
	problem_node(r, "rule.bill", bill,
		     "%.*s cannot be billed in advance: \"%.*s\": use bill: arrears",
		     TEXT_ARG(type->text), TEXT_ARG(charge->key));
}

/* R52: the schedule and the index must not both change one price on one date. */
static void check_price_change(struct reader *r, const struct node *charge,
			       const struct node *indexation)
{
	const struct node *schedule = node_at(charge, "schedule"),
			  *applies = node_at(indexation, "applies_to"),
			  *first = sound(indexation, "first"), *every = sound(indexation, "every");
	bool listed = false;

	if (schedule == NULL || schedule->kind != NODE_ITEMS || applies == NULL || first == NULL ||
	    every == NULL)
		return;
	for (const struct node *m = applies->child; m != NULL; m = m->next)
		listed = listed || text_eq(m->text, charge->key);

	int64_t months = months_of(every->value.duration);

	for (const struct node *s = schedule->child; s != NULL && listed; s = s->next) {
		const struct node *from = sound(s, "from");
		bool same = from != NULL && from->value.date == first->value.date;

		if (from == NULL)
			continue;
		for (int64_t k = 1; months > 0 && !same && k * months < 12000; k++) {
			day next = day_add_months(first->value.date, (int32_t)(k * months));

			same = next == from->value.date;
			if (next >= from->value.date)
				break;
		}
		if (same)
			problem_node(r, "rule.price_change", from,
				     "two price changes of \"%.*s\" on %.*s: schedule and "
				     "indexation: keep one",
				     TEXT_ARG(charge->key), TEXT_ARG(from->text));
	}
}

void rules_money(struct reader *r)
{
	const struct node *charges = node_at(r->root, "charges"),
			  *indexation = node_at(r->root, "indexation");

	for (const struct node *c = charges == NULL ? NULL : charges->child; c != NULL;
	     c = c->next) {
		if (c->kind != NODE_MAP)
			continue;
		check_anchor(r, c);
		check_bill(r, c);
		if (indexation != NULL && indexation->kind == NODE_MAP)
			check_price_change(r, c, indexation);
	}
}

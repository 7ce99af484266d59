/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is paid once (money.md section 3): due on the effective date, at the start of service, or on acceptance by the rules of R45. Its
 * service period is the day on which it falls due; a charge that an amendment adds falls due no earlier than the amendment does.
 */
#include "engine/acceptance.h"
#include "engine/charging_parts.h"

#include <assert.h>

struct fallen_due {
	day on; /* DAY_NONE: not yet */
	bool accepted;
	struct acceptance_state acceptance;
};

static uint16_t first_version(const struct charging *c, size_t slot)
{
	size_t v = 0;

	while (c->slots[slot].of_version[v] < 0)
		v++;
	assert(v < c->n_versions);
	return (uint16_t)v;
}

/* The last words that hold say when; a later version does not move what fell due under an earlier one (R16). */
static enum rc when_due(struct charging *c, size_t slot, struct fallen_due *out, struct err *err)
{
	uint16_t first = first_version(c, slot);
	const struct priced_charge *x = slot_charge(c, slot, first);
	const struct promise *p = c->versions[first].pricing->promise;
	enum rc rc;

	*out = (struct fallen_due){.on = DAY_NONE};
	for (size_t v = first; v < c->n_versions; v++) {
		const struct priced_charge *next = slot_charge(c, slot, v);

		if (next == NULL || (out->on != DAY_NONE && c->versions[v].from > out->on))
			break;
		x = next;
		p = c->versions[v].pricing->promise;
		if (x->due == DUE_EFFECTIVE_DATE)
			out->on = p->effective_day;
		else if (x->due == DUE_SERVICE_START)
			out->on = x->base->from != DAY_NONE ? x->base->from : p->service_start_day;
		else
			out->on = DAY_NONE;
		if (out->on != DAY_NONE && first > 0)
			out->on = later_day(out->on, c->versions[first].from);
	}
	if (x->due != DUE_ACCEPTANCE)
		return RC_OK;
	rc = acceptance_of(c, slot, (struct text){"", 0}, &out->acceptance, err);
	if (rc == RC_OK && out->acceptance.accepted) {
		out->accepted = true;
		out->on = zone_day(c->zone, out->acceptance.at);
	}
	return rc;
}

static void tell_waiting(struct charging *c, size_t slot, const struct acceptance_state *a)
{
	if (a->delivered == NO_FACT)
		return;
	wait_add(c, (struct waiting){.kind = NOTE_WAITS,
				     .what = STEP_ACCEPTED,
				     .subject = c->slots[slot].id,
				     .date = a->deadline == INSTANT_NONE || a->rejected
						     ? DAY_NONE
						     : zone_day(c->zone, a->deadline),
				     .entry = entry_of(c, a->delivered),
				     .asks = !a->rejected,
				     .fact = a->delivered,
				     .charge = c->slots[slot].id,
				     .timed = a->deadline != INSTANT_NONE,
				     .until = a->deadline,
				     .silence_accepts = a->silence_accepts});
}

static void add_acceptance(struct charging *c, struct invoice_line *line,
			   const struct fallen_due *due)
{
	const struct acceptance_state *a = &due->acceptance;
	uint32_t facts[2] = {a->delivered, a->decided};
	size_t first = a->delivered == NO_FACT ? 1 : 0;
	size_t end = a->decided == NO_FACT || a->decided == a->delivered ? 1 : 2;
	bool any = first < end;

	if (any)
		line->evidence = evidence_of(c, "acceptance", facts + first, end - first);
	line_step(c, line,
		  step_from(step_days(a->by_silence ? STEP_ACCEPTED_BY_SILENCE : STEP_ACCEPTED, 45,
				      (struct days){due->on, due->on + 1}),
			    any ? entry_of(c, facts[end - 1]) : -1));
}

/* Does the charge live on that day, or is it the contract's own day before its service begins? */
static bool billable(const struct charging *c, size_t slot, day d)
{
	struct days life = slot_life(c, slot);

	return d <= c->on && d >= c->since && d < life.to;
}

enum rc charge_one_time(struct charging *c, size_t slot, struct err *err)
{
	struct fallen_due due;
	const struct price_piece *price = NULL;
	struct invoice_line line;
	struct item *it;
	enum rc rc = when_due(c, slot, &due, err);

	if (rc != RC_OK)
		return rc;
	if (due.on == DAY_NONE) {
		tell_waiting(c, slot, &due.acceptance);
		return RC_OK;
	}
	if (!billable(c, slot, due.on))
		return RC_OK;

	struct days day_of_it = {due.on, due.on + 1};
	struct days first = slot_life(c, slot);

	/* Due before service begins: the price is that of the first day. */
	first.from = later_day(first.from, due.on);
	first.to = first.from + 1;
	if (slot_prices(c, slot, first, &price) == 0)
		return RC_OK;
	it = item_add(c, slot, day_of_it, day_of_it);
	it->due = due.on;
	it->version = slot_version_on(c, slot, due.on);
	if (!charge_round(c, fraction_of_decimal(price->amount), &it->total))
		return too_large(c, slot, err);
	line = line_of(c, it, due.accepted ? 45 : 14);
	line.net = it->total;
	line.price = price->amount;
	line.priced = true;
	line.exact = fraction_of_decimal(price->amount);
	line.unit = (struct text){"", 0};
	if (due.accepted)
		add_acceptance(c, &line, &due);
	price_steps_add(c, &line, price, STEP_AMOUNT);
	line_step(c, &line, step_money(STEP_ROUNDED, 83, line.net));
	line_add(c, it, &line);
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Milestones (money.md R45): one split of the total by percent, each part due on the day it is accepted, at the terms in force then
 * (R22). `due` of a milestone is a plan date and feeds the forecast only.
 */
#include "engine/acceptance.h"

#include <assert.h>

/* Shares of the total by largest remainder (X36). false: too large. */
static bool shares_of(const struct charging *c, const struct priced_charge *ch, struct money **out)
{
	struct fraction *weights = arena_array(c->arena, struct fraction, ch->n_milestones);
	struct money *parts = arena_array(c->arena, struct money, ch->n_milestones);

	for (size_t i = 0; i < ch->n_milestones; i++)
		weights[i] = fraction_of_decimal(ch->milestones[i].pct);
	*out = parts;
	return money_try_allocate(ch->total, weights, ch->n_milestones, parts);
}

static void line_steps(struct charging *c, struct invoice_line *line,
		       const struct priced_charge *ch, size_t i, const struct acceptance_state *s)
{
	line_step(c, line,
		  (struct step){.what = STEP_AMOUNT,
				.rule = 45,
				.type = STEP_IS_MONEY,
				.entry = -1,
				.value.count = ch->total.minor});
	line_step(c, line,
		  (struct step){.what = STEP_SHARE,
				.rule = 45,
				.type = STEP_IS_PCT,
				.entry = -1,
				.value.decimal = ch->milestones[i].pct});
	line_step(c, line,
		  (struct step){
			  .what = s->by_silence ? STEP_ACCEPTED_BY_SILENCE : STEP_ACCEPTED,
			  .rule = 45,
			  .type = STEP_IS_DAYS,
			  .entry = entry_of(c, s->decided),
			  .value.days = {zone_day(c->zone, s->at), zone_day(c->zone, s->at) + 1}});
}

static void wait_for(struct charging *c, size_t slot, const struct milestone *m,
		     const struct acceptance_state *s, int64_t amount)
{
	if (s->delivered == NO_FACT)
		return;
	wait_add(c, (struct waiting){.kind = NOTE_WAITS,
				     .what = STEP_ACCEPTED,
				     .subject = m->id,
				     .date = s->deadline == INSTANT_NONE || s->rejected
						     ? DAY_NONE
						     : zone_day(c->zone, s->deadline),
				     .amount = amount,
				     .entry = entry_of(c, s->rejected ? s->decided : s->delivered),
				     .asks = !s->rejected,
				     .fact = s->delivered,
				     .charge = c->slots[slot].id,
				     .timed = s->deadline != INSTANT_NONE,
				     .until = s->deadline,
				     .silence_accepts = s->silence_accepts});
}

static void accepted_item(struct charging *c, size_t slot, const struct priced_charge *ch, size_t i,
			  const struct acceptance_state *s, int64_t net)
{
	const struct milestone *m = &ch->milestones[i];
	day d = zone_day(c->zone, s->at);
	struct item *it = item_add(c, slot, (struct days){d, d + 1}, (struct days){d, d + 1});
	struct invoice_line line;
	uint32_t facts[2] = {s->delivered, s->decided};
	size_t first = s->delivered == NO_FACT ? 1 : 0,
	       n = s->decided == s->delivered ? 1 : 2 - first;

	it->part = m->id;
	it->due = d;
	it->total = net;
	line = line_of(c, it, 45);
	line.part = m->id;
	line.name = text_format(c->arena, "%.*s: %.*s", TEXT_ARG(line.name), TEXT_ARG(m->name));
	line.quantity = fraction_of(1, 1);
	line.priced = true;
	line.price = (struct decimal){net, ch->total.currency.decimals};
	line.price_base = 1;
	line.net = net;
	line.evidence = evidence_of(c, "acceptance", facts + first, n);
	line_steps(c, &line, ch, i, s);
	line_add(c, it, &line);
}

enum rc charge_milestone(struct charging *c, size_t slot, struct err *err)
{
	uint16_t last = slot_version_on(c, slot, INT32_MAX);
	const struct priced_charge *newest = slot_charge(c, slot, last);

	for (size_t i = 0; i < newest->n_milestones; i++) {
		struct acceptance_state s;
		const struct priced_charge *ch = newest;
		struct money *parts;
		size_t k = i;
		enum rc rc = acceptance_of(c, slot, newest->milestones[i].id, &s, err);

		if (rc != RC_OK)
			return rc;
		if (s.accepted) /* at the terms of that day, if they know the milestone */
			ch = slot_charge(c, slot,
					 slot_version_on(c, slot, zone_day(c->zone, s.at)));
		for (k = 0; k < ch->n_milestones &&
			    !text_eq(ch->milestones[k].id, newest->milestones[i].id);
		     k++)
			;
		if (k == ch->n_milestones) {
			ch = newest;
			k = i;
		}
		if (!shares_of(c, ch, &parts))
			return err_set(err, RC_LIMIT, "amount too large: '%.*s'",
				       TEXT_ARG(c->slots[slot].id));
		if (!s.accepted)
			wait_for(c, slot, &ch->milestones[k], &s, parts[k].minor);
		else if (zone_day(c->zone, s.at) <= c->on)
			accepted_item(c, slot, ch, k, &s, parts[k].minor);
	}
	return RC_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Where tickets of the past may be left out of an evaluation (struct past, outcome.h; docs/decisions/0024). */
#include "engine/outcome.h"

static bool of_ticket(int event)
{
	return event >= 0 &&
	       fact_row(event_row((enum fact_event)event)->kind)->subject == FIELD_TICKET;
}

/* What is judged of tickets otherwise than by settled clocks that stand alone. */
static bool metric_allows(const struct metric *m)
{
	switch (m->kind) {
	case METRIC_AVAILABILITY:
		return true;
	case METRIC_ELAPSED:
		break;
	case METRIC_RATIO:
		return !of_ticket(m->good) && !of_ticket(m->total);
	case METRIC_MEAN:
	case METRIC_PERCENTILE:
	case METRIC_COUNT:
		return m->value >= 0 && m->value != EVENT_MINUTES_TO_ANSWER &&
		       m->value != EVENT_MINUTES_TO_RESTORE && !of_ticket(m->value);
	}
	/* Samples carried on are named again in the window that takes them over. */
	if (m->comply && m->below_min == BELOW_CARRY)
		return false;
	/* A pair of other facts may end with one of a ticket. */
	if (m->start != EVENT_LOGGED && m->start != EVENT_CLIENT_MESSAGE &&
	    m->start != EVENT_PROVIDER_MESSAGE && m->start != EVENT_REOPENED && of_ticket(m->stop))
		return false;
	/* Maintenance told later would change clocks of long ago. */
	for (size_t i = 0; i < m->n_pauses; i++)
		if (m->pauses[i].while_event == EVENT_MAINTENANCE_WINDOW)
			return false;
	return true;
}

/* Where a tier is reached without one missed sample, all of them are its causes (R59). */
static bool rule_allows(const struct credit_rule *rule)
{
	const struct decimal all = decimal_of(100);

	for (size_t i = 0; rule->form == RULE_TIERS && i < rule->n_tiers; i++) {
		int order = decimal_cmp(rule->tiers[i].below, all);

		if (order > 0 || (order == 0 && rule->edge == EDGE_AT_OR_BELOW))
			return false;
	}
	return true;
}

static bool promise_allows(const struct promise *p)
{
	for (size_t i = 0; i < p->n_metrics; i++)
		if (!metric_allows(&p->metrics[i]))
			return false;
	for (size_t i = 0; i < p->credits.n_rules; i++)
		if (!rule_allows(&p->credits.rules[i]))
			return false;
	/* Fair use counts tickets (docs/decisions/0013). */
	for (size_t i = 0; i < p->n_services; i++)
		if (term_is_set(p->services[i].node, "limits"))
			return false;
	return true;
}

bool past_allowed(const struct version *versions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!promise_allows(versions[i].promise))
			return false;
	return true;
}

bool window_of_past(const struct outcome *o, const struct window_result *w)
{
	if (w->past_samples > 0)
		return true;
	for (size_t i = 0; i < w->n_clocks; i++)
		if (w->clocks[i] >= o->n_own_clocks)
			return true;
	return false;
}

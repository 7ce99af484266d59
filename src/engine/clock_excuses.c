/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/clock_excuses.h"

#include "engine/availability.h"
#include "engine/excuse.h"

static bool concerns_ticket(const struct fact *f, symbol ticket)
{
	if (ticket == 0)
		return fact_value(f, FIELD_TICKETS) == NULL;
	return fact_has_word(f, FIELD_TICKETS, ticket);
}

static bool duty_piece(const struct view *v, const struct promise *p, uint32_t fact, int metric,
		       struct piece *out)
{
	struct duty d;

	if (!duty_of(v, p, fact, &d) || !duty_excuses(p, &d, metric))
		return false;
	*out = (struct piece){
		.span = d.span,
		.kind = PIECE_EXCUSED,
		.why = p->obligations[d.obligation].node,
		.from_fact = fact,
		.to_fact = d.met_fact,
	};
	/* Not met as of now: nobody knows when it will be (R28). A duty that excuses nothing has the span {0, 0}. */
	if (d.met_fact == NO_FACT && d.span.from != 0 && d.span.from <= v->as_of)
		out->span.to = INSTANT_MAX;
	return out->span.from < out->span.to;
}

static const struct piece *duties(struct arena *a, const struct view *v, const struct promise *p,
				  int metric, symbol ticket, size_t *n)
{
	static const enum fact_kind kinds[] = {FACT_OBLIGATION_REQUESTED, FACT_OBLIGATION_BREACHED};
	struct piece *out = NULL, piece;
	size_t cap = 0;

	*n = 0;
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t i = 0; i < v->kinds[kinds[k]].n; i++) {
			uint32_t fact = v->kinds[kinds[k]].v[i];

			if (!view_counts(v, fact) || !concerns_ticket(view_fact(v, fact), ticket) ||
			    !duty_piece(v, p, fact, metric, &piece))
				continue;
			out = arena_grow(a, out, *n, &cap, sizeof(*out));
			out[(*n)++] = piece;
		}
	return out;
}

struct excuse_source clock_excuses(void)
{
	return (struct excuse_source){duties, maintenance_spans};
}

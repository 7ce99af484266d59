/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two parties or two sources tell one event differently (sla.md R14): other content, or times more than a minute apart. One
 * event is one kind of fact about one subject: of a ticket until it is reopened, of anything else for good, because outages,
 * announcements and duties have an id of their own for each occurrence.
 */
#include "engine/view_contradict.h"

#define SAME_EVENT_MS MINUTE_MS

static bool once_for_subject(unsigned kind)
{
	return (kind >= FACT_OUTAGE_BEGAN && kind <= FACT_OUTAGE_ENDED) ||
	       (kind >= FACT_MAINTENANCE_ANNOUNCED && kind <= FACT_MAINTENANCE_CANCELLED) ||
	       (kind >= FACT_FORCE_MAJEURE_DECLARED && kind <= FACT_OBLIGATION_MET) ||
	       (kind >= FACT_SUSPENSION_BEGAN && kind <= FACT_SUSPENSION_ENDED) ||
	       kind == FACT_PATCH_RELEASED || kind == FACT_PATCH_INSTALLED;
}

static bool once_for_ticket(unsigned kind)
{
	return kind == FACT_TICKET_LOGGED || kind == FACT_TICKET_RESTORED ||
	       kind == FACT_TICKET_RESOLVED || kind == FACT_TICKET_CLOSED ||
	       kind == FACT_TICKET_CANCELLED;
}

/* A field that both give with another value. Free words may differ, and so may who wrote them down. */
static bool other_content(const struct fact *x, const struct fact *y)
{
	for (size_t i = 0; i < x->n_values; i++) {
		const struct fact_value *of_x = &x->values[i];
		enum field_type type = field_row((enum fact_field)of_x->field)->type;

		if (type == FIELD_TEXT || type == FIELD_SYMBOLS ||
		    of_x->field == FIELD_REPORTED_VERDICT || of_x->field == FIELD_AUTHOR)
			continue;

		const struct fact_value *of_y = fact_value(y, (enum fact_field)of_x->field);

		if (of_y == NULL)
			continue;
		if (type == FIELD_SYMBOL ? of_x->word != of_y->word : of_x->number != of_y->number)
			return true;
	}
	return false;
}

static bool contradict(const struct fact *x, const struct fact *y)
{
	if (x->source == y->source && x->party == y->party)
		return false;

	int64_t apart = x->occurred_at > y->occurred_at ? x->occurred_at - y->occurred_at
							: y->occurred_at - x->occurred_at;

	return apart > SAME_EVENT_MS || other_content(x, y);
}

static bool from_system(const struct view *v, const struct view_rules *rules, const struct fact *f)
{
	for (size_t i = 0; i < rules->n_systems; i++)
		if (view_from_system(v, f, rules->systems[i]))
			return true;
	return false;
}

static bool chosen(const struct view_rules *rules, uint32_t fact)
{
	for (size_t i = 0; i < rules->n_instead; i++)
		if (rules->instead[i] == fact)
			return true;
	return false;
}

/* R17: the measuring system's, else the one recorded first, else the one that arrived first. */
static bool first_counts(const struct view *v, const struct view_rules *rules, const struct fact *x,
			 const struct fact *y)
{
	bool x_chosen = chosen(rules, x->order), y_chosen = chosen(rules, y->order);

	if (x_chosen != y_chosen)
		return x_chosen;

	bool x_measured = from_system(v, rules, x), y_measured = from_system(v, rules, y);

	if (x_measured != y_measured)
		return x_measured;
	if (x->recorded_at != y->recorded_at)
		return x->recorded_at < y->recorded_at;
	return x->order < y->order;
}

/* Weighs two tellings of one event; returns the one that counts. */
static uint32_t weigh(struct view *v, const struct view_rules *rules, uint32_t x, uint32_t y,
		      size_t *dropped)
{
	const struct fact *of_x = &v->facts->v[x], *of_y = &v->facts->v[y];

	if (!contradict(of_x, of_y))
		return x;
	v->flags[x] |= FLAG_CONTRADICTING;
	v->flags[y] |= FLAG_CONTRADICTING;
	(*dropped)++;

	bool first = first_counts(v, rules, of_x, of_y);

	v->outweighed_by[first ? y : x] = first ? x : y;
	return first ? x : y;
}

static size_t in_ticket(struct view *v, const struct view_rules *rules, struct fact_run run)
{
	uint32_t seen[FACT_COUNT];
	size_t dropped = 0;

	for (size_t k = 0; k < FACT_COUNT; k++)
		seen[k] = NO_FACT;
	for (size_t i = 0; i < run.n; i++) {
		unsigned kind = v->facts->v[run.v[i]].kind;

		if (kind == FACT_TICKET_REOPENED)
			for (size_t k = 0; k < FACT_COUNT; k++)
				if (k != FACT_TICKET_LOGGED)
					seen[k] = NO_FACT;
		if (!once_for_ticket(kind))
			continue;
		seen[kind] = seen[kind] == NO_FACT
				     ? run.v[i]
				     : weigh(v, rules, seen[kind], run.v[i], &dropped);
	}
	return dropped;
}

static size_t in_kind(struct view *v, const struct view_rules *rules, struct fact_run run,
		      uint32_t *seen)
{
	size_t dropped = 0;

	for (size_t i = 0; i < run.n; i++) {
		symbol subject = v->facts->v[run.v[i]].subject;
		uint32_t before = seen[subject];

		seen[subject] = 1 + (before == 0 ? run.v[i]
						 : weigh(v, rules, before - 1, run.v[i], &dropped));
	}
	for (size_t i = 0; i < run.n; i++)
		seen[v->facts->v[run.v[i]].subject] = 0;
	return dropped;
}

/* A source, or a party within one, can only contradict another: with one voice there is nothing to weigh. */
static bool several_voices(const struct view *v)
{
	for (size_t i = 1; i < v->all.n; i++) {
		const struct fact *x = &v->facts->v[v->all.v[i - 1]];
		const struct fact *y = &v->facts->v[v->all.v[i]];

		if (x->source != y->source || x->party != y->party)
			return true;
	}
	return false;
}

size_t view_find_contradictions(struct view *v, const struct view_rules *rules)
{
	size_t dropped = 0;

	if (!several_voices(v))
		return 0;
	for (size_t t = 0; t < v->n_tickets; t++)
		if (v->tickets[t].n > 1)
			dropped += in_ticket(v, rules, v->tickets[t]);

	uint32_t *seen = NULL;

	for (unsigned k = 0; k < FACT_COUNT; k++) {
		if (!once_for_subject(k) || v->kinds[k].n < 2)
			continue;
		if (seen == NULL)
			seen = arena_array(v->arena, uint32_t, v->n_ticket_of);
		dropped += in_kind(v, rules, v->kinds[k], seen);
	}
	return dropped;
}

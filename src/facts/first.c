/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/first.h"

#include "facts/body.h"
#include "facts/check.h"

#include <assert.h>
#include <string.h>

/* --- finishing --- */

/* The first source of the name of which no more is known yet. */
static struct fact_source *unread_source(struct facts *set, struct text name)
{
	for (size_t i = 0; i < set->n_sources; i++)
		if (set->sources[i].format.n == 0 && text_eq(set->sources[i].name, name))
			return &set->sources[i];
	return NULL;
}

/*
 * A file or feed that was read is a fact of its own: without it silence would prove nothing. The first of a name fits the source that
 * the facts name; one more of the same name only observes longer.
 */
static void take_source(struct facts *set, const struct fact *f)
{
	struct fact_source s = {
		.name = symbol_text(set->symbols, fact_word(f, FIELD_SOURCE)),
		.format = symbol_text(set->symbols, fact_word(f, FIELD_FORMAT)),
		.whole_log = fact_truth(f, FIELD_WHOLE_LOG, false),
		.observes_outages = fact_truth(f, FIELD_OBSERVES_OUTAGES, false),
		.recorded_known = true,
		.read_at = f->recorded_at,
	};
	struct fact_source *there = unread_source(set, s.name);

	if (fact_value(f, FIELD_FROM) != NULL && fact_value(f, FIELD_TO) != NULL)
		s.covers =
			(struct span){fact_number(f, FIELD_FROM, 0), fact_number(f, FIELD_TO, 0)};
	if (there != NULL)
		*there = s;
	else
		(void)facts_add_source(set, s);
}

static void mark_pending(struct facts *set, struct fact *f)
{
	const struct fact *before = f->corrects == 0 ? NULL : facts_find(set, f->corrects);

	if (f->kind == FACT_FACT_WITHDRAWN ||
	    (before != NULL && correction_needs_approval(before, f)))
		f->flags |= FLAG_PENDING;
}

void facts_finish(struct facts *set)
{
	for (size_t i = 0; i < set->n; i++) {
		struct fact *f = &set->v[i];

		if (f->kind == FACT_SOURCE_READ)
			take_source(set, f);
		else if (f->corrects != 0 || f->kind == FACT_FACT_WITHDRAWN)
			mark_pending(set, f);
	}
	facts_check(set);
}

/* --- the first facts --- */

/* Their places stay, for facts name them so; what a source_read told of them is for facts_finish to tell again. */
static void forget_reads(struct facts *part, const struct facts *set)
{
	part->sources = arena_array(part->arena, struct fact_source, set->n_sources);
	part->sources_cap = set->n_sources;
	for (size_t i = 0; i < set->n_sources; i++) {
		part->sources[i] = set->sources[i];
		if (set->sources[i].read_at != 0)
			part->sources[i] = (struct fact_source){.name = set->sources[i].name,
								.recorded_known = true};
	}
}

struct facts *facts_first(struct arena *a, const struct facts *set, size_t n)
{
	struct facts *part = arena_one(a, struct facts);

	assert(n <= set->n);
	*part = *set;
	part->arena = a;
	part->pool = NULL;
	part->pool_left = 0;
	part->n = part->cap = n;
	part->v = arena_array(a, struct fact, n);
	if (n > 0)
		memcpy(part->v, set->v, n * sizeof(*part->v));
	for (size_t i = 0; i < n; i++)
		part->v[i].flags &= BODY_STAMP_FLAGS;
	part->by_id = arena_array(a, uint32_t, set->by_id_cap);
	for (size_t i = 0; i < set->by_id_cap; i++)
		if (set->by_id[i] <= n)
			part->by_id[i] = set->by_id[i];
	forget_reads(part, set);
	facts_finish(part);
	return part;
}

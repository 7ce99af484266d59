/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which clocks of two outcomes are the same: by subject, metric id and cycle. Both engines go through the tickets in the same order,
 * so the next clock is nearly always the one after the last; only where they part is a clock looked up.
 */
#include "engine/compare_parts.h"

#include <assert.h>

/* The clocks of one side by subject, each subject's in order. */
struct clock_index {
	uint32_t *first; /* by symbol: index plus one, 0: none */
	uint32_t *next;  /* by clock: index plus one */
};

static struct clock_index index_clocks(struct arena *a, const struct outcome *o)
{
	struct clock_index x = {
		arena_array(a, uint32_t, symbols_count(o->in.facts->symbols)),
		arena_array(a, uint32_t, o->n_clocks),
	};

	for (size_t i = o->n_clocks; i > 0; i--) {
		symbol subject = o->clocks[i - 1].subject;

		x.next[i - 1] = x.first[subject];
		x.first[subject] = (uint32_t)i;
	}
	return x;
}

struct pairing {
	const struct comparing *c;
	struct clock_index after;
	bool indexed;
	size_t next; /* of the other side: after the last match */
};

static bool same_clock(const struct pairing *p, const struct clock *before, size_t key,
		       const struct clock *after)
{
	return before->subject == after->subject && before->cycle == after->cycle &&
	       key == compared_key(p->c, AFTER, after->version, after->metric);
}

static uint32_t find_after(struct pairing *p, const struct clock *before)
{
	const struct outcome *o = p->c->of[AFTER];
	size_t key = compared_key(p->c, BEFORE, before->version, before->metric);

	if (p->next < o->n_clocks && same_clock(p, before, key, &o->clocks[p->next]))
		return (uint32_t)p->next;
	if (p->c->out->metrics[key].presence == REMOVED)
		return NO_INDEX;
	if (!p->indexed) {
		p->after = index_clocks(p->c->arena, o);
		p->indexed = true;
	}
	for (uint32_t i = p->after.first[before->subject]; i != 0; i = p->after.next[i - 1])
		if (same_clock(p, before, key, &o->clocks[i - 1]))
			return i - 1;
	return NO_INDEX;
}

static uint32_t *none_of(struct arena *a, size_t n)
{
	uint32_t *v = arena_array(a, uint32_t, n);

	for (size_t i = 0; i < n; i++)
		v[i] = NO_INDEX;
	return v;
}

void compare_clocks(struct comparing *c)
{
	const struct outcome *before = c->of[BEFORE], *after = c->of[AFTER];
	uint32_t *to = none_of(c->arena, before->n_clocks),
		 *back = none_of(c->arena, after->n_clocks);
	struct pairing p = {.c = c};

	assert(before->n_clocks < NO_INDEX && after->n_clocks < NO_INDEX);
	for (size_t i = 0; i < before->n_clocks; i++) {
		uint32_t found = find_after(&p, &before->clocks[i]);

		if (found == NO_INDEX)
			continue;
		to[i] = found;
		back[found] = (uint32_t)i;
		p.next = (size_t)found + 1;
	}
	c->pair[BEFORE] = to;
	c->pair[AFTER] = back;
}

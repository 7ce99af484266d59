/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines and elapsed times. Making a calendar is calendar_new.c, its blocks calendar_expand.c, working days calendar_days.c. */
#include "time/calendar_table.h"

#include <assert.h>

static const struct calendar always = {
	.id = {"always", 6}, .first_date = FIRST_DAY, .last_date = LAST_DAY};

const struct calendar *calendar_always(void)
{
	return &always;
}

bool calendar_is_always(const struct calendar *c)
{
	return c->zone == NULL;
}

struct text calendar_id(const struct calendar *c)
{
	return c->id;
}

const struct zone *calendar_zone(const struct calendar *c)
{
	return c->zone;
}

static const struct open_block *block_at(const struct calendar *c, uint32_t number)
{
	const struct block_page *page = c->cache->blocks[number / BLOCKS_PER_PAGE];

	if (page != NULL && page->block[number % BLOCKS_PER_PAGE].expanded)
		return &page->block[number % BLOCKS_PER_PAGE];
	return calendar_expand(c, number);
}

static instant valid(instant t)
{
	return t < INSTANT_MIN ? INSTANT_MIN : t > INSTANT_MAX ? INSTANT_MAX : t;
}

/* How many spans begin at or before t. */
static uint32_t begun(const struct open_block *b, uint32_t number, instant t)
{
	uint32_t i = b->by_time[(t - block_from(number)) >> SLICE_SHIFT];

	while (i < b->n && b->v[i].from <= t)
		i++;
	return i;
}

/* Open time of the block before t. */
static int64_t open_before_ms(const struct open_block *b, uint32_t number, instant t)
{
	uint32_t i = begun(b, number, t);

	if (i == 0)
		return 0;

	const struct open_span *s = &b->v[i - 1];

	return s->before_ms + (t < s->to ? t : s->to) - s->from;
}

int64_t calendar_elapsed_ms(const struct calendar *c, instant from, instant to)
{
	from = valid(from);
	to = valid(to);
	if (to <= from)
		return 0;
	if (calendar_is_always(c))
		return to - from;

	uint32_t a = block_of(from), b = block_of(to);
	int64_t ms =
		open_before_ms(block_at(c, b), b, to) - open_before_ms(block_at(c, a), a, from);

	for (uint32_t i = a; i < b; i++)
		ms += calendar_block_total_ms(c, i);
	return ms;
}

/* The smallest t at which the block has been open for ms, 0 < ms <= its total. */
static instant block_reach(const struct open_block *b, int64_t ms)
{
	uint32_t i = b->by_sum[(ms - 1) >> b->sum_shift];

	assert(ms > 0 && ms <= b->total_ms);
	while (i + 1 < b->n && b->v[i + 1].before_ms < ms)
		i++;
	return b->v[i].from + (ms - b->v[i].before_ms);
}

bool calendar_deadline(const struct calendar *c, instant from, int64_t d_ms, enum at_closing at,
		       instant *out)
{
	assert(d_ms >= 0);
	from = valid(from);
	if (calendar_is_always(c)) {
		if (d_ms >= INSTANT_MAX - from)
			return false;
		*out = from + d_ms;
		return true;
	}
	if (d_ms == 0)
		return calendar_next_open(c, from, out);

	uint32_t i = block_of(from), last = c->last_block;
	int64_t ms = d_ms + open_before_ms(block_at(c, i), i, from);

	while (ms > calendar_block_total_ms(c, i)) {
		ms -= calendar_block_total_ms(c, i);
		if (++i > last)
			return false;
	}

	instant t = block_reach(block_at(c, i), ms);

	if (t >= INSTANT_MAX)
		return false;
	if (at == AT_CLOSING_NEXT_OPEN)
		return calendar_next_open(c, t, out);
	*out = t;
	return true;
}

bool calendar_before(const struct calendar *c, instant to, int64_t d_ms, instant *out)
{
	assert(d_ms >= 0);
	to = valid(to);
	if (calendar_is_always(c)) {
		if (d_ms > to - INSTANT_MIN)
			return false;
		*out = to - d_ms;
		return true;
	}
	if (d_ms == 0)
		return calendar_prev_open(c, to, out);

	uint32_t i = block_of(to), first = c->first_block;
	int64_t ms = open_before_ms(block_at(c, i), i, to) - d_ms;

	while (ms < 0) {
		if (i <= first)
			return false;
		ms += calendar_block_total_ms(c, --i);
	}

	/* The largest t with ms of open time before it in this block: in the span that has at most ms before it. */
	const struct open_block *b = block_at(c, i);
	uint32_t k = b->by_sum[ms >> b->sum_shift];

	while (k + 1 < b->n && b->v[k + 1].before_ms <= ms)
		k++;
	*out = b->v[k].from + (ms - b->v[k].before_ms);
	return true;
}

bool calendar_is_open(const struct calendar *c, instant t)
{
	if (t < INSTANT_MIN || t >= INSTANT_MAX)
		return false;
	if (calendar_is_always(c))
		return true;

	uint32_t i = block_of(t);
	const struct open_block *b = block_at(c, i);
	uint32_t n = begun(b, i, t);

	return n > 0 && t < b->v[n - 1].to;
}

bool calendar_next_open(const struct calendar *c, instant t, instant *out)
{
	t = valid(t);
	if (t == INSTANT_MAX)
		return false;
	if (calendar_is_always(c)) {
		*out = t;
		return true;
	}

	uint32_t i = block_of(t), last = c->last_block;
	const struct open_block *b = block_at(c, i);
	uint32_t n = begun(b, i, t);

	if (n > 0 && t < b->v[n - 1].to) {
		*out = t;
		return true;
	}
	while (n == b->n) {
		do {
			if (++i > last)
				return false;
		} while (calendar_block_total_ms(c, i) == 0);
		b = block_at(c, i);
		n = 0;
	}
	*out = b->v[n].from;
	return true;
}

bool calendar_prev_open(const struct calendar *c, instant t, instant *out)
{
	t = valid(t);
	if (calendar_is_always(c)) {
		*out = t;
		return t > INSTANT_MIN;
	}

	uint32_t i = block_of(t), first = c->first_block;
	const struct open_block *b = block_at(c, i);
	uint32_t n = begun(b, i, t);

	/* Open just before t, so a span that begins at t does not count. */
	if (n > 0 && b->v[n - 1].from == t)
		n--;
	while (n == 0) {
		do {
			if (i <= first)
				return false;
		} while (calendar_block_total_ms(c, --i) == 0);
		b = block_at(c, i);
		n = b->n;
	}
	*out = t < b->v[n - 1].to ? t : b->v[n - 1].to;
	return true;
}

struct spans calendar_spans(struct arena *a, const struct calendar *c, instant from, instant to)
{
	struct span_list list = {NULL, 0, 0};

	from = valid(from);
	to = valid(to);
	if (from >= to)
		return (struct spans){NULL, 0};
	if (calendar_is_always(c)) {
		struct span *all = arena_one(a, struct span);

		*all = (struct span){from, to};
		return (struct spans){all, 1};
	}

	for (uint32_t i = block_of(from), last = block_of(to); i <= last; i++) {
		if (calendar_block_total_ms(c, i) == 0)
			continue;

		const struct open_block *b = block_at(c, i);
		uint32_t k = i == block_of(from) ? begun(b, i, from) : 0;

		for (k = k > 0 ? k - 1 : 0; k < b->n && b->v[k].from < to; k++) {
			struct span s = {b->v[k].from < from ? from : b->v[k].from,
					 b->v[k].to > to ? to : b->v[k].to};

			if (s.from >= s.to)
				continue;
			if (list.n > 0 && list.v[list.n - 1].to == s.from) {
				list.v[list.n - 1].to = s.to;
				continue;
			}
			list.v = arena_grow(a, list.v, list.n, &list.cap, sizeof(*list.v));
			list.v[list.n++] = s;
		}
	}
	return (struct spans){list.v, list.n};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/usage.h"

struct usage_span usage_span(const struct zone *z, struct days days)
{
	return (struct usage_span){zone_midnight(z, days.from), zone_midnight(z, days.to),
				   days.from, days.to};
}

size_t usage_from(const struct usage_records *r, instant t)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (r->v[mid].at < t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct usage_records usage_within(const struct usage_records *r, const struct usage_span *s)
{
	size_t from = usage_from(r, s->from), to = usage_from(r, s->to);

	return (struct usage_records){r->n == 0 ? NULL : r->v + from, to - from, r->scale};
}

i128 usage_sum(const struct usage_records *r)
{
	i128 sum = 0;

	for (size_t i = 0; i < r->n; i++)
		sum += r->v[i].units;
	return sum;
}

size_t usage_max(const struct usage_records *r)
{
	size_t most = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (most == r->n || r->v[i].units > r->v[most].units)
			most = i;
	return most;
}

/* A set of subjects that grows with what is in it, not with the records. */
struct subjects {
	uint64_t *v; /* open addressing; 0: empty, so a subject is its symbol plus one */
	size_t n, size;
};

static bool add_subject(struct subjects *s, uint64_t key)
{
	const uint64_t mix = 0x9E3779B1;
	size_t at = (size_t)((key * mix) >> 16) & (s->size - 1);

	while (s->v[at] != 0 && s->v[at] != key)
		at = (at + 1) & (s->size - 1);
	if (s->v[at] == key)
		return false;
	s->v[at] = key;
	s->n++;
	return true;
}

size_t usage_unique(struct arena *a, const struct usage_records *r)
{
	enum { FIRST = 64 };
	struct subjects s = {arena_array(a, uint64_t, FIRST), 0, FIRST};

	for (size_t i = 0; i < r->n; i++) {
		if (!add_subject(&s, (uint64_t)r->v[i].subject + 1) || 2 * s.n < s.size)
			continue;

		struct subjects more = {arena_array(a, uint64_t, 2 * s.size), 0, 2 * s.size};

		for (size_t k = 0; k < s.size; k++)
			if (s.v[k] != 0)
				(void)add_subject(&more, s.v[k]);
		s = more;
	}
	return s.n;
}

/* The wall clock of rising instants: the offset is looked up only where it changes. */
struct wall_clock {
	const struct zone *zone;
	instant until; /* the offset holds before this */
	int64_t offset_ms;
	instant latest; /* never goes back */
};

static instant wall(struct wall_clock *w, instant t)
{
	if (t >= w->until) {
		w->offset_ms = zone_offset_s(w->zone, t) * SECOND_MS;
		w->until = zone_next_change(w->zone, t);
	}
	if (t + w->offset_ms > w->latest)
		w->latest = t + w->offset_ms;
	return w->latest;
}

i128 usage_time(const struct usage_records *within, int64_t held, const struct usage_span *s,
		const struct zone *z)
{
	struct wall_clock w = {.zone = z, .until = INSTANT_NONE};
	instant from = instant_of_day(s->first), end = instant_of_day(s->end);
	i128 sum = 0;

	w.latest = from;
	for (size_t i = 0; i <= within->n; i++) {
		instant to = i < within->n ? wall(&w, within->v[i].at) : end;

		if (to > end)
			to = end;
		/* at most 2^63 units x the milliseconds of the years 1 to 9999: 112 bits */
		sum += (i128)held * (to - from);
		from = to;
		if (i < within->n)
			held = within->v[i].units;
	}
	return sum;
}

static i128 ten_to(uint8_t scale)
{
	i128 n = 1;

	for (uint8_t i = 0; i < scale; i++)
		n *= 10;
	return n;
}

struct fraction usage_quantity(struct arena *a, const struct usage_records *r, enum aggregate how,
			       const struct usage_span *s, const struct zone *z, int64_t held)
{
	struct usage_records in = usage_within(r, s);
	struct fraction q = {0, ten_to(r->scale)};

	switch (how) {
	case AGGREGATE_SUM:
		q.num = usage_sum(&in);
		break;
	case AGGREGATE_AVERAGE:
		q.num = usage_sum(&in);
		q.den *= in.n > 0 ? (i128)in.n : 1;
		break;
	case AGGREGATE_MAX:
		q.num = in.n > 0 ? in.v[usage_max(&in)].units : 0;
		break;
	case AGGREGATE_LAST:
		q.num = in.n > 0 ? in.v[in.n - 1].units : 0;
		break;
	case AGGREGATE_UNIQUE:
		q = (struct fraction){(i128)usage_unique(a, &in), 1};
		break;
	case AGGREGATE_TIME_WEIGHTED:
		q.num = usage_time(&in, held, s, z);
		q.den *= s->end > s->first ? (i128)(s->end - s->first) * DAY_MS : 1;
		break;
	}
	return q;
}

bool usage_rate(struct arena *a, const struct usage_records *r, enum aggregate how,
		const struct usage_span *s, const struct zone *z, int64_t held,
		const struct rate_card *card, struct fraction *amount)
{
	return rate_amount(card, usage_quantity(a, r, how, s, z, held), amount);
}

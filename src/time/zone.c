/* SPDX-License-Identifier: Apache-2.0 */
/* Looking things up in a zone. Reading a zone's file is zone_read.c, the rule at its end zone_rule.c. */
#include "time/zone_table.h"

#include <assert.h>
#include <string.h>

/* No two offsets are further apart from UTC than this. */
#define OFFSET_REACH_MS (27 * HOUR_MS)

static const struct zone_type utc_types[] = {{0, false, "UTC"}};

static const struct zone utc = {
	.name = {"UTC", 3}, .types = utc_types, .n_types = 1, .rule_from = INT64_MAX};

const struct zone *zone_utc(void)
{
	return &utc;
}

struct text zone_name(const struct zone *z)
{
	return z->name;
}

/* How many changes are at or before t. */
static size_t changes_until(const struct zone *z, instant t)
{
	size_t lo = 0, hi = z->n_changes;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (z->changes[mid].at <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct zone_type *type_at(const struct zone *z, instant t)
{
	if (t >= z->rule_from)
		return zone_rule_at(&z->rule, t);

	size_t n = changes_until(z, t);

	return &z->types[n == 0 ? z->first_type : z->changes[n - 1].type];
}

int32_t zone_offset_s(const struct zone *z, instant t)
{
	return type_at(z, t)->offset_s;
}

struct local zone_local(const struct zone *z, instant t)
{
	const struct zone_type *type = type_at(z, t);
	instant shown = t + type->offset_s * SECOND_MS;
	struct local l = {
		.date = day_of_instant(shown), .offset_s = type->offset_s, .dst = type->dst};

	l.ms = (int32_t)(shown - instant_of_day(l.date));
	memcpy(l.abbrev, type->abbrev, sizeof(l.abbrev));
	return l;
}

day zone_day(const struct zone *z, instant t)
{
	return day_of_instant(t + type_at(z, t)->offset_s * SECOND_MS);
}

instant zone_next_change(const struct zone *z, instant t)
{
	if (t >= z->rule_from)
		return zone_rule_next(&z->rule, t);

	size_t n = changes_until(z, t);

	if (n < z->n_changes)
		return z->changes[n].at;
	/* The reader has put a change at rule_from if the rule begins with one. */
	return z->rule_from == INT64_MAX ? INSTANT_MAX : zone_rule_next(&z->rule, z->rule_from);
}

/*
 * Walks over the stretches of constant offset around the wanted local time. In each the time has one candidate; the first that
 * lies inside its own stretch is meant. If none does, the clock jumped over it, and the candidate of the stretch before the
 * jump is the local time moved forward by the gap (sla.md R4).
 */
instant zone_instant(const struct zone *z, day date, int64_t ms, enum local_kind *kind)
{
	instant shown = instant_of_day(date) + ms;
	instant from = shown - OFFSET_REACH_MS, found = INSTANT_NONE, gap = INSTANT_NONE;
	int32_t offset_s = zone_offset_s(z, from);
	bool twice = false;

	assert(ms >= 0 && ms <= DAY_MS);
	for (;;) {
		instant to = zone_next_change(z, from), t = shown - offset_s * SECOND_MS;
		bool last = to == INSTANT_MAX || to > shown + OFFSET_REACH_MS;

		if (t >= from && (last || t < to)) {
			twice = found != INSTANT_NONE;
			found = twice ? found : t;
		}
		if (last)
			break;
		offset_s = zone_offset_s(z, to);
		if (gap == INSTANT_NONE && t >= to && shown - offset_s * SECOND_MS < to)
			gap = t;
		from = to;
	}

	if (kind != NULL)
		*kind = found == INSTANT_NONE ? LOCAL_GAP : twice ? LOCAL_TWICE : LOCAL_PLAIN;
	assert(found != INSTANT_NONE || gap != INSTANT_NONE);
	return found != INSTANT_NONE ? found : gap;
}

instant zone_midnight(const struct zone *z, day date)
{
	return zone_instant(z, date, 0, NULL);
}

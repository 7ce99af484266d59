/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a TZif file. What is accepted must answer for all of time: local times lead back to their instants, changes are
 * changes, and a calendar in such a zone still spends exactly the time it was given.
 */
#include "time/calendar.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_local(struct local a, struct local b)
{
	return a.offset_s == b.offset_s && a.dst == b.dst && strcmp(a.abbrev, b.abbrev) == 0;
}

static void check_instant(const struct zone *z, instant t)
{
	struct local l = zone_local(z, t);
	enum local_kind kind = LOCAL_GAP;
	instant back = zone_instant(z, l.date, l.ms, &kind), next = zone_next_change(z, t);
	struct local again = zone_local(z, back);

	assert(l.ms >= 0 && l.ms < DAY_MS && strlen(l.abbrev) < sizeof(l.abbrev));
	assert(l.offset_s == zone_offset_s(z, t) && l.date == zone_day(z, t));
	assert(kind != LOCAL_GAP && back <= t && (kind == LOCAL_TWICE || back == t));
	assert(again.date == l.date && again.ms == l.ms);
	assert(next > t || t >= INSTANT_MAX);
	if (next < INSTANT_MAX) {
		assert(!same_local(zone_local(z, next), zone_local(z, next - 1)));
		assert(same_local(zone_local(z, next - 1), l));
	}
}

static void check_calendar(struct arena *a, const struct zone *z, instant from)
{
	static const struct day_range nights[] = {{0, 210}, {1320, 1440}};
	struct calendar_spec spec = {.id = {"fuzz", 4}, .zone = z};
	const struct calendar *c = NULL;
	struct err err = {0};
	instant due = 0, back = 0;

	for (size_t i = 0; i < 6; i++) {
		spec.week[i].v = nights;
		spec.week[i].n = 2;
	}
	if (calendar_new(a, &spec, &c, &err) != RC_OK)
		return;
	if (!calendar_deadline(c, from, 40 * HOUR_MS, AT_CLOSING_CLOSE, &due))
		return;
	assert(calendar_elapsed_ms(c, from, due) == 40 * HOUR_MS);
	assert(calendar_elapsed_ms(c, from, due - 1) == 40 * HOUR_MS - 1);
	assert(spans_length_ms(calendar_spans(a, c, from, due)) == 40 * HOUR_MS);
	assert(calendar_before(c, due, 40 * HOUR_MS, &back) && back >= from);
	assert(calendar_elapsed_ms(c, back, due) == 40 * HOUR_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 << 20);
	const struct zone *z = NULL;
	struct err err = {0};

	if (zone_parse(a, text_of("fuzz"), (struct text){(const char *)data, size}, &z, &err) ==
	    RC_OK) {
		instant t = INSTANT_MIN + 3 * DAY_MS;

		check_instant(z, t);
		for (int i = 0; i < 20 && t < INSTANT_MAX; i++) {
			check_instant(z, t - 1);
			check_instant(z, t);
			t = zone_next_change(z, t);
		}
		for (int32_t year = 1900; year < 2300; year += 7) {
			check_instant(z, instant_of_day(day_of(year, year % 12 + 1, 9)) +
						 year * HOUR_MS);
			check_instant(z, zone_midnight(z, day_of(year, 3, 28)));
		}
		check_instant(z, INSTANT_MAX - 3 * DAY_MS);
		check_calendar(a, z, instant_of_day(day_of(2026, 3, 1)));
		check_calendar(a, z, instant_of_day(day_of(1969, 12, 1)));
	} else {
		assert(z == NULL && err.message[0] != '\0');
	}
	arena_free(a);
	return 0;
}

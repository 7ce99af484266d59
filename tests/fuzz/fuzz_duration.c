/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a duration, an instant, a date, a time of day. What is accepted prints as text that reads as the same; a duration
 * is then added to an anchor in every way there is.
 */
#include "time/duration.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One calendar for all inputs: what it has expanded must not matter. */
static const struct calendar *desk(void)
{
	static const struct calendar *c;
	static const struct day_range hours[] = {{540, 1020}};
	struct calendar_spec spec = {.id = {"desk", 4}, .zone = zone_utc()};
	struct err err = {0};

	for (size_t i = 0; i < 5; i++) {
		spec.week[i].v = hours;
		spec.week[i].n = 1;
	}
	if (c == NULL && calendar_new(arena_new((size_t)1 << 30), &spec, &c, &err) != RC_OK)
		assert(!err.message[0]);
	return c;
}

static void check_add(struct duration d)
{
	static const enum anchor anchors[] = {ANCHOR_MOMENT, ANCHOR_DATE, ANCHOR_EDGE};
	const struct calendar *c = desk();

	for (size_t i = 0; i < 12; i++) {
		struct duration_context context = {zone_utc(), d.calendar.n > 0 ? c : NULL,
						   i % 2 == 0 ? c : NULL, i < 6};
		instant at = instant_of_day(day_of(2026, 3, 7)), after = INSTANT_NONE,
			before = INSTANT_NONE;
		enum anchor anchor = anchors[i % 3];
		struct err err = {0};

		if (anchor == ANCHOR_MOMENT)
			at += 11 * HOUR_MS + 1;
		if (duration_add(d, 1, anchor, at, &context, &after, &err) == RC_OK)
			assert(after >= at && after < INSTANT_MAX);
		else
			assert(after == INSTANT_NONE && err.message[0] != '\0');
		/* A date stands for its end, so nothing before it can lie beyond that. */
		if (duration_add(d, -1, anchor, at, &context, &before, &err) == RC_OK)
			assert(before <= at + (anchor == ANCHOR_DATE ? DAY_MS : 0) &&
			       before >= INSTANT_MIN);
	}
}

static void check_duration(struct text t, struct buf *b)
{
	struct duration d, again;
	struct err err = {0};

	if (duration_parse(t, &d, &err) != RC_OK) {
		assert(err.message[0] != '\0' && err.hint[0] != '\0');
		return;
	}
	duration_print(b, d);
	assert(text_eq(buf_view(b), t));
	assert(duration_parse(buf_view(b), &again, &err) == RC_OK);
	assert(again.n == d.n && again.unit == d.unit && text_eq(again.calendar, d.calendar));
	check_add(d);
}

static void check_instant(struct text t, struct buf *b)
{
	struct err err = {0};
	instant at, again;
	bool minute;

	if (instant_parse(t, &at, &minute, &err) != RC_OK)
		return;
	assert(at >= INSTANT_MIN && at < INSTANT_MAX);
	instant_print(b, at);
	assert(instant_parse(buf_view(b), &again, NULL, &err) == RC_OK && again == at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = {(const char *)data, size};
	struct buf b;
	int32_t minutes;
	day d;

	buf_init(&b, 256);
	check_duration(t, &b);
	buf_clear(&b);
	check_instant(t, &b);
	buf_clear(&b);
	if (day_parse(t, &d)) {
		day_print(&b, d);
		assert(text_eq(buf_view(&b), t));
	}
	if (minutes_parse(t, &minutes))
		assert(minutes >= 0 && minutes <= 1440);
	if (month_parse(t, &d))
		assert(civil_of(d).mday == 1);
	buf_free(&b);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "facts/exact.h"

#include "money/exact.h"

#include <assert.h>
#include <string.h>

/* Where digits stand, and what else must stand between them. */
static const char pattern[] = "dddd-dd-ddTdd:dd:dd.dddZ";

static int32_t digits(const char *p, unsigned n)
{
	int32_t x = 0;

	for (unsigned i = 0; i < n; i++)
		x = x * 10 + (p[i] - '0');
	return x;
}

bool exact_instant(struct text t, instant *out)
{
	if (t.n != EXACT_INSTANT)
		return false;
	for (size_t i = 0; i < EXACT_INSTANT; i++)
		if (pattern[i] == 'd' ? t.p[i] < '0' || t.p[i] > '9' : t.p[i] != pattern[i])
			return false;

	int32_t year = digits(t.p, 4), month = digits(t.p + 5, 2), mday = digits(t.p + 8, 2);
	int32_t hour = digits(t.p + 11, 2), minute = digits(t.p + 14, 2);
	int32_t second = digits(t.p + 17, 2), ms = digits(t.p + 20, 3);

	if (year < 1 || month < 1 || month > 12 || mday < 1 ||
	    (mday > 28 && mday > days_in_month(year, month)) || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	*out = instant_of_day(day_of(year, month, mday)) + hour * HOUR_MS + minute * MINUTE_MS +
	       second * SECOND_MS + ms;
	return true;
}

static void put(char *p, int64_t x, unsigned n)
{
	for (unsigned i = n; i > 0; i--) {
		p[i - 1] = (char)('0' + x % 10);
		x /= 10;
	}
}

void exact_instant_print(struct buf *out, instant t)
{
	assert(t >= INSTANT_MIN && t < INSTANT_MAX);
	day date = day_of_instant(t);
	struct civil c = civil_of(date);
	int64_t ms = t - instant_of_day(date);
	char text[sizeof(pattern)];

	memcpy(text, pattern, sizeof(pattern));
	put(text, c.year, 4);
	put(text + 5, c.month, 2);
	put(text + 8, c.mday, 2);
	put(text + 11, ms / HOUR_MS, 2);
	put(text + 14, ms / MINUTE_MS % 60, 2);
	put(text + 17, ms / SECOND_MS % 60, 2);
	put(text + 20, ms % SECOND_MS, 3);
	buf_add(out, text, EXACT_INSTANT);
}

struct text exact_instant_text(struct arena *a, instant t)
{
	struct text out;
	struct buf b;

	buf_init(&b, EXACT_INSTANT + 8);
	exact_instant_print(&b, t);
	out = text_copy(a, buf_view(&b));
	buf_free(&b);
	return out;
}

bool exact_decimal(struct text t, struct decimal *out)
{
	struct err err = {.line = 0};
	bool fraction = text_find(t, '.', 0) < t.n;

	if (t.n == 0 || (fraction && t.p[t.n - 1] == '0') || text_is(t, "-0"))
		return false;
	return decimal_parse_long(t, out, &err) == RC_OK;
}

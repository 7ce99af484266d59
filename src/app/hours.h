/* SPDX-License-Identifier: Apache-2.0 */
/* Hours of a week as people write them: "mon-fri 09:00-12:00,13:00-17:00; sat 10:00-12:00" (sla.md R2). */
#ifndef APP_HOURS_H
#define APP_HOURS_H

#include "time/calendar.h"

enum { HOURS_OF_DAY_MAX = 16 };

struct week_hours {
	struct day_range ranges[7][HOURS_OF_DAY_MAX]; /* Monday first */
	size_t n[7];
};

/* RC_USAGE says which part is wrong and what would be right. Ranges of a day lie within it, and may overlap: calendar_new refuses that. */
enum rc hours_parse(struct text t, struct week_hours *out, struct err *err) MUST_USE;
/*
 * Quiet hours (R73): a range may go on beyond midnight, "22:00-07:00", and what overlaps is put together. RC_USAGE also for hours that leave
 * none of the week.
 */
enum rc hours_parse_quiet(struct text t, struct week_hours *out, struct err *err) MUST_USE;
/* The week of a calendar; h must outlive calendar_new. */
void hours_put(const struct week_hours *h, struct calendar_spec *spec);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations of the contract language: <int><unit> or <int><unit>@<calendar> (contract-language.md section 2, CL-10), and the
 * instants they lead to (CL-11, CL-12, sla.md R8 to R11).
 */
#ifndef TIME_DURATION_H
#define TIME_DURATION_H

#include "time/calendar.h"
#include "time/zone.h"

enum unit { UNIT_MIN, UNIT_H, UNIT_D, UNIT_BD, UNIT_W, UNIT_MO, UNIT_Y };

struct duration {
	int64_t n;
	enum unit unit;
	struct text calendar; /* empty: none given. Only min, h and bd may have one */
};

/* err says what would be right ("write 4h"). */
enum rc duration_parse(struct text t, struct duration *out, struct err *err) MUST_USE;
void duration_print(struct buf *out, struct duration d);
/* min and h only: exact milliseconds. */
bool duration_exact_ms(struct duration d, int64_t *ms);

/* The three kinds of anchor of CL-11. */
enum anchor { ANCHOR_MOMENT, ANCHOR_DATE, ANCHOR_EDGE };

struct duration_context {
	const struct zone *zone;              /* contract.timezone, for d w mo y */
	const struct calendar *calendar;      /* of the duration (@calendar), or NULL */
	const struct calendar *business;      /* contract.business_calendar, or NULL */
	bool roll;                            /* notices.roll: to_business_day (CL-12) */
};

/*
 * The instant n units after (sign 1) or before (sign -1) an anchor. For ANCHOR_MOMENT `at` is that instant; for ANCHOR_DATE and
 * ANCHOR_EDGE it is 00:00 local of the date or edge. Works by CL-11 for each unit; min and h on a calendar are open time (sla.md
 * R6, R7). A date stands for its end, so min and h count from its 24:00. Fails (RC_INVALID) if bd or a roll needs a calendar that
 * is not there, the calendar never opens, or the years 1 to 9999 are left.
 */
enum rc duration_add(struct duration d, int sign, enum anchor anchor, instant at, const struct duration_context *c,
		     instant *out, struct err *err) MUST_USE;

#endif

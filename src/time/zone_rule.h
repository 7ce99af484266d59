/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule at the end of a TZif file: a POSIX TZ string with the extensions of RFC 8536 and RFC 9636 (quoted names, hours from
 * -167 to 167). It says what holds after the last transition of the file, for ever. Part of zone.h; nobody else needs it.
 */
#ifndef TIME_ZONE_RULE_H
#define TIME_ZONE_RULE_H

#include "time/instant.h"

enum { ZONE_ABBREV_MAX = 16, ZONE_OFFSET_MIN_S = -89999, ZONE_OFFSET_MAX_S = 93599 };

struct zone_type {
	int32_t offset_s;
	bool dst;
	char abbrev[ZONE_ABBREV_MAX]; /* terminated */
};

/* When in a year daylight time begins or ends. */
struct rule_date {
	enum { RULE_JULIAN, RULE_ZERO_BASED, RULE_MONTH_WEEK } kind;
	int32_t n;     /* Jn: 1 to 365, 29 February never counted; n: 0 to 365, counted */
	int32_t month; /* Mm.w.d: w-th (5: last) weekday d (0 is Sunday) of the month */
	int32_t week, weekday;
	int32_t time_s; /* after local midnight; may be negative or beyond 24 h */
};

struct zone_rule {
	struct zone_type standard, daylight;
	bool has_daylight;
	struct rule_date begin, end;
};

/* The whole text must be one rule; RC_INVALID otherwise. */
enum rc zone_rule_parse(struct text t, struct zone_rule *out, struct err *err) MUST_USE;
/* What holds at t. */
const struct zone_type *zone_rule_at(const struct zone_rule *r, instant t);
/* The first change strictly after t, or INSTANT_MAX. */
instant zone_rule_next(const struct zone_rule *r, instant t);

#endif

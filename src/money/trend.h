/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trend of monthly sums: a Theil-Sen line in exact rationals, and how far the months lay above it (money.md R134). A forecast
 * is what it is used for; nothing billed depends on it.
 */
#ifndef MONEY_TREND_H
#define MONEY_TREND_H

#include "base/arena.h"
#include "money/decimal.h"

/* R134: a line needs 6 months; 3 to 5 give their median, flat; fewer say nothing. */
enum trend_kind { TREND_NONE, TREND_MEDIAN, TREND_LINE };
enum { TREND_MEDIAN_MONTHS = 3, TREND_LINE_MONTHS = 6, TREND_MONTHS_MAX = 120 };

struct trend {
	enum trend_kind kind;
	size_t n; /* months it is made of, numbered from 1 */
	struct fraction slope, intercept;
	struct fraction residual; /* 90 % nearest rank of what lay above the line, at least 0 */
};

/* From n months, the oldest first (at most TREND_MONTHS_MAX), in minor units. false: too large. */
bool trend_make(struct arena *a, const int64_t *minor, size_t n, struct trend *out) MUST_USE;
/* P50 of the month `ahead` after the last one (1 is the next), not below 0. P90 is P50 + residual. */
bool trend_p50(const struct trend *t, int64_t ahead, struct fraction *minor) MUST_USE;

#endif

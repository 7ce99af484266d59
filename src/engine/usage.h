/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the records of one meter come to (money.md R39): a quantity, and what a rate card makes of it. Decimals of one scale are summed in
 * 128 bits without ever being reduced, so that tens of millions of records take seconds. Nothing of a contract is known here.
 */
#ifndef ENGINE_USAGE_H
#define ENGINE_USAGE_H

#include "base/symbols.h"
#include "money/rating.h"
#include "terms/pricing.h"
#include "time/zone.h"

struct usage_record {
	instant at;
	int64_t units;  /* of 10^-scale of all of them */
	symbol subject; /* for `unique`; 0: none */
};

/* By rising instant. */
struct usage_records {
	const struct usage_record *v;
	size_t n;
	uint8_t scale;
};

/* A stretch of days as instants. */
struct usage_span {
	instant from, to;
	day first, end;
};
struct usage_span usage_span(const struct zone *z, struct days days);

/* Index of the first record at or after t. */
size_t usage_from(const struct usage_records *r, instant t);

/* Those within the span. */
struct usage_records usage_within(const struct usage_records *r, const struct usage_span *s);

/* Exact units of 10^-scale: 128 bits hold as many records as memory does. */
i128 usage_sum(const struct usage_records *r);
/* The first of the largest; r->n: there is none. */
size_t usage_max(const struct usage_records *r);
/* Different subjects; records without one count as one subject. */
size_t usage_unique(struct arena *a, const struct usage_records *r);
/*
 * Units x milliseconds of the zone's wall clock over a span: each reading holds until the next (R39). held: what held when it began;
 * an hour that the clock repeats counts once, so days are days.
 */
i128 usage_time(const struct usage_records *within, int64_t held, const struct usage_span *s,
		const struct zone *z);

/* The quantity of a span: held is as in usage_time. No record: 0, except that a time-weighted reading goes on. Not reduced. */
struct fraction usage_quantity(struct arena *a, const struct usage_records *r, enum aggregate how,
			       const struct usage_span *s, const struct zone *z, int64_t held);
/* rate_amount of that quantity; false as there. */
bool usage_rate(struct arena *a, const struct usage_records *r, enum aggregate how,
		const struct usage_span *s, const struct zone *z, int64_t held,
		const struct rate_card *card, struct fraction *amount) MUST_USE;

#endif

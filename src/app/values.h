/* SPDX-License-Identifier: Apache-2.0 */
/* Values of parameters: checked when the call is read, turned into what they mean when the action knows its zone. */
#ifndef APP_VALUES_H
#define APP_VALUES_H

#include "app/actions.h"
#include "time/intervals.h"
#include "time/zone.h"

/* Does the value have the form of its type? RC_USAGE with what would be right, if not. */
enum rc value_check(const struct param_row *row, struct text value, struct err *err) MUST_USE;

/* An instant: RFC 3339 with its offset, or local YYYY-MM-DD[THH:MM[:SS]] in zone (NULL: an offset is needed). */
enum rc value_instant(struct text t, const struct zone *zone, instant *out,
		      struct err *err) MUST_USE;
/* Is t a local time that zone skips (LOCAL_GAP) or has twice (LOCAL_TWICE)? With an offset, or in no zone: LOCAL_PLAIN. */
enum local_kind value_local_kind(struct text t, const struct zone *zone);
/* FROM..TO, both as value_instant; from before to. */
enum rc value_span(struct text t, const struct zone *zone, struct span *out,
		   struct err *err) MUST_USE;
/* 2016-03, 2024-Q1, 2024, 2024-01..2024-03: whole local months of zone. */
enum rc value_period(struct text t, const struct zone *zone, struct span *out,
		     struct err *err) MUST_USE;

enum format { FORMAT_TEXT, FORMAT_HTML, FORMAT_PDF, FORMAT_JSON, FORMAT_CSV };

/* The local month that an instant lies in. */
struct span value_month_of(const struct zone *z, instant t);

/* How many rows are asked for, from 1 to `most`: `limit` of a command or a query. RC_USAGE, without a key. */
enum rc value_limit(struct text word, int64_t most, int64_t *out, struct err *err) MUST_USE;

bool value_format(struct text t, enum format *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which logs grew, for pages that are kept up to date: by a worker's own connection, once a second for all of its pages. Sizes alone, no
 * entry is read; who may hear of a log is the caller's to ask.
 */
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include "app/sign_in.h"

struct watched_log {
	struct text contract; /* empty: internal */
	bool internal;	      /* the provider's own, of which no client may learn that it grew */
	int64_t log, size;
};

/* Whatever a page shows is the same while the stamp is, but for time. */
enum rc watch_stamp(struct sign_in *s, struct store_stamp *out, struct err *err) MUST_USE;

/* Of all contracts, and the provider's notes; by number. */
enum rc watch_logs(struct sign_in *s, struct arena *a, struct watched_log **out, size_t *n,
		   struct err *err) MUST_USE;

#endif

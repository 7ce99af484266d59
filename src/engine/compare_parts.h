/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the comparison share while it is made. Private to compare*.c and restate.c. */
#ifndef ENGINE_COMPARE_PARTS_H
#define ENGINE_COMPARE_PARTS_H

#include "engine/compare.h"
#include "engine/windows.h"

/* The credits of each window that are due in the period. */
struct credits_of {
	const uint32_t *v;     /* indexes into outcome.credits, by window, each window's in order */
	const uint32_t *first; /* by window: where its begin; one more at the end */
};

struct comparing {
	struct arena *arena;
	const struct outcome *of[SIDES];
	struct metric_keys keys; /* of the versions before, then of those after */
	size_t n_versions_before;
	struct credits_of credits[SIDES];
	const uint32_t *pair[SIDES]; /* by clock: the same one on the other side, or NO_INDEX */
	struct compared_window *windows;
	struct comparison *out;
};

enum side other_side(enum side s);
const struct metric *compared_metric_of(const struct comparing *c, enum side s,
					const struct window_result *w);
/* The place of a metric in comparison.metrics. */
size_t compared_key(const struct comparing *c, enum side s, uint16_t version, uint16_t metric);
const struct window_result *compared_side(const struct comparing *c,
					  const struct compared_window *w, enum side s);
bool compared_is_late(const struct clock *c);

/* compare_clocks.c: fills pair. */
void compare_clocks(struct comparing *c);
/* compare_items.c: fills items, n_items, n_all_items and rest. */
void compare_items(struct comparing *c, size_t most);

#endif

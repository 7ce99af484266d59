/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts that one more missed window would complete (sla.md section 8): of chronic failure (R66) and of patterns that give a credit
 * (R57). Says nothing about the windows that run now: only those that are over count.
 */
#ifndef ENGINE_ONE_SHORT_H
#define ENGINE_ONE_SHORT_H

#include "engine/outcome.h"

struct one_short {
	uint16_t version; /* whose rule it is: the one of the last window that counts */
	int chronic;      /* index into promise.chronic, -1: it is a pattern */
	int rule;         /* index into promise.credits.rules, -1: it is a chronic failure */
	uint32_t window;  /* the last missed one of them, index into outcome.windows */
};

/*
 * Rules in the order of the file, chronic ones first, of the version that the last window of their metric that is over is judged by. A rule
 * that a single miss completes is always one short and not in it. In the arena; returns how many.
 */
size_t one_short_list(struct arena *a, const struct outcome *o, struct one_short **out);

#endif

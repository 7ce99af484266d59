/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting many things by instant in linear time. Private to the engine. */
#ifndef ENGINE_VIEW_ORDER_H
#define ENGINE_VIEW_ORDER_H

#include "time/intervals.h"

struct timed {
	instant at;
	uint32_t i;
};

/* Ascending by instant; those of one instant keep their order. The memory of one more copy is taken from the arena. */
void timed_sort(struct arena *a, struct timed *v, size_t n);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What of an outcome can be explained, by name. Private to explain. */
#ifndef RENDER_EXPLAIN_ITEMS_H
#define RENDER_EXPLAIN_ITEMS_H

#include "render/explain.h"
#include "render/reason.h"

enum item_kind {
	ITEM_REASON, /* index: of the plan */
	ITEM_METRIC, /* index: a window; all shown windows of its metric */
	ITEM_WINDOW, /* index: a window */
	ITEM_TICKET, /* index: a clock; all clocks of its subject */
	ITEM_OUTAGE, /* index: a window, place: of its outage */
	ITEM_EXCUSE, /* index: a window, place: of its excuse */
	ITEM_CREDIT,
	ITEM_BASE,
	ITEM_CAP, /* index: a settlement, place: of its cap; all with that id */
	ITEM_RIGHT,
	ITEM_DEADLINE,
};

struct item_of {
	enum item_kind kind;
	struct text id;
	uint32_t index, place;
};

struct items {
	struct item_of *v;
	size_t n, cap;
};

struct items items_make(struct report *r);
/* One line about it. */
struct phrase item_words(struct report *r, const struct item_of *x);
/* RC_MISSING with the nearest as hint. */
enum rc items_find(struct report *r, const struct items *items, struct text what,
		   const struct item_of **out, struct err *err) MUST_USE;

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for two outcomes side by side: what back-test and restatement share. Private to them. Nothing is computed here: every figure
 * is the comparison's.
 */
#ifndef RENDER_VERSUS_H
#define RENDER_VERSUS_H

#include "engine/compare.h"
#include "render/json_parts.h"
#include "render/reason.h"

/* A document about comparisons, and the words of their reports, in that language; NULL: English. */
struct doc *versus_doc(struct arena *a, const struct language *language,
		       struct statement_options *words);

/* A comparison in a document, with a report for the words of each side. */
struct versus {
	struct doc *d;
	const struct comparison *c;
	struct report side[SIDES];
};

/* Times from here on show in the zone of the contract after. */
struct versus versus_new(struct doc *d, const struct comparison *c,
			 const struct statement_options *options);
/* The version in force at the end of the period, after. */
const struct promise *versus_promise(const struct versus *v);

/* "March 2015 to February 2016" or "March 2015"; the same as "from ... to ..." or "in ...". */
struct phrase versus_period(const struct versus *v);
struct phrase versus_when(const struct versus *v);
/* "+360.00", "-12.00", "0.00" */
struct phrase versus_difference(const struct versus *v, struct money m);
struct phrase versus_amount(const struct versus *v, struct money m);
struct money versus_size(struct money m);
/* "99.4384 %, missed"; empty if the side does not have the window. */
struct phrase versus_result(const struct versus *v, const struct compared_window *w, enum side s);
/* The promise of a metric or of a window, and which window. */
struct phrase versus_metric(const struct versus *v, size_t metric);
struct phrase versus_window(const struct versus *v, const struct compared_window *w);

/* The items, each with its parts; the rest and the difference below. before and after: what the sides are called. */
void versus_items(const struct versus *v, enum wording before, enum wording after);

/* The outermost object, open, with the version of its form under the document's own key. */
void versus_json_open(struct json *j, struct buf *out, bool pretty, const char *key);
/* A tally, a window, an item as JSON; described in versus_json.c. */
void versus_json_tallies(struct json *j, const struct tally tally[SIDES]);
void versus_json_windows(struct json *j, const struct versus *v);
void versus_json_items(struct json *j, const struct versus *v);
void versus_json_difference(struct json *j, const struct comparison *c);

#endif

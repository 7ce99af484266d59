/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of planning share. Private. */
#ifndef RENDER_PLANNING_PARTS_H
#define RENDER_PLANNING_PARTS_H

#include "render/planning.h"

/* An amount without its currency. */
/* Above a table of figures: the currency that they are in. */
struct phrase plan_amounts(struct doc *d, struct currency c);
struct phrase plan_figure(struct doc *d, struct currency c, int64_t minor);
struct phrase plan_money(struct doc *d, struct currency c, int64_t minor);
/* "March 2026"; a month that begins on another day than the first is told by that day. */
struct phrase plan_month(struct doc *d, const struct planning_words *w, struct days month);
struct phrase plan_strong(struct doc *d, struct phrase words);
/* The name, with its id where they differ. */
struct phrase plan_charge(struct doc *d, struct text id, struct text name);
/* Bars of amounts, the largest full; label: read aloud, "{1}" is each month with its amount. */
void plan_chart(struct doc *d, const struct planning_words *w, struct currency c,
		const struct days *months, const int64_t *v, const int64_t *high, size_t n);
void plan_head(struct doc *d, const struct planning_words *w, day on);

void json_minor(struct json *j, const char *key, int64_t minor, struct currency c);
void json_day(struct json *j, const char *key, day d);
void json_fraction(struct json *j, const char *key, struct fraction f);
void json_percent(struct json *j, const char *key, struct decimal d);

#endif

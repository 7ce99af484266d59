/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the parts of a case for calc.c: each function names the key and what would be right. */
#ifndef APP_CALC_READ_H
#define APP_CALC_READ_H

#include "time/calendar.h"

#include <jansson.h>

struct calc_reader {
	struct arena *a;
	const struct zone_source *zones;
	const json_t *item;
	struct err *err;
};

enum rc calc_text(const struct calc_reader *r, const char *key, struct text *out) MUST_USE;
/* An integer from min to max. */
enum rc calc_int(const struct calc_reader *r, const char *key, int64_t min, int64_t max,
		 int64_t *out) MUST_USE;
/* An instant of whole seconds. */
enum rc calc_instant(const struct calc_reader *r, const char *key, instant *out) MUST_USE;
/* A list of [from, to) pairs of instants, united. */
enum rc calc_pauses(const struct calc_reader *r, const char *key, struct spans *out) MUST_USE;
enum rc calc_calendar(const struct calc_reader *r, const char *key,
		      const struct calendar **out) MUST_USE;
/* Is every key of the object one of the n words? The error names the nearest. */
enum rc calc_known_keys(const struct calc_reader *r, const json_t *object, const char *where,
			const struct text *words, size_t n) MUST_USE;
enum rc calc_wrong(const struct calc_reader *r, const char *key, const char *right) MUST_USE;
struct text calc_view(const json_t *string);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The starter contracts of contracts/starters, compiled in so that the installed program has them. */
#ifndef APP_STARTERS_H
#define APP_STARTERS_H

#include "base/err.h"

struct starter {
	const char *name, *title;
	const char *bytes;
	size_t size;
};

size_t starter_count(void);
const struct starter *starter_at(size_t i);           /* in order of name */
const struct starter *starter_find(struct text name); /* NULL: there is none */
/* The same for a name that somebody gave; empty: the one to begin with. RC_MISSING names the nearest. */
enum rc starter_named(struct arena *a, struct text name, const struct starter **out,
		      struct err *err) MUST_USE;

#endif

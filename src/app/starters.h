/* SPDX-License-Identifier: Apache-2.0 */
/* The starter contracts of contracts/starters, compiled in so that the installed program has them. */
#ifndef APP_STARTERS_H
#define APP_STARTERS_H

#include "base/text.h"

struct starter {
	const char *name, *title;
	const char *bytes;
	size_t size;
};

size_t starter_count(void);
const struct starter *starter_at(size_t i);           /* in order of name */
const struct starter *starter_find(struct text name); /* NULL: there is none */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar on standard error, for a person who watches a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/text.h"

struct progress {
	uint64_t next_ms; /* when it may be drawn again */
	bool drawn;
};

/* The callback of struct app. Nothing is drawn in the first half second, then ten times a second. */
void progress_draw(void *context, struct text name, uint64_t bytes, uint64_t total, bool done);

#endif

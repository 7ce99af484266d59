/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program takes from the machine and a test must be able to set: the clock, random bytes, the folder for a person's own
 * settings. Everything else is an argument.
 */
#ifndef APP_WORLD_H
#define APP_WORLD_H

#include "store/keys.h"
#include "time/instant.h"

struct world {
	void *context;
	instant (*now)(void *context);
	struct entropy random;
	struct text
		settings; /* folder for keys and trust, "~/.config/tenor"; empty: none is known */
	size_t threads; /* that may work at once on one verb; 0 counts as 1 */
};

/*
 * The machine's own: its clock, its random bytes (the program stops without), $HOME/.config/tenor, as many threads as it has processors, or
 * as $TENOR_THREADS says.
 */
void world_system(struct arena *a, struct world *out);
/* What $TENOR_THREADS says; 0: nothing. */
size_t world_threads_asked(void);

#endif

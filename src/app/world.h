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
};

/* The machine's own: its clock, its random bytes (the program stops without), $HOME/.config/tenor. */
void world_system(struct arena *a, struct world *out);

#endif

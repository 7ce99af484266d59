/* SPDX-License-Identifier: Apache-2.0 */
#include "app/world.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>

static instant clock_now(void *context)
{
	struct timespec t = {0, 0};

	(void)context;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (instant)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void random_fill(void *context, unsigned char *out, size_t n)
{
	(void)context;
	randombytes_buf(out, n);
}

void world_system(struct arena *a, struct world *out)
{
	const char *home = getenv("HOME");

	*out = (struct world){.now = clock_now, .random = {NULL, random_fill}};
	if (home != NULL && home[0] == '/')
		out->settings = text_format(a, "%s/.config/tenor", home);
}

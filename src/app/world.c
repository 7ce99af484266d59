/* SPDX-License-Identifier: Apache-2.0 */
#include "app/world.h"

#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

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

size_t world_threads_asked(void)
{
	const char *said = getenv("TENOR_THREADS");
	int64_t n = 0;

	return said != NULL && text_int(text_of(said), &n) && n > 0 ? (size_t)n : 0;
}

void world_system(struct arena *a, struct world *out)
{
	const char *home = getenv("HOME");

	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t asked = world_threads_asked();

	*out = (struct world){.now = clock_now, .random = {NULL, random_fill}};
	out->threads = asked > 0 ? asked : processors > 0 ? (size_t)processors : 1;
	if (home != NULL && home[0] == '/')
		out->settings = text_format(a, "%s/.config/tenor", home);
}

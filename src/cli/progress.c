/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { BAR = 30, FIRST_MS = 500, EVERY_MS = 100 };

static uint64_t now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void progress_draw(void *context, struct text name, uint64_t bytes, uint64_t total, bool done)
{
	struct progress *p = context;
	uint64_t now = now_ms();

	if (done) {
		if (p->drawn)
			(void)fprintf(stderr, "\r\033[K");
		*p = (struct progress){.next_ms = 0};
		return;
	}
	if (p->next_ms == 0)
		p->next_ms = now + FIRST_MS;
	if (now < p->next_ms)
		return;
	p->next_ms = now + EVERY_MS;
	p->drawn = true;
	(void)fprintf(stderr, "\r\033[K%.*s ", (int)(name.n > 40 ? 40 : name.n), name.p);
	if (total == 0 || bytes > total) {
		(void)fprintf(stderr, "%" PRIu64 " MB", bytes / 1000000);
		return;
	}
	int full = (int)(bytes * BAR / total);

	(void)fputc('[', stderr);
	for (int i = 0; i < BAR; i++)
		(void)fputc(i < full ? '#' : '.', stderr);
	(void)fprintf(stderr, "] %3d %%", (int)(bytes * 100 / total));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "http/clock.h"

#include <time.h>

static struct timespec now_of(clockid_t clock)
{
	struct timespec t = {0, 0};

	(void)clock_gettime(clock, &t);
	return t;
}

instant wall_now(void)
{
	struct timespec t = now_of(CLOCK_REALTIME);

	return (instant)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t steady_ms(void)
{
	return steady_us() / 1000;
}

int64_t steady_us(void)
{
	struct timespec t = now_of(CLOCK_MONOTONIC);

	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

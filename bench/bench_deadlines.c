/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 20,000 deadlines and 20,000 elapsed times on one calendar: Europe/Berlin, Monday to Friday 09:00-17:00, 18 holidays, goals of 15
 * minutes to 80 hours. The calendar is made and expanded anew in every run; only reading the zone is not counted.
 *
 *   bench_deadlines [SEED]               key value lines; the median of several runs
 *   bench_deadlines --list COUNT [SEED]  cases for a peer: start, goal, deadline, deadline at the next opening, all in seconds
 */
#include "app/zones.h"
#include "time/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CASES = 20000, RUNS = 15, HOLIDAYS = 18, WARM_ROUNDS = 25 };

struct item {
	instant start, due, next;
	int64_t goal_ms;
};

static uint64_t state;

/* Park and Miller's generator: small, the same everywhere. */
static int64_t random_below(int64_t n)
{
	state = state * 48271 % 2147483647;
	return (int64_t)(state % (uint64_t)n);
}

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static const struct calendar *make_calendar(struct arena *a, const struct zone *berlin)
{
	static const struct day_range hours[] = {{540, 1020}};
	/* Berlin's public holidays of 2026 and 2027 that a desk closes on. */
	static const int32_t dates[HOLIDAYS][3] = {
		{2026, 1, 1},   {2026, 4, 3},  {2026, 4, 6},   {2026, 5, 1},   {2026, 5, 14},
		{2026, 5, 25},  {2026, 10, 3}, {2026, 12, 24}, {2026, 12, 25}, {2026, 12, 26},
		{2026, 12, 31}, {2027, 1, 1},  {2027, 3, 8},   {2027, 3, 26},  {2027, 3, 29},
		{2027, 5, 6},   {2027, 5, 17}, {2027, 12, 24},
	};
	struct calendar_spec spec = {.id = {"desk", 4}, .zone = berlin, .n_dates = HOLIDAYS};
	const struct calendar *c = NULL;
	struct err err = {0};
	day closed[HOLIDAYS];

	for (size_t i = 0; i < HOLIDAYS; i++)
		closed[i] = day_of(dates[i][0], dates[i][1], dates[i][2]);
	spec.dates = closed;
	for (size_t i = 0; i < 5; i++) {
		spec.week[i].v = hours;
		spec.week[i].n = 1;
	}
	if (calendar_new(a, &spec, &c, &err) != RC_OK) {
		fprintf(stderr, "bench_deadlines: %s\n", err.message);
		exit(1);
	}
	return c;
}

static void make_cases(struct item *v)
{
	instant year = instant_of_day(day_of(2026, 1, 1));

	for (size_t i = 0; i < CASES; i++) {
		v[i].start = year + random_below(365 * 86400) * SECOND_MS;
		v[i].goal_ms = 15 * MINUTE_MS + random_below(80 * 3600 - 15 * 60 + 1) * SECOND_MS;
	}
}

static void all_deadlines(const struct calendar *c, struct item *v)
{
	for (size_t i = 0; i < CASES; i++)
		if (!calendar_deadline(c, v[i].start, v[i].goal_ms, AT_CLOSING_CLOSE, &v[i].due))
			exit(1);
}

/* The sum of what is elapsed until each deadline, less each goal: 0 if all are right. */
static int64_t all_elapsed(const struct calendar *c, const struct item *v)
{
	int64_t sum = 0;

	for (size_t i = 0; i < CASES; i++) {
		int64_t ms = calendar_elapsed_ms(c, v[i].start, v[i].due) - v[i].goal_ms;

		sum += ms < 0 ? -ms : ms;
	}
	return sum;
}

static int by_size(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static int run(const struct zone *berlin, struct item *v, uint64_t seed)
{
	double ms[RUNS], start;

	for (size_t i = 0; i < RUNS; i++) {
		struct arena *a = arena_new(64 << 20);

		start = now_ms();

		const struct calendar *c = make_calendar(a, berlin);

		all_deadlines(c, v);

		int64_t off_ms = all_elapsed(c, v);

		ms[i] = now_ms() - start;
		arena_free(a);
		if (off_ms != 0) {
			fprintf(stderr,
				"bench_deadlines: elapsed times differ from goals by %" PRId64
				" ms\n",
				off_ms);
			return 1;
		}
	}
	qsort(ms, RUNS, sizeof(*ms), by_size);

	struct arena *a = arena_new(64 << 20);
	const struct calendar *c = make_calendar(a, berlin);
	double deadlines, elapsed;

	all_deadlines(c, v);
	start = now_ms();
	for (int i = 0; i < WARM_ROUNDS; i++)
		all_deadlines(c, v);
	deadlines = now_ms() - start;
	start = now_ms();
	for (int i = 0; i < WARM_ROUNDS; i++)
		if (all_elapsed(c, v) != 0)
			return 1;
	elapsed = now_ms() - start;
	arena_free(a);

	printf("seed %" PRIu64 "\n", seed);
	printf("cases %d\n", CASES);
	printf("deadlines_ms %.3f\n", ms[RUNS / 2]);
	printf("deadlines_worst_ms %.3f\n", ms[RUNS - 1]);
	printf("case_ns %.1f\n", ms[RUNS / 2] * 1e6 / CASES);
	printf("deadline_warm_ns %.1f\n", deadlines * 1e6 / ((double)CASES * WARM_ROUNDS));
	printf("elapsed_warm_ns %.1f\n", elapsed * 1e6 / ((double)CASES * WARM_ROUNDS));
	return 0;
}

static int list(const struct zone *berlin, struct item *v, uint64_t seed, size_t count)
{
	struct arena *a = arena_new(64 << 20);
	const struct calendar *c = make_calendar(a, berlin);

	printf("# seed %" PRIu64 "\n", seed);
	all_deadlines(c, v);
	for (size_t i = 0; i < count; i++) {
		if (!calendar_deadline(c, v[i].start, v[i].goal_ms, AT_CLOSING_NEXT_OPEN,
				       &v[i].next))
			return 1;
		printf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", v[i].start / SECOND_MS,
		       v[i].goal_ms / SECOND_MS, v[i].due / SECOND_MS, v[i].next / SECOND_MS);
	}
	arena_free(a);
	return 0;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(64 << 20);
	struct zone_source zones = zones_system(a);
	const struct zone *berlin = NULL;
	struct err err = {0};
	bool listing = argc >= 3 && strcmp(argv[1], "--list") == 0;
	int64_t count = 0, seed = 20260311;
	int seed_at = listing ? 3 : 1, status;

	if ((listing && !text_digits(text_of(argv[2]), &count)) || count > CASES ||
	    (argc > seed_at && !text_digits(text_of(argv[seed_at]), &seed))) {
		fprintf(stderr, "usage: bench_deadlines [--list COUNT] [SEED]\n");
		return 64;
	}
	if (zones.find(zones.context, text_of("Europe/Berlin"), &berlin, &err) != RC_OK) {
		fprintf(stderr, "bench_deadlines: %s\n", err.message);
		return 66;
	}

	struct item *v = arena_array(a, struct item, CASES);

	state = (uint64_t)seed % 2147483646 + 1;
	make_cases(v);
	status = listing ? list(berlin, v, (uint64_t)seed, (size_t)count)
			 : run(berlin, v, (uint64_t)seed);
	arena_free(a);
	return status;
}

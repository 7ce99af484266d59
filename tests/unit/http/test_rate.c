/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets (trust.md S16): burst and rate at n and n + 1, one memory for several processes, 65,536 of them. */
#include "base/arena.h"
#include "http/rate.h"
#include "tap.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1775829600000)

static void *memory_new(void)
{
	FILE *f = tmpfile();
	void *p = MAP_FAILED;

	if (f != NULL && ftruncate(fileno(f), (off_t)rate_bytes()) == 0)
		p = mmap(NULL, rate_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(f), 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	rate_start(p);
	return p;
}

static int64_t burst(void *memory, enum rate rate, const char *who, instant now)
{
	int64_t n = 0, retry;

	while (n < 100000 && rate_take(memory, rate, text_of(who), now, &retry))
		n++;
	return n;
}

static void bursts_and_rates(void *memory)
{
	static const struct {
		enum rate rate;
		int64_t burst, a_minute; /* 0: fewer than one */
		int64_t retry;
	} rows[] = {{RATE_SIGN_IN_ACCOUNT, 10, 1, 60}, {RATE_SIGN_IN_ADDRESS, 50, 50, 2},
		    {RATE_SIGN_IN_KNOWN, 10, 1, 60},   {RATE_RESET_ACCOUNT, 3, 0, 1200},
		    {RATE_RESET_ADDRESS, 20, 0, 180},  {RATE_OPEN_PAGE, 60, 120, 1},
		    {RATE_TOKEN, 100, 600, 1},         {RATE_PROVIDER, 1000, 6000, 1},
		    {RATE_HOOK, 200, 1200, 1},         {RATE_EXPORT, 60, 120, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t retry = 0;

		is_i64(burst(memory, rows[i].rate, "a", NOW), rows[i].burst, "row %zu: the burst",
		       i);
		ok(!rate_take(memory, rows[i].rate, text_of("a"), NOW, &retry), "and no more");
		is_i64(retry, rows[i].retry, "until then");
		is_i64(burst(memory, rows[i].rate, "b", NOW), rows[i].burst,
		       "somebody else has their own");
		ok(!rate_take(memory, rows[i].rate, text_of("a"),
			      NOW + retry * SECOND_MS - SECOND_MS, &retry),
		   "a second before it is too early");
		is_i64(burst(memory, rows[i].rate, "a", NOW + MINUTE_MS),
		       rows[i].a_minute < rows[i].burst ? rows[i].a_minute : rows[i].burst,
		       "what a minute gives back");
		is_i64(burst(memory, rows[i].rate, "a", NOW + DAY_MS), rows[i].burst,
		       "a day gives back the burst and no more");
	}
}

/* The oldest gives way, and the one that is full just now stays. */
static void many(void *memory)
{
	char name[32];
	int64_t retry, refused = 0;

	is_i64(burst(memory, RATE_SIGN_IN_ACCOUNT, "victim", NOW + DAY_MS), 10,
	       "an account that is tried");
	for (int i = 0; i < 60000; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		refused +=
			rate_take(memory, RATE_SIGN_IN_ACCOUNT, text_of(name), NOW + DAY_MS, &retry)
				? 0
				: 1;
	}
	is_i64(refused, 0, "60,000 others each have theirs");
	ok(!rate_take(memory, RATE_SIGN_IN_ACCOUNT, text_of("victim"), NOW + DAY_MS, &retry),
	   "they do not free the one that is full");
}

static void together(void *memory)
{
	int64_t all = 0;
	int pipes[2];

	if (pipe(pipes) != 0)
		exit(1);
	fflush(stdout);
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			int64_t got = burst(memory, RATE_PROVIDER, "everybody", NOW);

			_exit(write(pipes[1], &got, sizeof(got)) == (ssize_t)sizeof(got) ? 0 : 1);
		}
	}
	for (int i = 0; i < 8; i++) {
		int64_t got = 0;

		if (read(pipes[0], &got, sizeof(got)) == (ssize_t)sizeof(got))
			all += got;
		(void)wait(NULL);
	}
	is_i64(all, 1000, "eight processes have one burst together");
}

static void addresses(void)
{
	static const struct {
		const char *one, *other;
		bool same;
	} rows[] = {{"192.0.2.1", "192.0.2.1", true},
		    {"192.0.2.1", "192.0.2.2", false},
		    {"::ffff:192.0.2.1", "192.0.2.1", true},
		    {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		    {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		    {"no address", "no address", true},
		    {"", "192.0.2.1", false}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char a[16], b[16];

		ok(text_eq(rate_address(text_of(rows[i].one), a),
			   rate_address(text_of(rows[i].other), b)) == rows[i].same,
		   "%s and %s", rows[i].one, rows[i].other);
	}
}

int main(void)
{
	void *memory = memory_new();

	addresses();
	bursts_and_rates(memory);
	many(memory);
	together(memory);
	return tap_done();
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Counters shared by processes (trust.md O4): sums hold, labels are words only, rows that a killed worker left half made stop nobody. */
#include "http/metrics.h"

#include "tap.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 4, TIMES = 20000, MAP_OF_NOBODY = 0x20 };

static struct metrics *shared(void)
{
	void *p = mmap(NULL, metrics_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_OF_NOBODY,
		       -1, 0);

	if (p == MAP_FAILED)
		exit(1);
	return (struct metrics *)p;
}

static bool has_line(const struct buf *b, const char *line)
{
	return text_has(buf_view(b), text_of(line));
}

static void sums(void)
{
	static const char *const actions[] = {"a", "b", "c", "d", "e"};
	struct metrics *m = shared();
	struct buf out;

	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			for (int k = 0; k < TIMES; k++)
				metrics_request(m, actions[k % 5], 200 + k % 2,
						700 + (uint64_t)k % 2 * 1000);
			_exit(0);
		}
	for (int i = 0; i < PROCESSES; i++)
		(void)wait(NULL);
	buf_init(&out, 1 << 20);
	metrics_print(m, &out);
	ok(has_line(&out, "tenor_requests_total{action=\"a\",status=\"200\"} 8000\n") &&
		   has_line(&out, "tenor_requests_total{action=\"e\",status=\"201\"} 8000\n"),
	   "each count of four processes is in the sum");
	ok(has_line(&out, "tenor_request_seconds_bucket{action=\"b\",le=\"0.001\"} 8000\n") &&
		   has_line(&out,
			    "tenor_request_seconds_bucket{action=\"b\",le=\"0.0025\"} 16000\n") &&
		   has_line(&out,
			    "tenor_request_seconds_bucket{action=\"b\",le=\"+Inf\"} 16000\n") &&
		   has_line(&out, "tenor_request_seconds_sum{action=\"b\"} 19.200000\n"),
	   "times are counted up bucket by bucket");
	buf_free(&out);
	(void)munmap(m, metrics_bytes());
}

static void words(void)
{
	struct metrics *m = shared();
	struct buf out;

	metrics_refused(m, "Ana \"Ruiz\"\n");
	metrics_refused(m, NULL);
	metrics_facts(m, "outage", 3);
	metrics_facts(m, "outage", 4);
	metrics_worker_death(m, "abort");
	metrics_arena_peak(m, 5);
	metrics_arena_peak(m, 9);
	metrics_arena_peak(m, 7);
	metrics_landlock(m, 6);
	buf_init(&out, 1 << 20);
	metrics_print(m, &out);
	ok(has_line(&out, "tenor_refused_total{reason=\"other\"} 1\n") &&
		   has_line(&out, "{reason=\"none\"} 1\n") && !has_line(&out, "Ana"),
	   "what is no word is no label");
	ok(has_line(&out, "tenor_facts_total{kind=\"outage\"} 7\n") &&
		   has_line(&out, "tenor_worker_deaths_total{reason=\"abort\"} 1\n") &&
		   has_line(&out, "tenor_arena_peak_bytes 9\n") &&
		   has_line(&out, "tenor_landlock_abi 6\n"),
	   "facts, deaths, the peak, Landlock");
	buf_free(&out);
	(void)munmap(m, metrics_bytes());
}

/* Every row as a worker leaves it that was killed while it made one (the state is a row's first member, 1): counting goes on. */
static void half_made(void)
{
	struct metrics *m = shared();
	struct buf out;
	int making = 1;

	memcpy(m, &making, sizeof(making));
	for (int i = 0; i < 3000; i++) {
		char label[20];

		(void)snprintf(label, sizeof(label), "r%d", i);
		metrics_refused(m, label);
	}
	buf_init(&out, 1 << 20);
	metrics_print(m, &out);
	ok(has_line(&out, "tenor_refused_total{reason=\"r0\"} 1\n") && !out.full,
	   "a row half made, and a table that is full, stop nobody");
	buf_free(&out);
	(void)munmap(m, metrics_bytes());
}

int main(void)
{
	sums();
	words();
	half_made();
	return tap_done();
}

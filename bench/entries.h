/* SPDX-License-Identifier: Apache-2.0 */
/* What the benches of the record share: the entries of a workspace's first engagement in memory, and clocks. */
#ifndef BENCH_ENTRIES_H
#define BENCH_ENTRIES_H

#include "store/record.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* thread_ms: processor time of the calling thread alone, which other work on the machine hardly moves. */
struct moment {
	double wall_ms, cpu_ms, thread_ms;
};

static inline struct moment moment_now(void)
{
	struct timespec t, own;
	struct rusage u;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
	(void)getrusage(RUSAGE_SELF, &u);
	return (struct moment){(double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6,
			       (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
				       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3,
			       (double)own.tv_sec * 1e3 + (double)own.tv_nsec / 1e6};
}

/* "NAME_ms 12.3", "NAME_cpu_ms 11.9" and "NAME_thread_ms 11.2" */
static inline void span_print(const char *name, struct moment from, struct moment to)
{
	printf("%s_ms %.1f\n%s_cpu_ms %.1f\n%s_thread_ms %.1f\n", name, to.wall_ms - from.wall_ms,
	       name, to.cpu_ms - from.cpu_ms, name, to.thread_ms - from.thread_ms);
}

static inline void memory_print(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	printf("memory_kib %ld\n", u.ru_maxrss);
}

_Noreturn static inline void stop_with(const char *what, const struct err *err)
{
	fprintf(stderr, "bench: %s: %s\n", what, err->message);
	exit(1);
}

struct entries {
	struct arena *arena;
	struct stored_entry *v;
	size_t n;
	uint64_t bytes;
};

static inline enum rc entries_keep(void *context, const struct stored_entry *e, struct err *err)
{
	struct entries *all = context;

	(void)err;
	all->v[all->n] = *e;
	all->v[all->n].bytes = text_copy(all->arena, e->bytes);
	all->bytes += e->bytes.n;
	all->n++;
	return RC_OK;
}

static inline struct entries entries_read(struct arena *a, const char *workspace)
{
	struct entries all = {.arena = a};
	struct store *s;
	struct log_head *logs;
	struct err err = {.line = 0};
	size_t n, i = 0;

	if (store_open(a, text_of(workspace), STORE_WORKSPACE, STORE_READ, &s, &err) != RC_OK ||
	    record_logs(s, a, &logs, &n, &err) != RC_OK)
		stop_with(workspace, &err);
	while (i < n && logs[i].kind != LOG_ENGAGEMENT)
		i++;
	if (i == n) {
		fprintf(stderr, "bench: %s has no engagement\n", workspace);
		exit(1);
	}
	all.v = arena_array(a, struct stored_entry, (size_t)logs[i].edge.size);
	if (record_each(s, logs[i].id, 0, logs[i].edge.size, entries_keep, &all, &err) != RC_OK)
		stop_with(workspace, &err);
	store_close(s);
	return all;
}

#endif

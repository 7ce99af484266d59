/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The beginning and end of bytes (bytes.h says what it is); run in the folder of the sources:
 *	bytes FROM COUNT         a line "SEED HASH" for each of the seeds FROM, FROM + 1, ...
 *	bytes FROM COUNT show    with a line for each thing that went into the hash
 *	bytes FROM COUNT spoil SEED
 *	                         an address goes into the hash of that one, so that a comparison can be seen to find it
 * The locale is that of the environment, which the program itself never takes over: whatever would ask it answers by it here.
 */
#include "bytes.h"

#include "../sim/scratch.h"

#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRESH = 200 };

static const struct history
	*running; /* for a failed assertion, which has no other way to name the seed */

static const char *const counted[COUNT_KINDS] = {
	[COUNT_ANSWERS] = "answers",
	[COUNT_REFUSED] = "refused",
	[COUNT_FACTS] = "facts",
	[COUNT_AGAIN] = "again",
	[COUNT_CORRECTIONS] = "corrections",
	[COUNT_DISPUTES] = "disputes",
	[COUNT_VERSIONS] = "versions",
	[COUNT_ISSUED] = "issued",
	[COUNT_RESTATED] = "restated",
	[COUNT_ERASED] = "erased",
	[COUNT_PACKED] = "packed",
	[COUNT_BUNDLES] = "bundles",
};

static void on_abort(int number)
{
	if (running != NULL)
		(void)fprintf(stderr, "history %llu, step %u: signal %d\n",
			      (unsigned long long)running->seed, running->step, number);
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

/* --- a history --- */

static void start(struct history *h, const struct history *like, uint64_t seed, struct disk *d)
{
	*h = *like;
	h->seed = h->random = seed;
	h->counter = 0;
	h->step = 0;
	h->now = FIRST_NOW;
	h->arena = arena_new((size_t)1 << 30);
	h->disk = d;
	memset(h->chain, 0, sizeof(h->chain));
	world_of(h);
	sim_disk_use(d);
	sqlite3_randomness(0, NULL); /* begins anew, by the disk's own bytes */
	running = h;
}

static void stop(const struct history *h)
{
	arena_free(h->arena);
	running = NULL;
}

static void make_beginnings(const struct history *like, struct beginning b[BEGINNINGS])
{
	for (int i = 0; i < BEGINNINGS; i++) {
		struct history h;

		b[i].disk = disk_new();
		start(&h, like, (uint64_t)i, b[i].disk);
		begin_new(&h, i);
		memcpy(b[i].log, h.log, sizeof(h.log));
		b[i].n_logs = h.n_logs;
		stop(&h);
	}
}

static void empty(struct disk *d)
{
	d->files = 0;
	d->names = 0;
	memset(d->name, 0, sizeof(d->name));
}

static void run(const struct history *like, const struct beginning b[BEGINNINGS], struct disk *d,
		uint64_t seed, bool spoil)
{
	struct history h;
	char hex[SHA256_HEX + 1];

	empty(d);
	start(&h, like, seed, d);
	int which = (int)pick(&h, BEGINNINGS);

	if (one_in(&h, FRESH)) {
		begin_new(&h, which);
	} else {
		disk_copy(d, b[which].disk);
		memcpy(h.log, b[which].log, sizeof(h.log));
		h.n_logs = b[which].n_logs;
		h.now = FIRST_NOW + DAY_MS;
	}
	happen(&h);
	if (spoil) {
		const void *address = &h;

		mix(&h, "address", (struct text){(const char *)&address, sizeof(address)});
	}
	for (size_t i = 0; i < SHA256_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", h.chain[i]);
	printf("%llu %s\n", (unsigned long long)seed, hex);
	(void)fflush(stdout);
	stop(&h);
}

static uint64_t number(const char *text)
{
	int64_t n = -1;

	if (!text_digits(text_of(text), &n)) {
		(void)fprintf(stderr, "'%s' is not a number\n", text);
		exit(64);
	}
	return (uint64_t)n;
}

/* A library takes LOCPATH apart as it is loaded and never gives that back; all else is looked for. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:argz_add_sep";
}

int main(int argc, char **argv)
{
	static struct history like;
	static struct beginning beginnings[BEGINNINGS];
	static struct paper papers[PAPERS];
	static uint64_t count[COUNT_KINDS];
	bool show = argc == 4 && strcmp(argv[3], "show") == 0,
	     spoils = argc == 5 && strcmp(argv[3], "spoil") == 0;

	if (argc < 3 || (argc > 3 && !show && !spoils)) {
		(void)fprintf(stderr, "usage: bytes FROM COUNT [show | spoil SEED]\n");
		return 64;
	}
	uint64_t from = number(argv[1]), n = number(argv[2]), spoilt = spoils ? number(argv[4]) : 0;
	const char *locale = setlocale(LC_ALL, "");
	struct disk *d = disk_new();

	(void)signal(SIGABRT, on_abort);
	(void)signal(SIGSEGV, on_abort);
	sim_disk_register();
	if (sodium_init() < 0)
		return 1;
	printf("# locale %s\n", locale != NULL ? locale : "none");
	like.arena = arena_new((size_t)1 << 30);
	like.zone_arena = arena_new((size_t)1 << 30);
	like.zones = zones_system(like.zone_arena);
	like.papers = papers;
	like.count = count;
	papers_read(like.arena, papers);
	scratch_enter("bytes");
	(void)atexit(scratch_leave);
	make_beginnings(&like, beginnings);
	memset(count, 0, sizeof(count));
	like.show = show;
	for (uint64_t i = 0; i < n; i++)
		run(&like, beginnings, d, from + i, spoils && from + i == spoilt);
	for (int i = 0; i < COUNT_KINDS; i++)
		printf("# %s %llu\n", counted[i], (unsigned long long)count[i]);
	for (int i = 0; i < BEGINNINGS; i++)
		disk_free(beginnings[i].disk);
	disk_free(d);
	arena_free(like.zone_arena);
	arena_free(like.arena);
	return 0;
}

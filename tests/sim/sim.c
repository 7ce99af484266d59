/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator's beginning and end (sim.h says what it is):
 *	sim                              200 seeds, and one of them twice
 *	sim --seed N [--until STEP]      that one, every event printed, and the hash of them all
 * TENOR_SEED is the first seed, TENOR_SEEDS how many, TENOR_STEPS how many steps each.
 */
#include "scratch.h"
#include "sim.h"
#include "tap.h"

#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STEPS = 80, SEEDS = 200 };

static struct sim *running; /* for a failed assertion, which has no other way to name the seed */

/* --- chance and events --- */

uint64_t pick(struct sim *s, uint64_t n)
{
	return random_below(&s->random, n);
}

bool one_in(struct sim *s, uint64_t n)
{
	return pick(s, n) == 0;
}

void event(struct sim *s, const char *fmt, ...)
{
	char line[300];
	struct arena *a = arena_new(1 << 16);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	(void)snprintf(s->ring[s->events++ % RING], sizeof(s->ring[0]), "%d: %.180s", s->step,
		       line);
	struct text t = text_format(a, "%.*s%d: %s", SHA256_BYTES, "", s->step, line);
	char *both = arena_alloc(a, SHA256_BYTES + t.n);

	memcpy(both, s->log_hash, SHA256_BYTES);
	memcpy(both + SHA256_BYTES, t.p, t.n);
	sha256((struct text){both, SHA256_BYTES + t.n}, s->log_hash);
	if (s->loud)
		printf("# %d: %s\n", s->step, line);
	arena_free(a);
}

static void print_ring(const struct sim *s)
{
	unsigned from = s->events > RING ? s->events - RING : 0;

	for (unsigned i = from; i < s->events; i++)
		printf("#   %s\n", s->ring[i % RING]);
	printf("# again: sim --seed %llu --until %d\n", (unsigned long long)s->seed, s->step);
	(void)fflush(stdout);
}

_Noreturn void fail(struct sim *s, const char *fmt, ...)
{
	char line[4000];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (char *p = line; *p != '\0'; p++)
		if (*p == '\n' && p[1] != '\0')
			*p = '|';
	ok(false, "seed %llu, step %d: %s", (unsigned long long)s->seed, s->step, line);
	print_ring(s);
	scratch_leave();
	exit(1);
}

static void on_abort(int number)
{
	if (running != NULL) {
		printf("not ok - seed %llu, step %d: signal %d\n",
		       (unsigned long long)running->seed, running->step, number);
		print_ring(running);
	}
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

/* --- the world of the program --- */

static instant now(void *context)
{
	const struct sim *s = context;

	return s->now + s->p[s->at].offset;
}

static void fill(void *context, unsigned char *out, size_t n)
{
	struct sim *s = context;
	unsigned char digest[SHA256_BYTES];
	char text[80];

	while (n > 0) {
		size_t part = n < sizeof(digest) ? n : sizeof(digest);
		int length = snprintf(text, sizeof(text), "%llu/%u", (unsigned long long)s->seed,
				      s->counter++);

		sha256((struct text){text, (size_t)length}, digest);
		memcpy(out, digest, part);
		out += part;
		n -= part;
	}
}

/* --- a run --- */

/* The same beginning for every seed, made once: the workspaces with their people and contracts. */
static void begin(struct sim *s, const struct sim *from, uint64_t seed)
{
	*s = *from;
	s->arena = arena_new((size_t)1 << 30);
	s->owned = NULL;
	s->seed = s->random = seed;
	s->counter = 0;
	s->world.context = s;
	s->world.random.context = s;
	memset(s->log_hash, 0, sizeof(s->log_hash));
	forget_owned(s);
	sqlite3_randomness(0, NULL); /* begins anew, by the disk's own bytes */
	for (int p = 0; p < PROVIDERS; p++) {
		struct provider *x = &s->p[p];

		x->disk = disk_new();
		x->base = disk_new();
		disk_copy(x->disk, from->p[p].disk);
		for (int log = 0; log < LOGS; log++) {
			/* lists of the first run are not written to: they grow into this arena */
			x->log[log].told_cap = x->log[log].n_told;
			x->log[log].seen_cap = x->log[log].n_seen;
			x->log[log].stored = NULL;
			x->log[log].n_stored = x->log[log].stored_cap = 0;
			x->log[log].last_recorded_at = INSTANT_NONE;
		}
	}
}

static void end(struct sim *s)
{
	for (int p = 0; p < PROVIDERS; p++) {
		if (s->p[p].backup.n > 0)
			scratch_remove(s->p[p].backup.p);
		disk_free(s->p[p].disk);
		disk_free(s->p[p].base);
	}
	arena_free(s->arena);
}

static void run_seed(const struct sim *from, uint64_t seed, int until, bool loud,
		     unsigned char hash[SHA256_BYTES])
{
	struct sim *s = running = arena_one(from->arena, struct sim);

	begin(s, from, seed);
	s->loud = loud;
	s->step_arena = arena_new((size_t)1 << 30);
	for (s->at = 0; s->at < PROVIDERS; s->at++)
		check_provider(s);
	arena_free(s->step_arena);
	for (s->step = 1; s->step <= until; s->step++) {
		s->step_arena = arena_new((size_t)1 << 30);
		step(s);
		arena_free(s->step_arena);
	}
	s->step_arena = arena_new((size_t)1 << 30);
	check_end(s);
	arena_free(s->step_arena);
	memcpy(hash, s->log_hash, SHA256_BYTES);
	end(s);
	running = NULL;
}

static int64_t number_from(const char *text, int64_t otherwise)
{
	int64_t n = otherwise;

	return text != NULL && text_digits(text_of(text), &n) ? n : otherwise;
}

/* The example contract, of which every client gets its own. */
static struct text read_contract(struct arena *a)
{
	enum { CONTRACT_MAX = 1 << 16 };
	char *p = arena_alloc(a, CONTRACT_MAX);
	FILE *f = fopen("contracts/examples/northwind.yaml", "rb");
	size_t n = f != NULL ? fread(p, 1, CONTRACT_MAX, f) : 0;

	if (f != NULL)
		(void)fclose(f);
	if (n == 0 || n == CONTRACT_MAX) {
		printf("Bail out! contracts/examples/northwind.yaml cannot be read; run this in "
		       "the folder of the sources\n");
		exit(1);
	}
	return (struct text){p, n};
}

static void many(const struct sim *first, uint64_t from, int64_t seeds, int steps)
{
	unsigned char hash[SHA256_BYTES], again[SHA256_BYTES];
	struct timespec t0, t1;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	run_seed(first, from, steps, false, hash);
	run_seed(first, from, steps, false, again);
	ok(memcmp(hash, again, sizeof(hash)) == 0, "seed %llu goes the same way again",
	   (unsigned long long)from);
	for (int64_t i = 1; i < seeds; i++)
		run_seed(first, from + (uint64_t)i, steps, false, again);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	ok(true, "%lld seeds keep what they were told", (long long)seeds);
	ok(seeds < 2 || memcmp(hash, again, sizeof(hash)) != 0, "another seed goes another way");
	ok(seeds < 50 ||
		   (first->count->crashes > 0 && first->count->undone > 0 &&
		    first->count->restores > 0 && first->count->erasures > 0 &&
		    first->count->packs > 0 && first->count->two > 0 && first->count->bundles > 0 &&
		    first->count->cosigned > 0 && first->count->clocks > 0),
	   "everything that can happen happened");
	printf("# %u steps, %u answers, %u entries, %u power cuts (%u undid something), %u "
	       "restores, %u erasures, %u clock jumps\n",
	       first->count->steps, first->count->answers, first->count->entries,
	       first->count->crashes, first->count->undone, first->count->restores,
	       first->count->erasures, first->count->clocks);
	printf("# %u statements, %u bundles, %u cosignatures, %u with packs, %u by two handles, %u "
	       "refusals, %lld ms of one core\n",
	       first->count->statements, first->count->bundles, first->count->cosigned,
	       first->count->packs, first->count->two, first->count->refused,
	       (long long)((t1.tv_sec - t0.tv_sec) * 1000 + (t1.tv_nsec - t0.tv_nsec) / 1000000));
}

int main(int argc, char **argv)
{
	static struct sim first;
	int64_t seed = number_from(getenv("TENOR_SEED"), 20260302),
		steps = number_from(getenv("TENOR_STEPS"), STEPS);
	bool one = false;

	for (int i = 1; i + 1 < argc; i += 2) {
		one = one || strcmp(argv[i], "--seed") == 0;
		if (strcmp(argv[i], "--seed") == 0)
			seed = number_from(argv[i + 1], seed);
		else if (strcmp(argv[i], "--until") == 0)
			steps = number_from(argv[i + 1], steps);
	}
	(void)signal(SIGABRT, on_abort);
	(void)signal(SIGSEGV, on_abort);
	sim_disk_register();
	note("seed %lld", (long long)seed);
	first.count = calloc(1, sizeof(*first.count));
	if (sodium_init() < 0 || first.count == NULL)
		return 1;
	first.arena = arena_new((size_t)4 << 30);
	first.hasher = hasher_new(first.arena);
	first.world = (struct world){&first, now, {&first, fill}, text_of("settings"), 1};
	first.loud = one;
	running = &first;
	struct text contract = read_contract(first.arena);

	scratch_enter("sim");
	set_up(&first, contract);
	running = NULL;
	if (one) {
		unsigned char hash[SHA256_BYTES];
		struct hash shown;
		char hex[SHA256_HEX + 1];

		run_seed(&first, (uint64_t)seed, (int)steps, true, hash);
		memcpy(shown.b, hash, sizeof(hash));
		hash_hex(&shown, hex);
		ok(true, "seed %lld, %lld steps: %s", (long long)seed, (long long)steps, hex);
	} else {
		many(&first, (uint64_t)seed, number_from(getenv("TENOR_SEEDS"), SEEDS), (int)steps);
	}
	for (int p = 0; p < PROVIDERS; p++) {
		disk_free(first.p[p].disk);
		disk_free(first.p[p].base);
	}
	free(first.count);
	hasher_free(first.hasher);
	arena_free(first.arena);
	scratch_leave();
	return tap_done();
}
